package import JadeCore
package import JadeIO
import JadeMetadata

extension ShardRepair {
    /// Writes what was planned and leaves the shard closed: metadata, rows, log and, last, the manifest.
    ///
    /// - Parameters:
    ///   - keepingIndex: whether the saved index is sound; otherwise it goes, and is built when the shard is opened.
    ///   - aside: a folder for files that are replaced; made when needed.
    package mutating func apply(
        keepingIndex: Bool, aside: String, random: any RandomSource, files: any FileSystem
    ) throws(JadeError) {
        guard let surveyed = survey.rows else {
            throw .corrupted(file: survey.rowsPath, offset: 0, expected: "a file of rows", found: "none that can be mapped: there is nothing to repair from")
        }
        let last = max(survey.lastSequence, survey.ids.isEmpty ? 0 : 1)
        // Gone before metadata changes, and back when all is done.
        try files.remove(survey.metadataSumPath)
        if rebuildsMetadata { try rebuildMetadata(last, aside, files) } else { try bringMetadataUpToDate(last, files) }
        try writeRows(surveyed, last, files)
        let shardID = survey.manifest?.shardID ?? survey.log.shardID ?? random.uniqueID()
        let epoch = max(survey.manifest?.epoch ?? 1, survey.log.epoch, 1)
        if survey.log.isDamaged, try files.fileExists(survey.logPath) {
            try files.createDirectory(aside)
            try files.rename(survey.logPath, to: aside + "/wal")
        }
        _ = try WriteAheadLog.open(survey.logPath, shardID: shardID, epoch: epoch, nextSequence: last + 1, in: files)
        var manifest = ShardManifest(shardID: shardID, condition: .clean, epoch: epoch)
        manifest.checkpointSequence = last
        manifest.firstLogSequence = last + 1
        manifest.slotsUsed = UInt64(survey.rowEnd)
        manifest.index = keepingIndex ? survey.manifest?.index : nil
        try files.remove(survey.directory + "/facts")
        try MetadataSum(of: survey.metadataPath, in: files).write(to: survey.metadataSumPath, in: files)
        try manifest.write(to: survey.manifestPath, in: files)
        if !keepingIndex { try files.removeTree(survey.directory + "/index") }
    }

    private func rebuildMetadata(_ last: UInt64, _ aside: String, _ files: any FileSystem) throws(JadeError) {
        let path = survey.metadataPath
        let new = path + ".repairing"
        for suffix in ["", "-wal", "-shm", "-mark"] { try files.remove(new + suffix) }
        let store = try ShardMetadataStore(path: new, discardingLog: false, files: files)
        let logged = survey.loggedMetadata
        let expiries = survey.knownExpiries
        var changes: [MetadataStoreChange] = []
        for (id, ordinal) in survey.ids {
            let stored = logged[ordinal] ?? validMetadata(ordinal) ?? Array("{}".utf8)
            changes.append(.put(id, ordinal, metadata: stored))
            if let expiry = expiries[ordinal] { changes.append(.setExpiry(ordinal, milliseconds: expiry)) }
            if changes.count >= Self.rebuildGroup {
                try store.restore(changes)
                changes.removeAll(keepingCapacity: true)
            }
        }
        try store.restore(changes)
        if last > 0 { try store.apply([], sequence: last) }
        try store.checkpoint()
        try store.close()
        for suffix in ["-wal", "-shm", "-mark"] { try files.remove(new + suffix) }
        try files.createDirectory(aside)
        for suffix in ["-wal", "-mark", ""] where try files.fileExists(path + suffix) {
            try files.rename(path + suffix, to: aside + "/metadata.db" + suffix)
        }
        try files.remove(path + "-shm")
        try files.rename(new, to: path)
        try files.syncDirectory(survey.directory)
        try files.syncDirectory(aside)
    }

    /// Ids that one transaction of a rebuild writes.
    private static let rebuildGroup = 5_000

    private func validMetadata(_ ordinal: UInt32) -> [UInt8]? {
        guard let metadata = survey.metadata, (try? metadata.hasValidMetadata(ordinal)) == true else { return nil }
        return (try? metadata.metadata(of: ordinal)) ?? nil
    }

    private func bringMetadataUpToDate(_ last: UInt64, _ files: any FileSystem) throws(JadeError) {
        if try files.fileExists(survey.metadataPath + "-mark"), (try? MetadataView.checkMark(of: survey.metadataPath)) == nil {
            try files.rename(survey.metadataPath + "-mark", to: survey.metadataPath + "-mark.damaged")
        }
        let store = try ShardMetadataStore(path: survey.metadataPath, discardingLog: true, files: files)
        let changes = survey.pending.filter { $0.sequence > survey.appliedSequence }.map { change -> MetadataStoreChange in
            switch change.operation {
            case .upsert(let ordinal, _, let id, _, let metadata): .put(id, ordinal, metadata: metadata)
            case .delete(_, let id): .remove(id)
            case .setMetadata(let ordinal, _, let metadata): .setMetadata(ordinal, metadata: metadata)
            case .setExpiry(let ordinal, _, let milliseconds): .setExpiry(ordinal, milliseconds: milliseconds)
            }
        }
        if last > survey.appliedSequence { try store.apply(changes, sequence: last) }
        try store.checkpoint()
        try store.close()
    }

    private mutating func writeRows(
        _ surveyed: MemoryMappedVectorStore, _ last: UInt64, _ files: any FileSystem
    ) throws(JadeError) {
        let free = (0..<min(survey.rowEnd, surveyed.capacity)).filter { ((try? surveyed.summary(of: $0)) ?? nil)?.isFree == true }
        try MemoryMappedVectorStore.storeHeader(like: surveyed, slotsUsed: survey.rowEnd, in: files)
        let rows = try MemoryMappedVectorStore.open(survey.rowsPath, in: files)
        try rows.beginWriting()
        try rows.reserve(slots: survey.rowEnd)
        for change in survey.pending {
            guard case .upsert(let ordinal, _, let id, let values, _) = change.operation else { continue }
            try write(Restored(ordinal: ordinal, id: id, sequence: change.sequence, values: values), to: rows)
        }
        for row in restored { try write(row, to: rows) }
        var live = [UInt64](repeating: 0, count: (survey.rowEnd + 63) / 64)
        for ordinal in survey.ids.values { live[Int(ordinal) / 64] |= 1 << UInt64(ordinal % 64) }
        for ordinal in 0..<survey.rowEnd where live[ordinal / 64] >> UInt64(ordinal % 64) & 1 == 0 {
            if let slot = try rows.summary(of: ordinal), !slot.isDeleted { try rows.markDeleted(CollectionOfOne(ordinal)) }
        }
        try rows.setFreeSlots(free.filter { live[$0 / 64] >> UInt64($0 % 64) & 1 == 0 })
        survey.rowEnd = rows.slotsUsed
        let words = (rows.slotsUsed + 63) / 64
        let padded = Array((live + [UInt64](repeating: 0, count: max(0, words - live.count))).prefix(words))
        try rows.finish(live: padded, vectorCount: survey.ids.count, sequence: last)
    }

    private func write(_ row: Restored, to rows: MemoryMappedVectorStore) throws(JadeError) {
        try row.values.withRawBytes { (bytes) throws(JadeError) in
            try rows.write(ordinal: Int(row.ordinal), id: row.id, sequence: row.sequence, values: bytes)
        }
        if row.isDeleted { try rows.markDeleted(CollectionOfOne(Int(row.ordinal))) }
    }
}
