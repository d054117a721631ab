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
        // The next look would come too late for what would be due before it.
        let next = now + UInt64(MaintenanceTimer.periodSeconds) * 1_000_000_000
        if let since = unsyncedSince, next - since >= UInt64(context.configuration.syncIntervalSeconds) * 1_000_000_000 {
            do throws(JadeError) { try storage.sync() } catch { report("sync", error) }
            unsyncedSince = nil
        }
        let interval = UInt64(context.configuration.checkpointSeconds) * 1_000_000_000
        let isLate = groupsSinceCheckpoint > 0 && now - lastCheckpoint >= interval
        if (isLate || isCheckpointDue) && checkpointHolds == 0 { checkpoint() }
    }

    /// Whether enough has been written since the last checkpoint.
    var isCheckpointDue: Bool {
        groupsSinceCheckpoint >= context.configuration.checkpointTransactions
            || (groupsSinceCheckpoint > 0 && storage.replayBytes >= context.configuration.checkpointBytes)
    }

    /// After a group: a checkpoint that is due, unless one has just failed, which is tried again with time only.
    func checkpointIfDue() {
        if isCheckpointDue, !lastCheckpointFailed, checkpointHolds == 0 { checkpoint() }
    }

    /// Puts checkpoints off until ``letCheckpointsGo()``: writes go on, and the log grows.
    func holdCheckpoints() { perform { self.checkpointHolds += 1 } }

    func letCheckpointsGo() { perform { self.checkpointHolds -= 1 } }

    /// Makes everything so far durable outside the log, and the log short.
    func checkpoint() {
        // A snapshot is being copied: it is due again once that has what a checkpoint changes.
        guard checkpointHolds == 0 else { return }
        do throws(JadeError) {
            try releaseSlots()
            let purged = try purgeDead()
            try storage.checkpoint(dead: purged, liveCount: snapshots.current.storedCount, index: try saveChangedIndex())
            noteCheckpoint()
            lastCheckpointFailed = false
            // Derived: a checkpoint counts without it, and a start after a crash reads more rows then.
            do throws(JadeError) { try saveScales(snapshots.current.rowEnd) } catch { report("save the scales", error) }
        } catch {
            report("checkpoint", error)
            lastCheckpointFailed = true
        }
        lastCheckpoint = context.clock.monotonicNanoseconds
    }

    /// Gives slots back whose rows' deaths are part of a complete checkpoint, and which nobody can meet any more. The checkpoint that
    /// begins makes them free.
    private func releaseSlots() throws(JadeError) {
        guard deathsAreDurable else { return }
        let removed = builder.takeRemoved()
        for ordinal in removed { facts.clear(ordinal) }
        try storage.release(removed)
    }

    func noteCheckpoint() {
        unsyncedSince = nil
        deathsAreDurable = true
        groupsSinceCheckpoint = 0
        lastCheckpoint = context.clock.monotonicNanoseconds
    }

    /// Changes that the index must have seen before a checkpoint saves it: until then a crash costs to make them again.
    private static let indexGrowth = 50_000

    /// Saves the index if it has changed so much that making the changes again would take long.
    func saveChangedIndex() throws(JadeError) -> HybridDatabasePersistence.SavedIndex? {
        let changed = index.changes - max(savedChanges, 0)
        return changed > max(Self.indexGrowth, index.count / 2) ? try saveIndex() : nil
    }

    private func saveIndex() throws(JadeError) -> HybridDatabasePersistence.SavedIndex? {
        guard index.settings.kind != .flat else { return nil }
        let directory = storage.nextIndexDirectory
        let result = builder.whileQuiet { [snapshots, context, facts, index] () -> Result<Snapshot, JadeError> in
            let snapshot = snapshots.current
            do throws(JadeError) {
                // No write comes in between: this is the writer.
                try index.save(to: directory, sequence: snapshot.sequence, files: context.files) { facts.isAlive($0) }
                return .success(snapshot)
            } catch { return .failure(error) }
        }
        let snapshot = try result.get()
        savedChanges = index.changes
        return HybridDatabasePersistence.SavedIndex(
            directory: directory, sequence: snapshot.sequence, nodeCount: index.count)
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
        deathsAreDurable = false
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
            try saveScales(snapshot.rowEnd)
            try storage.close(
                dead: purged, live: liveBitmap(snapshot.rowEnd), liveCount: snapshot.storedCount, index: saved)
        } catch {
            report("close", error)
            storage.letGo()
        }
    }

    private func saveScales(_ rowEnd: Int) throws(JadeError) {
        guard let scales = facts.scales else { return }
        try ScalesFile.write(scales, count: rowEnd, sequence: storage.lastSequence, to: storage.factsPath, context.files)
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
