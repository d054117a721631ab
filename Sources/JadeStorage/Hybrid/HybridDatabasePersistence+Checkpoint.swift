package import JadeCore
import JadeIO
import JadeMetadata
import Synchronization

extension HybridDatabasePersistence {
    /// An index that a checkpoint takes over.
    package struct SavedIndex: Sendable {
        package var directory: String
        package var sequence: UInt64
        package var nodeCount: Int

        package init(directory: String, sequence: UInt64, nodeCount: Int) {
            self.directory = directory
            self.sequence = sequence
            self.nodeCount = nodeCount
        }
    }

    /// Makes rows and metadata durable, so that the log may forget what they hold.
    ///
    /// - Parameters:
    ///   - dead: rows that no read can see any more.
    ///   - liveCount: vectors that live.
    ///   - index: replaces the saved index; nil keeps the one there is.
    package func checkpoint(dead: [UInt32], liveCount: Int, index: SavedIndex? = nil) throws(JadeError) {
        // What recovery applied is in no checkpoint yet, even if nothing was written since.
        if wasRecovered { try beginRunning() }
        guard state.withLock({ $0.isRunning }) else { return }
        try log.sync()
        let sequence = lastSequence
        try rows.markDeleted(dead.lazy.map(Int.init))
        try rows.checkpoint(vectorCount: liveCount, sequence: sequence)
        try metadata.checkpoint()
        try writeManifest(.running, sequence, index)
        try log.truncate(upTo: sequence)
        try rows.giveBackSpace()
        try rows.giveBackIDs()
    }

    /// Gives the slots of dead rows back: the next checkpoint makes them free to be written again, and where they make up whole
    /// extents, gives the disk its space back. Their deaths are part of a complete checkpoint, and nobody reads them. Also for slots
    /// that were taken and not used.
    package func release(_ slots: [UInt32]) throws(JadeError) {
        guard !slots.isEmpty else { return }
        try rows.release(slots.map(Int.init))
    }

    /// Up to `count` slots that new rows may be written to.
    package func takeFreeSlots(atMost count: Int) throws(JadeError) -> [UInt32] {
        guard count > 0, rows.freeSlotCount > 0 else { return [] }
        try beginRunning()
        var slots: [UInt32] = []
        while slots.count < count, let slot = try rows.takeFreeSlot() { slots.append(UInt32(slot)) }
        return slots
    }

    /// Slots that hold no row and may be written, but for ``hollowSlots``.
    package var freeSlots: [UInt32] { rows.freeSlots }

    /// Free slots whose disk space was given back.
    package var hollowSlots: [Range<UInt32>] { rows.hollowSlots }

    /// A last checkpoint; the shard opens again without recovery. Nothing may be called afterwards but reads under way.
    ///
    /// After an error the folder is let go of all the same: the next opening recovers from the log.
    ///
    /// - Parameter live: as ``liveAtOpening``, for the rows of now.
    package func close(dead: [UInt32], live: [UInt64], liveCount: Int, index: SavedIndex?) throws(JadeError) {
        defer { letGo() }
        if wasRecovered { try beginRunning() }
        guard state.withLock({ $0.isRunning }) else {
            if index != nil { try writeManifest(.clean, lastSequence, index) }
            return
        }
        try checkpoint(dead: dead, liveCount: liveCount)
        let words = (max(rowEnd, rows.slotsUsed) + 63) / 64
        let padded = live + Array(repeating: 0, count: max(0, words - live.count))
        try rows.finish(live: padded, vectorCount: liveCount, sequence: lastSequence)
        try metadata.close()
        try MetadataSum(of: metadata.path, in: files).write(to: Self.metadataSumPath(directory), in: files)
        try writeManifest(.clean, lastSequence, index)
        state.withLock { $0.isRunning = false }
    }

    /// Closes what is open and leaves the folder to others, as it is.
    package func letGo() {
        // What it holds is in the log too, and closing twice is no error.
        try? metadata.close()
        lock.withLock { $0 = nil }
    }

    private func writeManifest(
        _ condition: ShardManifest.Condition, _ sequence: UInt64, _ index: SavedIndex?
    ) throws(JadeError) {
        var manifest = state.withLock { $0.manifest }
        let old = manifest.index
        manifest.condition = condition
        manifest.checkpointSequence = sequence
        manifest.slotsUsed = UInt64(rowEnd)
        manifest.firstLogSequence = sequence + 1
        if let index {
            // Before the manifest says that it is there: its folder's name, and that of the folder of all.
            try files.syncDirectory(parentDirectory(of: index.directory))
            try files.syncDirectory(directory)
            let name = String(index.directory.split(separator: "/").last ?? "")
            manifest.index = ShardManifest.IndexGeneration(
                name: name, sequence: index.sequence, nodeCount: UInt64(index.nodeCount))
        }
        try manifest.write(to: manifestPath, in: files)
        state.withLock { $0.manifest = manifest }
        if let old, old.name != manifest.index?.name { try files.removeTree(indexPath(old.name)) }
    }
}
