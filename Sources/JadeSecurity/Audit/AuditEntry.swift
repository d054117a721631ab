import Crypto
import JadeCore

/// Who did what to what, and how it ended.
package struct AuditEvent: Sendable, Hashable {
    package enum Outcome: String, Sendable, CaseIterable {
        case allowed, refused, failed
    }

    /// The user's or key's id; empty for somebody unknown.
    package var actorID: String
    /// The name as it was then.
    package var actor: String
    /// A permission's name, or one of those that need none, such as `login`.
    package var action: String
    /// `database/<id>`, `user/<id>` and the like; empty where there is none.
    package var resource: String
    package var outcome: Outcome
    package var requestID: String
    /// Where the request came from.
    package var address: String
    /// A JSON object with what else matters; never a secret.
    package var detail: String

    package init(
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
package struct AuditEntry: Sendable, Hashable {
    /// From 1, without gaps.
    package let sequence: Int64
    /// Milliseconds since 1970.
    package let at: Int64
    package let event: AuditEvent
    /// SHA-256 over the hash before it and all the fields.
    package let hash: [UInt8]

    /// The hash that an entry must have.
    ///
    /// Every field goes in with its length, so that no two different entries give the same bytes.
    static func chain(after previous: [UInt8], sequence: Int64, at: Int64, _ event: AuditEvent) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        withUnsafeBytes(of: (sequence.littleEndian, at.littleEndian)) { hasher.update(bufferPointer: $0) }
        for text in [
            event.actorID, event.actor, event.action, event.resource, event.outcome.rawValue, event.requestID, event.address,
            event.detail,
        ] {
            let bytes = Array(text.utf8)
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hasher.update(bufferPointer: $0) }
            hasher.update(data: bytes)
        }
        return Array(hasher.finalize())
    }

    /// What stands before the first entry.
    static let origin = [UInt8](repeating: 0, count: 32)
}

/// Which entries are asked for, newest first.
package struct AuditQuery: Sendable, Hashable {
    package var actor: String?
    package var action: String?
    package var resource: String?
    package var outcome: AuditEvent.Outcome?
    /// Milliseconds since 1970, inclusive.
    package var from: Int64?
    /// Exclusive.
    package var to: Int64?
    /// Only entries before this one: the last of the page before.
    package var before: Int64?
    package var limit: Int

    package init(
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
