internal import JadeCore
internal import JadeIndex
internal import JadeStorage
internal import Logging

extension ShardWriter {
    /// Rows that one step of the sweep deletes at most: other writes come in between.
    private static let sweepBatch = 1_000
    /// Rows that one step looks at at most.
    private static let sweepSpan = 4 << 20

    /// Deletes expired rows by the way of all writes, a bounded number at a time; whether to go on.
    ///
    /// Reads have not returned them since they expired: this gives their space back. One sweep looks at each row once.
    func sweepExpired() -> Bool {
        let snapshot = snapshots.current
        guard snapshot.expiredCount > 0 else { return false }
        let start = sweepPosition
        let found = expiredRows(snapshot)
        guard !found.isEmpty else { return sweepPosition > start }
        commit([
            WriteRequest(operation: .expire(found)) { [context] result in
                guard case .failure(let error) = result else { return }
                context.logger.error("expired vectors cannot be deleted", metadata: [
                    "database": "\(context.name)", "error": "\(error)",
                ])
            }
        ])
        return snapshots.current.expiredCount < snapshot.expiredCount
    }

    /// Goes on where the last step stopped.
    private func expiredRows(_ snapshot: Snapshot) -> [(id: VectorID, ordinal: UInt32)] {
        var found: [(VectorID, UInt32)] = []
        let end = min(sweepPosition + Self.sweepSpan, snapshot.rowEnd)
        while sweepPosition < end, found.count < Self.sweepBatch {
            let ordinal = UInt32(sweepPosition)
            sweepPosition += 1
            guard snapshot.hasExpired(ordinal, facts), facts.isAlive(ordinal) else { continue }
            do throws(JadeError) { found.append((try storage.rows.id(of: Int(ordinal)), ordinal)) } catch {
                context.logger.error("an expired vector cannot be deleted", metadata: [
                    "database": "\(context.name)", "ordinal": "\(ordinal)", "error": "\(error)",
                ])
            }
        }
        return found
    }
}
