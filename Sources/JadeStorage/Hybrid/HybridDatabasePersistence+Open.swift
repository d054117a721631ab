package import JadeCore
package import JadeIO
import JadeMetadata

/// What opening a shard brings together.
struct OpenedParts {
    var manifest: ShardManifest
    var rows: MemoryMappedVectorStore
    var metadata: ShardMetadataStore
    var log: WriteAheadLog
    var live: [UInt64] = []
    var rowEnd = 0
    var lastSequence: UInt64 = 0
    var lastTime: Int64 = 0
    var wasRecovered = false
    var replayed = ReplayedLog()
}

/// What opening a shard that was not closed has applied again.
package struct ReplayedLog: Sendable, Hashable {
    package var records = 0
    /// Of the records' payloads.
    package var bytes = 0
    /// Rows below the checkpoint's end that were written again.
    package var rewritten: [UInt32] = []
}

extension HybridDatabasePersistence {
    /// Epochs begin at 1; a cluster raises them.
    private static let firstEpoch: UInt64 = 1
    /// Operations that recovery applies in one transaction at most, unless a single batch is larger.
    private static let recoveryGroup = 5_000

    /// Creates an empty shard in a folder of its own.
    package static func create(
        in directory: String, shape: ShardShape, options: PersistenceOptions, random: any RandomSource, files: any FileSystem
    ) throws(JadeError) -> HybridDatabasePersistence {
        try files.createDirectory(directory)
        let lock = try files.lock("\(directory)/lock")
        let rows = try MemoryMappedVectorStore.create(
            rowsPath(directory), dimension: shape.dimension, elementType: shape.elementType, random: random, in: files)
        let metadata = try ShardMetadataStore(path: metadataPath(directory), discardingLog: false, files: files)
        try metadata.checkpoint()
        let manifest = ShardManifest(shardID: random.uniqueID(), condition: .clean, epoch: firstEpoch)
        let log = try WriteAheadLog.open(
            logPath(directory), shardID: manifest.shardID, epoch: manifest.epoch, nextSequence: 1, in: files,
            segmentBytes: options.segmentBytes, aheadBytes: options.logAheadBytes)
        // Last: a folder without a manifest is no shard.
        try manifest.write(to: manifestPath(directory), in: files)
        try files.syncDirectory(parentDirectory(of: directory))
        let parts = OpenedParts(manifest: manifest, rows: rows, metadata: metadata, log: log)
        return HybridDatabasePersistence(directory, parts, options, files, lock)
    }

    /// Opens a shard; one that was not closed is brought up to its last acknowledged batch.
    ///
    /// - Throws: `corrupted` with file, offset, expected and found when a file is damaged; nothing is changed then.
    package static func open(
        in directory: String, shape: ShardShape, options: PersistenceOptions, files: any FileSystem
    ) throws(JadeError) -> HybridDatabasePersistence {
        let lock = try files.lock("\(directory)/lock")
        let manifest = try ShardManifest.read(manifestPath(directory), in: files)
        let rows = try MemoryMappedVectorStore.open(rowsPath(directory), in: files)
        guard rows.dimension == shape.dimension, rows.elementType == shape.elementType else {
            throw .corrupted(
                file: rows.path, offset: 8, expected: "\(shape.dimension) × \(shape.elementType.name)",
                found: "\(rows.dimension) × \(rows.elementType.name)")
        }
        let log = try WriteAheadLog.open(
            logPath(directory), shardID: manifest.shardID, epoch: manifest.epoch,
            nextSequence: manifest.checkpointSequence + 1, in: files, segmentBytes: options.segmentBytes,
            aheadBytes: options.logAheadBytes)
        if manifest.condition == .clean {
            try MetadataSum.verify(metadataPath(directory), against: metadataSumPath(directory), in: files)
        }
        // A closed shard's metadata is whole without SQLite's log. What a power cut may have left of one belongs to the checkpoint
        // that closed the shard, and completing that again would change the file.
        let metadata = try ShardMetadataStore(
            path: metadataPath(directory), discardingLog: true, wasClosed: manifest.condition == .clean, files: files)
        var parts = OpenedParts(manifest: manifest, rows: rows, metadata: metadata, log: log)
        try parts.recover(groupsOf: recoveryGroup)
        return HybridDatabasePersistence(directory, parts, options, files, lock)
    }
}

