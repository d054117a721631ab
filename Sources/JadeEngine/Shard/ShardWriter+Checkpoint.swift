internal import JadeCore
internal import JadeIO
internal import JadeIndex
internal import JadeJSON
internal import JadeMetadata
internal import JadeStorage
internal import Logging

extension ShardWriter {
    /// Syncs and checkpoints when their time has come.
    func performDueWork() {
        let now = context.clock.monotonicNanoseconds
        if let since = unsyncedSince, now - since >= UInt64(context.configuration.syncIntervalSeconds) * 1_000_000_000 {
            do throws(JadeError) { try storage.sync() } catch { report("sync", error) }
            unsyncedSince = nil
        }
        let interval = UInt64(context.configuration.checkpointSeconds) * 1_000_000_000
        let isDue = now - lastCheckpoint >= interval || groupsSinceCheckpoint >= context.configuration.checkpointTransactions
        if groupsSinceCheckpoint > 0, isDue { checkpoint() }
    }

    /// Makes everything so far durable outside the log, and the log short.
    func checkpoint() {
        // A snapshot is being copied: it is due again once that has what a checkpoint changes.
        guard checkpointHolds == 0 else { return }
        do throws(JadeError) {
            let purged = try purgeDead()
            try storage.checkpoint(dead: purged, liveCount: snapshots.current.liveCount, index: try saveGrownIndex())
            noteCheckpoint()
        } catch { report("checkpoint", error) }
        lastCheckpoint = context.clock.monotonicNanoseconds
    }

    func noteCheckpoint() {
        unsyncedSince = nil
        groupsSinceCheckpoint = 0
        lastCheckpoint = context.clock.monotonicNanoseconds
    }

    /// Rows that the index must have grown by before a checkpoint saves it: until then a crash costs their insertion only.
    private static let indexGrowth = 50_000

    /// Saves the index if it has grown so much that building it again would take long.
    func saveGrownIndex() throws(JadeError) -> HybridDatabasePersistence.SavedIndex? {
        let grown = snapshots.current.indexedEnd - savedIndexEnd
        return grown > max(Self.indexGrowth, savedIndexEnd / 2) ? try saveIndex() : nil
    }

    private func saveIndex() throws(JadeError) -> HybridDatabasePersistence.SavedIndex? {
        guard let graph = index as? HNSWIndex else { return nil }
        let directory = storage.nextIndexDirectory
        let result = builder.whileQuiet { [snapshots, context] () -> Result<Snapshot, JadeError> in
            let snapshot = snapshots.current
            do throws(JadeError) {
                try graph.save(to: directory, sequence: snapshot.sequence, files: context.files)
                return .success(snapshot)
            } catch { return .failure(error) }
        }
        let snapshot = try result.get()
        savedIndexEnd = snapshot.indexedEnd
        return HybridDatabasePersistence.SavedIndex(
            directory: directory, sequence: snapshot.sequence, nodeCount: graph.count)
    }

    /// Forgets the metadata of rows that no read can see any more; their ordinals.
    func purgeDead() throws(JadeError) -> [UInt32] {
        let oldest = snapshots.oldestReader
        let count = dead.firstIndex { $0.sequence > oldest } ?? dead.count
        guard count > 0 else { return [] }
        let ordinals = dead[..<count].map(\.ordinal)
        if let attributes = attributes.current {
            for (ordinal, bytes) in zip(ordinals, try storage.metadata.metadata(of: ordinals)) {
                guard let bytes else { continue }
                attributes.remove(ordinal: ordinal, metadata: try MetadataJSON.decode(bytes))
            }
        }
        try storage.metadata.purge(ordinals)
        dead.removeFirst(count)
        return ordinals
    }

    func closeStorage() {
        do throws(JadeError) {
            let purged = try purgeDead()
            let snapshot = snapshots.current
            let saved = snapshot.indexedEnd != savedIndexEnd ? try saveIndex() : nil
            if let scales = facts.scales {
                try ScalesFile.write(
                    scales, count: snapshot.rowEnd, sequence: storage.lastSequence, to: storage.factsPath, context.files)
            }
            try storage.close(
                dead: purged, live: liveBitmap(snapshot.rowEnd), liveCount: snapshot.liveCount, index: saved)
        } catch {
            report("close", error)
            storage.letGo()
        }
    }

    private func liveBitmap(_ rowEnd: Int) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (rowEnd + 63) / 64)
        for ordinal in 0..<rowEnd where facts.isAlive(UInt32(ordinal)) {
            words[ordinal >> 6] |= 1 << UInt64(ordinal & 63)
        }
        return words
    }

    private func report(_ what: String, _ error: JadeError) {
        context.logger.error("\(what) failed", metadata: ["database": "\(context.name)", "error": "\(error)"])
    }
}
