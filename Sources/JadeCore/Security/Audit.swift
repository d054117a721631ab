/// Who did what to what, and how it ended.
public struct AuditEvent: Sendable, Hashable {
    public enum Outcome: String, Sendable, CaseIterable {
        case allowed, refused, failed
    }

    /// The user's or key's id; empty for somebody unknown.
    public var actorID: String
    /// The name as it was then.
    public var actor: String
    /// A permission's name, or one of those that need none, such as `login`.
    public var action: String
    /// `database/<id>`, `user/<id>` and the like; empty where there is none.
    public var resource: String
    public var outcome: Outcome
    public var requestID: String
    /// Where the request came from.
    public var address: String
    /// A JSON object with what else matters; never a secret.
    public var detail: String

    public init(
        actorID: String = "", actor: String, action: String, resource: String = "", outcome: Outcome, requestID: String = "",
        address: String = "", detail: String = "{}"
    ) {
        self.actorID = actorID
        self.actor = actor
        self.action = action
        self.resource = resource
        self.outcome = outcome
        self.requestID = requestID
        self.address = address
        self.detail = detail.utf8.count <= Limits.maximumAuditDetailBytes ? detail : #"{"truncated":true}"#
    }
}

/// An event in its place in the log.
public struct AuditEntry: Sendable, Hashable {
    /// From 1, without gaps.
    public let sequence: Int64
    /// Milliseconds since 1970.
    public let at: Int64
    public let event: AuditEvent
    /// SHA-256 over the hash before it and all the fields.
    public let hash: [UInt8]

    public init(sequence: Int64, at: Int64, event: AuditEvent, hash: [UInt8]) {
        self.sequence = sequence
        self.at = at
        self.event = event
        self.hash = hash
    }
}

/// Which entries are asked for, newest first unless it says otherwise.
public struct AuditQuery: Sendable, Hashable {
    public var actor: String?
    public var action: String?
    public var resource: String?
    public var outcome: AuditEvent.Outcome?
    /// Milliseconds since 1970, inclusive.
    public var from: Int64?
    /// Exclusive.
    public var to: Int64?
    /// Only entries before this one: the last of the page before.
    public var before: Int64?
    /// Only entries after this one.
    public var after: Int64?
    public var isOldestFirst = false
    public var limit: Int

    public init(
        actor: String? = nil, action: String? = nil, resource: String? = nil, outcome: AuditEvent.Outcome? = nil, from: Int64? = nil,
        to: Int64? = nil, before: Int64? = nil, limit: Int = 100
    ) {
        self.actor = actor
        self.action = action
        self.resource = resource
        self.outcome = outcome
        self.from = from
        self.to = to
        self.before = before
        self.limit = limit
    }
}

/// The last entry's number and hash, to be kept elsewhere: whoever can write the whole log can also make a new chain.
public struct AuditHead: Sendable, Hashable {
    public var sequence: Int64
    public var hash: [UInt8]

    public init(sequence: Int64, hash: [UInt8]) {
        self.sequence = sequence
        self.hash = hash
    }
}

extension Limits {
    /// UTF-8 bytes of one audit entry's details.
    public static let maximumAuditDetailBytes = 4_096
    /// Entries of one page of the audit log.
    public static let maximumAuditPage = 1_000
}
