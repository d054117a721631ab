package import JadeCore
package import JadeIO

/// Builds a shard's folder from a backup, in a folder that nothing refers to yet. Its manifest comes last: without one the folder
/// is no shard.
package struct ShardRestore {
    private let directory: String
    private let shard: BackupManifest.Shard
    private let files: any FileSystem

    /// Creates the folder, which must not be there.
    package init(_ directory: String, _ shard: BackupManifest.Shard, in files: any FileSystem) throws(JadeError) {
        if try files.fileExists(directory) { throw .conflict("\"\(directory)\" exists already") }
        self.directory = directory
        self.shard = shard
        self.files = files
        try files.createDirectory(directory)
    }

    /// Writes one file of the shard; `next` gives its extents' bytes in their order. Durable when this returns.
    package func write(
        _ file: BackupManifest.File, isolation: isolated (any Actor)? = #isolation,
        next: (BackupManifest.Extent) async throws(JadeError) -> [UInt8]
    ) async throws(JadeError) {
        let path = "\(directory)/\(file.name)"
        try files.createDirectory(parentDirectory(of: path))
        let target = try files.openAppendFile(path, create: true)
        defer { target.close() }
        for extent in file.extents { try target.write(await next(extent)) }
        // Rows end with the last slot; the file's length is a whole number of pages.
        let length = file.name == "vectors.mmap" ? target.size.roundedUp(to: VectorFileLayout.indexAlignment) : target.size
        if length > target.size { try target.write([UInt8](repeating: 0, count: length - target.size)) }
        try target.sync()
        try files.syncDirectory(parentDirectory(of: path))
    }

    /// Adds the log behind the backup, oldest first, and the manifest that makes the folder a shard.
    ///
    /// - Parameter shardID: of the new shard; it has a history of its own from here on.
    package func finish(shardID: UniqueID, log: [LogPiece]) throws(JadeError) {
        var next = shard.sequence + 1
        let folder = "\(directory)/wal"
        try files.createDirectory(folder)
        for piece in log {
            let isNext = piece.firstSequence == next || (piece.firstSequence < next && next == shard.sequence + 1)
            guard isNext, piece.lastSequence >= next else {
                throw .corrupted("the log for \(directory) continues with records \(piece.firstSequence) to \(piece.lastSequence), expected \(next)")
            }
            let path = "\(folder)/\(LogSegmentHeader.name(firstSequence: piece.firstSequence))"
            try files.replaceFile(path, with: try piece.segment(of: shardID, file: path))
            next = piece.lastSequence + 1
        }
        if shard.index != nil { try files.syncDirectory("\(directory)/index") }
        try files.syncDirectory(directory)
        var manifest = ShardManifest(shardID: shardID, condition: .running, epoch: max(shard.epoch, log.last?.lastEpoch ?? 0))
        manifest.checkpointSequence = shard.sequence
        manifest.slotsUsed = UInt64(shard.slots)
        manifest.firstLogSequence = shard.sequence + 1
        manifest.overflowBytes = UInt64(shard.overflowBytes)
        manifest.index = shard.index
        try manifest.write(to: "\(directory)/manifest", in: files)
        try files.syncDirectory(parentDirectory(of: directory))
    }
}
