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
        if groupsSinceCheckpoint > 0, now - lastCheckpoint >= interval { checkpoint() }
    }

    /// Makes everything so far durable outside the log, and the log short.
    func checkpoint() {
        do throws(JadeError) {
            let purged = try purgeDead()
            let changed = index.changes - max(savedChanges, 0)
            let saved = changed > max(Self.indexGrowth, index.count / 2) ? try saveIndex() : nil
            try storage.checkpoint(dead: purged, liveCount: snapshots.current.liveCount, index: saved)
            try releaseSlots()
            unsyncedSince = nil
            groupsSinceCheckpoint = 0
        } catch { report("checkpoint", error) }
        lastCheckpoint = context.clock.monotonicNanoseconds
    }

    /// Gives slots back once their rows' deaths are durable, as they are after a checkpoint, and nobody can meet them.
    private func releaseSlots() throws(JadeError) {
        let removed = builder.takeRemoved()
        for ordinal in removed { facts.clear(ordinal) }
        try storage.release(removed)
    }

    /// Changes that the index must have seen before a checkpoint saves it: until then a crash costs to make them again.
    private static let indexGrowth = 50_000

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
        savedChanges = graph.changes
        return HybridDatabasePersistence.SavedIndex(
            directory: directory, sequence: snapshot.sequence, nodeCount: graph.count)
    }

    /// Forgets the metadata of rows that no read can see any more; their ordinals.
    private func purgeDead() throws(JadeError) -> [UInt32] {
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
        builder.retire(ordinals)
        return ordinals
    }

    func closeStorage() {
        do throws(JadeError) {
            let purged = try purgeDead()
            let snapshot = snapshots.current
            let saved = index.changes != savedChanges ? try saveIndex() : nil
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

    func report(_ what: String, _ error: JadeError) {
        context.logger.error("\(what) failed", metadata: ["database": "\(context.name)", "error": "\(error)"])
    }
}
