import Crypto
import JadeCore

extension AuditEntry {
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