extension OpenedParts {
    mutating func recover(groupsOf size: Int) throws(JadeError) {
        let checkpoint = manifest.checkpointSequence
        let applied = try metadata.appliedSequence()
        guard applied >= checkpoint else {
            throw .corrupted(
                file: metadata.path, offset: 0, expected: "changes applied up to \(checkpoint)", found: "up to \(applied)")
        }
        lastSequence = log.nextSequence - 1
        guard applied <= lastSequence else {
            throw .corrupted(
                file: log.directory, offset: 0, expected: "a log up to sequence \(applied)", found: "up to \(lastSequence)")
        }
        let isClean = manifest.condition == .clean && lastSequence == checkpoint
        wasRecovered = !isClean
        if isClean, rows.isClean {
            live = try rows.readLiveBitmap()
            rowEnd = rows.slotsUsed
            return
        }
        let written = try isClean ? [] : replay(after: checkpoint, groupsOf: size)
        rowEnd = max(rows.slotsUsed, Int(clamping: manifest.slotsUsed))
        // A header from before the manifest's checkpoint, whole as it may be, has no room for what the manifest counts.
        guard rowEnd <= rows.capacity else {
            throw .corrupted(file: rows.path, offset: 56, expected: "room for \(rowEnd) slots", found: "\(rows.capacity)")
        }
        try readLive()
        if isClean { return }
        let (live, end) = (live, rowEnd)
        try rows.emptyUnknownSlots(below: end, since: checkpoint) { live.hasBit($0) || written.hasBit($0) }
    }

    /// Writes rows and metadata again from the log. Redoing what is there already changes nothing.
    ///
    /// - Returns: the slots written: bit n of word n / 64 is ordinal n.
    private mutating func replay(after checkpoint: UInt64, groupsOf size: Int) throws(JadeError) -> [UInt64] {
        try rows.beginWriting()
        var written: [UInt64] = []
        var changes: [MetadataStoreChange] = []
        var last: UInt64 = 0
        try log.replay(after: checkpoint) { (record) throws(JadeError) in
            try OperationBatch.decode(record) { (operation) throws(JadeError) in
                if operation.kind == .upsert {
                    if UInt64(operation.ordinal) < manifest.slotsUsed { replayed.rewritten.append(operation.ordinal) }
                    try rows.reserve(slots: Int(operation.ordinal) + 1)
                    try rows.fillIn(slot: Int(operation.ordinal))
                    try rows.write(
                        ordinal: Int(operation.ordinal), id: operation.id, sequence: record.sequence, values: operation.values)
                    written.setBit(Int(operation.ordinal))
                }
                changes.append(operation.change)
            }
            last = record.sequence
            replayed.records += 1
            replayed.bytes += record.payload.count
            lastTime = max(lastTime, try OperationBatch.milliseconds(of: record) ?? 0)
            if changes.count >= size {
                try metadata.apply(changes, sequence: last)
                changes.removeAll(keepingCapacity: true)
            }
        }
        if last > 0 { try metadata.apply(changes, sequence: last) }
        return written
    }

    /// Metadata says which rows live; each must be whole.
    private mutating func readLive() throws(JadeError) {
        var live = [UInt64](repeating: 0, count: (rowEnd + 63) / 64)
        var outside: (VectorID, UInt32)?
        let end = rowEnd
        try metadata.forEachLive { id, ordinal in
            guard Int(ordinal) < end else {
                outside = (id, ordinal)
                return
            }
            live[Int(ordinal) / 64] |= 1 << UInt64(ordinal % 64)
        }
        if let (id, ordinal) = outside {
            throw .corrupted(
                file: metadata.path, offset: 0, expected: "ordinals below \(end)", found: "\(ordinal) for id \"\(id)\"")
        }
        self.live = live
    }
}

extension [UInt64] {
    /// Bit `index` of a bitmap, whose words have 64 each; those behind its end are 0.
    fileprivate func hasBit(_ index: Int) -> Bool { index / 64 < count && self[index / 64] >> UInt64(index % 64) & 1 == 1 }

    fileprivate mutating func setBit(_ index: Int) {
        if index / 64 >= count { append(contentsOf: repeatElement(0, count: index / 64 + 1 - count)) }
        self[index / 64] |= 1 << UInt64(index % 64)
    }
}

extension LoggedOperation {
    /// What the operation does to metadata.
    fileprivate var change: MetadataStoreChange {
        switch kind {
        case .upsert: .put(id, ordinal, metadata: Array(metadata))
        case .delete: .remove(id)
        case .setMetadata: .setMetadata(ordinal, metadata: Array(metadata))
        case .setExpiry: .setExpiry(ordinal, milliseconds: expiry)
        }
    }
}
