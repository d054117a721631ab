/// Work of minutes on a server, which goes on after the request that began it.
public struct JobDescription: Sendable, Hashable {
    public enum State: String, Sendable, CaseIterable {
        case running, done, failed, cancelled
    }

    public var id: String
    /// What it does: `verify`.
    public var kind: String
    /// The name of the only database it is about; nil for all.
    public var database: String?
    public var state: State
    /// What it is at: `docs: checking rows`.
    public var stage: String
    /// How much of that stage is done, in units of the stage, and how much there is.
    public var done: Int
    public var total: Int
    /// Milliseconds since 1970.
    public var startedAtMilliseconds: Int64
    /// Nil while it runs.
    public var finishedAtMilliseconds: Int64?
    /// Why it failed.
    public var problem: String?
    /// What it found, the first ``Limits/maximumFindings`` in full.
    public var findings: [Finding]
    /// Findings of damage and of warning, with those that are not listed.
    public var damageCount: Int
    public var warningCount: Int

    public init(id: String, kind: String, database: String?, startedAtMilliseconds: Int64) {
        self.id = id
        self.kind = kind
        self.database = database
        state = .running
        stage = ""
        done = 0
        total = 0
        self.startedAtMilliseconds = startedAtMilliseconds
        finishedAtMilliseconds = nil
        problem = nil
        findings = []
        damageCount = 0
        warningCount = 0
    }
}

/// What to verify, and how fast.
public struct VerificationRequest: Sendable, Hashable {
    /// Name or id of the only database; nil verifies all, and the catalog.
    public var database: String?
    /// Bytes that may be read in a second; nil leaves it to the server.
    public var bytesPerSecond: Int?

    public init(database: String? = nil, bytesPerSecond: Int? = nil) {
        self.database = database
        self.bytesPerSecond = bytesPerSecond
    }

    public func validate() throws(JadeError) {
        if let bytesPerSecond { try Limits.require(bytesPerSecond, in: Limits.minimumVerificationBytesPerSecond...1 << 40, "bytes_per_second") }
    }
}

extension Limits {
    /// Bytes that a verification reads in a second unless it is told otherwise.
    public static let verificationBytesPerSecond = 128 << 20
    /// A slower one would never end.
    public static let minimumVerificationBytesPerSecond = 64 << 10
    /// Finished jobs that a server remembers.
    public static let maximumRememberedJobs = 100
}
