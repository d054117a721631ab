import Dispatch
package import JadeCore
import JadeIO
import Synchronization
import JadeMetadata

extension HybridDatabasePersistence {
    /// Makes room for rows below `count`, so that ``commit(_:)`` does not run out of it half-way.
    package func reserve(rows count: Int) throws(JadeError) {
        try beginRunning()
        try rows.reserve(slots: count)
    }

    /// Makes batches durable and applies them: the log first, in one write, then rows and metadata. While the disk syncs the
    /// log, rows are written that nobody sees yet and metadata is changed in a transaction that waits for it.
    ///
    /// After an error none of them counts: what the log holds of them is taken back, or the shard refuses further writes
    /// until it is opened again.
    ///
    /// - Parameter milliseconds: the time of now, since 1970. Records carry it, and one never an earlier one than the record
    ///   before, so that a restore to a point in time has one place to cut.
    package func commit(_ batches: [LoggedBatch], at milliseconds: Int64) throws(JadeError) {
        guard let last = batches.last?.sequence else { return }
        try beginRunning()
        let before = log.position
        let time = state.withLock { state in
            state.lastTime = max(state.lastTime, milliseconds)
            return state.lastTime
        }
        try log.append(contentsOf: batches.map { ($0.sequence, OperationBatch.encode($0.operations, milliseconds: time)) })
        let sync = options.syncOnWrite ? PendingSync(of: log) : nil
        do throws(JadeError) {
            let end = try apply(batches, last, once: sync)
            state.withLock { state in
                state.lastSequence = last
                state.rowEnd = max(state.rowEnd, end)
            }
        } catch {
            // A log that could not be synced takes no more writes: there is nothing to take back.
            try sync?.wait()
            try log.rollBack(to: before)
            throw error
        }
    }

    /// Makes everything committed so far survive a power cut.
    package func sync() throws(JadeError) {
        guard log.durableSequence < lastSequence else { return }
        try log.sync()
    }

    /// Writes rows and metadata; one past the highest ordinal written. Metadata counts once the log is synced.
    private func apply(_ batches: [LoggedBatch], _ last: UInt64, once sync: PendingSync?) throws(JadeError) -> Int {
        var changes: [MetadataStoreChange] = []
        var end = 0
        for batch in batches {
            for operation in batch.operations {
                switch operation {
                case .upsert(let ordinal, _, let id, let values, let metadata):
                    try values.withRawBytes { (bytes) throws(JadeError) in
                        try rows.write(ordinal: Int(ordinal), id: id, sequence: batch.sequence, values: bytes)
                    }
                    end = max(end, Int(ordinal) + 1)
                    changes.append(.put(id, ordinal, metadata: metadata))
                case .delete(_, let id): changes.append(.remove(id))
                case .setMetadata(let ordinal, _, let metadata): changes.append(.setMetadata(ordinal, metadata: metadata))
                case .setExpiry(let ordinal, _, let milliseconds): changes.append(.setExpiry(ordinal, milliseconds: milliseconds))
                }
            }
        }
        try metadata.apply(changes, sequence: last) { () throws(JadeError) in try sync?.wait() }
        return end
    }

    /// Before the first change: the manifest says that the files may be ahead of it.
    func beginRunning() throws(JadeError) {
        var manifest = state.withLock { $0.manifest }
        if state.withLock({ $0.isRunning }) { return }
        try files.remove(Self.metadataSumPath(directory))
        manifest.condition = .running
        try manifest.write(to: manifestPath, in: files)
        try rows.beginWriting()
        state.withLock { state in
            state.manifest = manifest
            state.isRunning = true
        }
    }
}

/// A sync of the log that goes on while its caller does something else.
private final class PendingSync: Sendable {
    private static let queue = DispatchQueue(label: "jade.sync", attributes: .concurrent)
    private let ended = DispatchGroup()
    private let failure = Mutex<JadeError?>(nil)

    init(of log: WriteAheadLog) {
        Self.queue.async(group: ended) { [self] in
            do throws(JadeError) { try log.sync() } catch { failure.withLock { $0 = error } }
        }
    }

    /// Returns once everything is on the disk that was appended before; throws what the sync failed with. More than once.
    func wait() throws(JadeError) {
        ended.wait()
        if let failure = failure.withLock({ $0 }) { throw failure }
    }
}
