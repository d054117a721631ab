package import JadeCore
package import JadeIO
import JadeMetadata
import Synchronization

/// A shard as of one moment, for copying while it goes on being written.
///
/// The rows hold still as long as a reader of the snapshot's sequence number keeps them from being given away; `metadata.db`
/// does until the next checkpoint, so it comes first in ``files`` and no checkpoint may run before it is read. The other files
/// are open: what is removed in between stays readable.
package struct ShardSnapshot: Sendable {
    package let shardID: UniqueID
    package let epoch: UInt64
    /// Everything up to here is in it, and nothing behind.
    package let sequence: UInt64
    /// When it was taken; no record up to ``sequence`` was committed later.
    package let milliseconds: Int64
    package let slots: Int
    package let vectorCount: Int
    package let overflowBytes: Int
    package let index: ShardManifest.IndexGeneration?
    package let files: [SnapshotFile]
    /// How many of ``files``, from the first, want checkpoints to wait.
    package let unstableFileCount: Int

    package var byteCount: Int { files.reduce(0) { $0 + $1.byteCount } }
}

/// How a snapshot is cut into extents.
package struct ExtentSizes: Sendable, Hashable {
    /// Of rows and of the saved index.
    package var rows = Limits.backupExtentBytes
    /// Of metadata, which changes in places.
    package var metadata = Limits.backupMetadataExtentBytes

    package init() {}
}

extension HybridDatabasePersistence {
    /// Takes a checkpoint, and with it the shard's state. The writer calls this, between two groups.
    ///
    /// - Parameters:
    ///   - dead: rows that no read can see any more.
    ///   - liveCount: vectors that live.
    ///   - index: replaces the saved index; nil keeps the one there is.
    ///   - milliseconds: the time of now, since 1970.
    ///   - isLive: whether a row lives as of now, whenever it is asked.
    package func snapshot(
        dead: [UInt32], liveCount: Int, index: SavedIndex? = nil, at milliseconds: Int64, sizes: ExtentSizes = ExtentSizes(),
        isLive: @escaping @Sendable (Int) -> Bool
    ) throws(JadeError) -> ShardSnapshot {
        // What recovery applied is in no checkpoint yet, even if nothing was written since.
        if wasRecovered || index != nil { try beginRunning() }
        try checkpoint(dead: dead, liveCount: liveCount, index: index)
        let (manifest, sequence, time) = state.withLock { state in
            state.lastTime = max(state.lastTime, milliseconds)
            return (state.manifest, state.lastSequence, state.lastTime)
        }
        let slots = min(rowEnd, rows.capacity)
        var header = rows.header
        header.vectorCount = liveCount
        header.checkpointSequence = sequence
        header.overflowBytes = rows.overflow.size
        let copy = SnapshotRows(
            store: rows, slots: slots, sequence: sequence, page: header.page(ofCopyWith: slots), isLive: isLive)
        let metadata = try openForSnapshot("metadata.db", sizes.metadata)
        let overflow = try openForSnapshot("vectors.ids", sizes.rows, byteCount: header.overflowBytes)
        return ShardSnapshot(
            shardID: manifest.shardID, epoch: manifest.epoch, sequence: sequence, milliseconds: time, slots: slots,
            vectorCount: liveCount, overflowBytes: header.overflowBytes, index: manifest.index,
            files: [metadata, overflow] + (try indexFiles(manifest.index, sizes.rows)) + [SnapshotFile(rows: copy, extentBytes: sizes.rows)],
            unstableFileCount: 1)
    }

    private func openForSnapshot(_ name: String, _ extentBytes: Int, byteCount: Int? = nil) throws(JadeError) -> SnapshotFile {
        let file = try files.openAppendFile("\(directory)/\(name)", create: false)
        return SnapshotFile(name: name, file: file, byteCount: byteCount ?? file.size, extentBytes: extentBytes)
    }

    private func indexFiles(_ index: ShardManifest.IndexGeneration?, _ extentBytes: Int) throws(JadeError) -> [SnapshotFile] {
        guard let index else { return [] }
        var found: [SnapshotFile] = []
        for name in try files.list(indexPath(index.name)) { found.append(try openForSnapshot("index/\(index.name)/\(name)", extentBytes)) }
        return found
    }

    /// Makes everything so far durable and says up to where that is, for the archive. The writer calls this, between two groups.
    package func makeDurable() throws(JadeError) -> UInt64 {
        try sync()
        return lastSequence
    }

    /// The log's records behind `sequence`, up to `last` or their segment's end.
    package func logPiece(after sequence: UInt64, through last: UInt64) throws(JadeError) -> LogPiece {
        try log.piece(after: sequence, through: last)
    }

    /// Keeps log records behind `sequence` although a checkpoint holds them; nil ends it.
    package func holdLog(after sequence: UInt64?) { log.hold(after: sequence) }
    package func logByteCount() throws(JadeError) -> Int { try log.diskBytes() }
    package var firstLogSequence: UInt64 { log.firstSequence }
}

extension VectorFileHeader {
    /// The first page of a copy that ends with its last slot and is opened like a file whose process was killed.
    func page(ofCopyWith slots: Int) -> [UInt8] {
        var header = self
        header.capacity = slots
        header.slotsUsed = min(slotsUsed, slots)
        header.isClean = false
        header.indexOffset = 0
        header.indexLength = 0
        header.freeListOffset = 0
        header.freeCount = 0
        let bytes = header.encoded()
        var page = [UInt8](repeating: 0, count: VectorFileLayout.dataOffset)
        page.replaceSubrange(0..<bytes.count, with: bytes)
        page.replaceSubrange(VectorFileLayout.headerCopyOffset..<(VectorFileLayout.headerCopyOffset + bytes.count), with: bytes)
        return page
    }
}
