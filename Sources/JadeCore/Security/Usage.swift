/// Who takes something, and may be given a limit for it.
public struct UsageSubject: Sendable, Hashable {
    public enum Kind: String, Sendable, CaseIterable {
        case key, user, database
    }

    public let kind: Kind
    public let id: String

    public init(_ kind: Kind, id: String) {
        self.kind = kind
        self.id = id
    }
}

/// What one key, user or database may take. Nil leaves it to the server's settings, 0 is no limit.
public struct Quota: Sendable, Hashable {
    public var requestsPerSecond: Int?
    /// Vectors written.
    public var vectorsPerSecond: Int?
    /// Bytes of vectors' values written.
    public var bytesPerSecond: Int?
    public var concurrentSearches: Int?

    public init(requestsPerSecond: Int? = nil, vectorsPerSecond: Int? = nil, bytesPerSecond: Int? = nil, concurrentSearches: Int? = nil) {
        self.requestsPerSecond = requestsPerSecond
        self.vectorsPerSecond = vectorsPerSecond
        self.bytesPerSecond = bytesPerSecond
        self.concurrentSearches = concurrentSearches
    }

    /// Whether everything is left to the server's settings.
    public var isEmpty: Bool { self == Quota() }

    public func validate() throws(JadeError) {
        for value in [requestsPerSecond, vectorsPerSecond, bytesPerSecond, concurrentSearches] {
            guard let value else { continue }
            try Limits.require(value, in: 0...Limits.maximumQuota, "a quota")
        }
    }
}

/// What somebody has taken on this node since its start.
public struct UsageTotals: Sendable, Hashable {
    public var requests = 0
    /// Requests, writes and searches that a limit has refused.
    public var refused = 0
    /// Vectors written, and the bytes of their values.
    public var vectors = 0
    public var bytes = 0
    public var searches = 0

    public init() {}
}

/// What a key, user or database takes and may take.
public struct UsageReport: Sendable, Hashable {
    public var subject: UsageSubject
    /// As people know it; a key is named beside its user.
    public var name: String
    /// Its own, if it was given one.
    public var quota: Quota?
    /// What holds for it, from its quota and the server's settings: 0 is no limit.
    public var limits: Quota
    public var totals: UsageTotals
    public var runningSearches: Int
    /// Milliseconds since 1970 from which on this is counted.
    public var since: Int64

    public init(
        subject: UsageSubject, name: String, quota: Quota?, limits: Quota, totals: UsageTotals, runningSearches: Int, since: Int64
    ) {
        self.subject = subject
        self.name = name
        self.quota = quota
        self.limits = limits
        self.totals = totals
        self.runningSearches = runningSearches
        self.since = since
    }
}

extension Limits {
    /// The largest number in a quota: what is more is no limit.
    public static let maximumQuota = 1 << 40
}
