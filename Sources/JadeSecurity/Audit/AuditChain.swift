import Crypto
import JadeCore

extension AuditEntry {
    /// The hash that an entry must have.
    ///
    /// Every field goes in with its length, so that no two different entries give the same bytes.
    ///
    /// - Parameter who: stands for name and address, see ``who(_:salt:)``; nil in entries from before there was that.
    static func chain(after previous: [UInt8], sequence: Int64, at: Int64, _ event: AuditEvent, who: [UInt8]?) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: previous)
        withUnsafeBytes(of: (sequence.littleEndian, at.littleEndian)) { hasher.update(bufferPointer: $0) }
        if let who {
            hasher.update(data: who)
            hasher.update([event.actorID, event.action, event.resource, event.outcome.rawValue, event.requestID, event.detail])
        } else {
            hasher.update([
                event.actorID, event.actor, event.action, event.resource, event.outcome.rawValue, event.requestID, event.address,
                event.detail,
            ])
        }
        return Array(hasher.finalize())
    }

    /// A hash of who acted from where. With the salt gone, it says nothing: names and addresses alone could be guessed.
    static func who(_ event: AuditEvent, salt: [UInt8]) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data: salt)
        hasher.update([event.actor, event.address])
        return Array(hasher.finalize())
    }

    /// What stands before the first entry.
    static let origin = [UInt8](repeating: 0, count: 32)
}

extension SHA256 {
    /// Each with its length.
    fileprivate mutating func update(_ texts: [String]) {
        for text in texts {
            let bytes = Array(text.utf8)
            withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update(bufferPointer: $0) }
            update(data: bytes)
        }
    }
}
