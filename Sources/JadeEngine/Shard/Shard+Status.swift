internal import JadeCore
internal import JadeStorage

extension Shard {
    /// How the files are. Disk space is measured, file by file, only where it is asked for.
    func storageStatus(measuringDisk: Bool) -> StorageStatus {
        StorageStatus(
            state: storage.writeProblem == nil ? .ready : .readOnly, sequence: storage.lastSequence,
            durableSequence: storage.durableSequence, checkpointSequence: storage.checkpointSequence,
            replayBytes: storage.replayBytes, diskBytes: measuringDisk ? try? storage.allocatedBytes() : nil, recovery: recovery)
    }

    /// Why writes are refused until the next start; nil while they are not.
    var writeProblem: String? { storage.writeProblem?.message }

    static func recovery(_ storage: HybridDatabasePersistence, nanoseconds: UInt64) -> StorageStatus.Recovery? {
        guard storage.wasRecovered || storage.logTail != nil else { return nil }
        let tail = storage.logTail
        return StorageStatus.Recovery(
            records: storage.replayed.records, bytes: storage.replayed.bytes, milliseconds: Int(nanoseconds / 1_000_000),
            bytesCut: tail?.bytesCut ?? 0, cut: tail.map { "\($0.file) \($0.reason)" })
    }
}
