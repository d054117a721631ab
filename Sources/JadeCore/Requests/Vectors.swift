/// A vector as it enters: values and metadata under an id.
public struct VectorRecord: Sendable, Hashable {
    public var id: VectorID
    /// As many components as the database's dimension, all finite.
    public var values: [Float]
    public var metadata: Metadata
    /// Nil takes the database's retention.
    public var expiry: Expiry?

    public init(id: VectorID, values: [Float], metadata: Metadata = [:], expiry: Expiry? = nil) {
        self.id = id
        self.values = values
        self.metadata = metadata
        self.expiry = expiry
    }
}

/// A vector as it is given back; what the request did not ask for is nil.
public struct StoredVector: Sendable, Hashable {
    public var id: VectorID
    public var values: [Float]?
    public var metadata: Metadata?
    /// When it expires, in milliseconds since 1970; nil for a vector that stays.
    public var expiresAtMilliseconds: Int64?
    /// Which state of the vector this is: changes with values, metadata and expiry, and is the same for the same ones, after a
    /// restart too. For ``VersionCondition``.
    public var version: String?

    public init(
        id: VectorID, values: [Float]? = nil, metadata: Metadata? = nil, expiresAtMilliseconds: Int64? = nil, version: String? = nil
    ) {
        self.id = id
        self.values = values
        self.metadata = metadata
        self.expiresAtMilliseconds = expiresAtMilliseconds
        self.version = version
    }
}

/// Which parts of a vector an answer carries beside its id.
public struct VectorParts: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let values = VectorParts(rawValue: 1)
    public static let metadata = VectorParts(rawValue: 2)
    /// Reads by id and pages carry it; results of searches do not.
    public static let version = VectorParts(rawValue: 4)
}

/// The answer to a write: how many vectors it changed and the sequence number at which it is visible.
public struct WriteResult: Sendable, Hashable {
    public var count: Int
    public var sequence: UInt64

    public init(count: Int, sequence: UInt64) {
        self.count = count
        self.sequence = sequence
    }
}

/// A change of one vector's metadata.
public enum MetadataChange: Sendable, Hashable {
    /// The given keys are set, others stay; a key set to `null` is removed.
    case merge(Metadata)
    case replace(Metadata)
}

/// Asks for a page of vectors in order of their ids' bytes.
public struct ScrollRequest: Sendable, Hashable {
    /// The id after which to go on; nil starts at the beginning.
    public var after: VectorID?
    public var limit: Int
    public var filter: Filter?
    public var parts: VectorParts

    public init(after: VectorID? = nil, limit: Int = 100, filter: Filter? = nil, parts: VectorParts = [.metadata]) {
        self.after = after
        self.limit = limit
        self.filter = filter
        self.parts = parts
    }

    public func validate() throws(JadeError) {
        try Limits.require(limit, in: 1...Limits.maximumScrollLimit, "limit")
    }
}

/// A page of vectors; `next` asks for the following one and is nil at the end.
public struct ScrollPage: Sendable, Hashable {
    public var vectors: [StoredVector]
    public var next: VectorID?

    public init(vectors: [StoredVector], next: VectorID?) {
        self.vectors = vectors
        self.next = next
    }
}
