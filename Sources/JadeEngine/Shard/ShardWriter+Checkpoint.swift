internal import JadeCore
internal import JadeIndex
internal import JadeJSON
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
            try storage.checkpoint(dead: purged)
            unsyncedSince = nil
            groupsSinceCheckpoint = 0
        } catch { report("checkpoint", error) }
        lastCheckpoint = context.clock.monotonicNanoseconds
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
        return ordinals
    }

    func closeStorage(saving index: any VectorIndex) {
        do throws(JadeError) {
            let purged = try purgeDead()
            let snapshot = snapshots.current
            var saved = storage.indexDirectory
            if let graph = index as? HNSWIndex, snapshot.indexedEnd > 0, snapshot.indexedEnd != savedIndexEnd || saved == nil {
                let directory = storage.nextIndexDirectory
                try graph.save(to: directory, sequence: snapshot.sequence, files: context.files)
                saved = directory
            }
            try FactsFile.write(facts: facts, snapshot: snapshot, to: storage.factsPath, files: context.files)
            try storage.close(dead: purged, indexDirectory: saved) { [facts] in facts.isAlive($0) }
        } catch { report("close", error) }
    }

    private func report(_ what: String, _ error: JadeError) {
        context.logger.error("\(what) failed", metadata: ["database": "\(context.name)", "error": "\(error)"])
    }
}
