/// What a user asks for when creating a database.
public struct DatabaseSpecification: Sendable, Hashable {
    public var name: String
    /// The unnamed default field: the seed's `vectors.mmap`. Named fields join it later as `fields`.
    public var field: VectorField
    public var index: IndexSettings
    public var shardCount: Int
    /// Seconds after which a vector expires that does not say so itself; nil keeps vectors. A change holds for what is written
    /// from then on.
    public var retentionSeconds: Int?
    /// The provider that makes vectors of texts for this database; nil takes vectors only.
    public var embedding: String?

    public init(
        name: String, dimension: Int, metric: Metric = .cosine, elementType: ElementType = .float32,
        index: IndexSettings = IndexSettings(), shardCount: Int = 1, retentionSeconds: Int? = nil, embedding: String? = nil
    ) {
        self.name = name
        self.field = VectorField(dimension: dimension, metric: metric, elementType: elementType)
        self.index = index
        self.shardCount = shardCount
        self.retentionSeconds = retentionSeconds
        self.embedding = embedding
    }

    public func validate() throws(JadeError) {
        try Self.validate(name: name)
        try Limits.require(field.dimension, in: 1...Limits.maximumDimension, "dimension")
        guard field.elementType.metrics.contains(field.metric) else {
            let names = field.elementType.metrics.map(\.rawValue).joined(separator: ", ")
            throw .invalidArgument(
                "metric \(field.metric.rawValue) does not compare vectors of element type \(field.elementType.name), expected one of \(names)")
        }
        try index.validate()
        try index.validate(for: field)
        if let retentionSeconds { try Limits.require(retentionSeconds, in: 1...Limits.maximumRetentionSeconds, "retention_seconds") }
        if let embedding {
            do throws(JadeError) { try Self.validate(name: embedding) } catch {
                throw .invalidArgument("embedding names provider \(embedding.debugDescription), expected a name like that of a database")
            }
        }
        guard shardCount == 1 else {
            throw .invalidArgument("shard_count is \(shardCount), a server without a cluster has 1 shard a database")
        }
    }

    /// A name is 1 to 128 bytes of letters, digits, `.`, `_` and `-`, and starts with a letter or digit: it can stand in
    /// a path, a shell command and a URL as it is.
    public static func validate(name: String) throws(JadeError) {
        try Limits.require(name.utf8.count, in: 1...Limits.maximumDatabaseNameBytes, "length of the database name")
        let legal = name.utf8.enumerated().allSatisfy { index, byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): index > 0
            default: false
            }
        }
        guard legal else {
            throw .invalidArgument(
                "database name \(name.debugDescription) may hold letters, digits, '.', '_' and '-', and starts with a letter or digit")
        }
    }
}

/// One vector field of a database: all of its vectors have this shape.
public struct VectorField: Sendable, Hashable {
    public var dimension: Int
    public var metric: Metric
    public var elementType: ElementType

    public init(dimension: Int, metric: Metric, elementType: ElementType = .float32) {
        self.dimension = dimension
        self.metric = metric
        self.elementType = elementType
    }
}

/// What may change of a database after its creation; nil leaves a setting as it is.
public struct DatabaseUpdate: Sendable, Hashable {
    public var name: String?
    public var efSearch: Int?
    public var nprobe: Int?
    public var rescore: Bool?
    public var oversampling: Double?
    /// 0 ends retention: what is written from then on stays.
    public var retentionSeconds: Int?

    public init(
        name: String? = nil, efSearch: Int? = nil, nprobe: Int? = nil, rescore: Bool? = nil, oversampling: Double? = nil,
        retentionSeconds: Int? = nil
    ) {
        self.name = name
        self.efSearch = efSearch
        (self.nprobe, self.rescore, self.oversampling) = (nprobe, rescore, oversampling)
        self.retentionSeconds = retentionSeconds
    }

    /// Refuses settings that an index of the kind does not have.
    public func requireFitting(_ kind: IndexSettings.Kind) throws(JadeError) {
        let foreign = kind == .ivf ? (efSearch == nil ? nil : "ef_search") : (nprobe == nil ? nil : "nprobe")
        if let foreign { throw .invalidArgument("\"\(foreign)\" is no setting of an index of type \(kind.rawValue)") }
    }

    /// Puts the change into a specification.
    public func apply(to specification: inout DatabaseSpecification) {
        if let name { specification.name = name }
        if let efSearch { specification.index.efSearch = efSearch }
        if let nprobe { specification.index.nprobe = nprobe }
        if let rescore { specification.index.rescore = rescore }
        if let oversampling { specification.index.oversampling = oversampling }
        if let retentionSeconds { specification.retentionSeconds = retentionSeconds == 0 ? nil : retentionSeconds }
    }
}

/// A database as it is now.
public struct DatabaseDescription: Sendable, Hashable {
    /// Never changes, unlike the name: 32 hexadecimal digits.
    public var id: String
    public var specification: DatabaseSpecification
    /// Milliseconds since 1970.
    public var createdAtMilliseconds: Int64
    /// Exact number of vectors.
    public var vectorCount: Int
    /// State of the index.
    public var index: IndexStatus
    /// Why the database cannot be used, with its counts unknown and given as 0, or takes no writes; nil for one that is well.
    public var problem: String?
    /// State of the files; nil from a server that does not tell.
    public var storage: StorageStatus?

    public var name: String { specification.name }

    public init(
        id: String, specification: DatabaseSpecification, createdAtMilliseconds: Int64, vectorCount: Int, index: IndexStatus,
        problem: String? = nil, storage: StorageStatus? = nil
    ) {
        self.id = id
        self.specification = specification
        self.createdAtMilliseconds = createdAtMilliseconds
        self.vectorCount = vectorCount
        self.index = index
        self.problem = problem
        self.storage = storage
    }
}
