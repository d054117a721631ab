package import JadeCore
import JadeIO
package import JadeMetadata

/// Everything that a shard's files say, brought together and compared, without changing any of them.
///
/// The state is the one that recovery would come to: metadata as of its checkpoint with the log applied. Where a source is
/// damaged the others stand in, as far as they go; ``findings`` has what does not fit. About 100 bytes of memory for each
/// vector.
package struct ShardSurvey {
    /// One logged change that the metadata does not hold yet.
    package struct Pending {
        package var sequence: UInt64
        package var operation: ShardOperation
    }

    package let directory: String
    package let shape: ShardShape
    package var findings = FindingList()
    /// Nil if it cannot be read.
    package var manifest: ShardManifest?
    /// Nil if there is no file to read rows from.
    package var rows: MemoryMappedVectorStore?
    package var metadata: MetadataView?
    /// Whether `metadata.db` holds what it should; false has it built anew by a repair.
    package var metadataIsSound = true
    /// Whether `metadata.db` has changed since a clean shutdown; what SQLite does not notice stays unknown.
    package var metadataHasChanged = false
    package var log = LogSurvey()
    /// Where each id is after recovery.
    package var ids: [VectorID: UInt32] = [:]
    /// Logged changes behind the checkpoint, in order.
    package var pending: [Pending] = []
    /// Rows that the log writes again, whatever stands there now.
    package var rewritten: [UInt32: Int] = [:]
    /// Vectors that live but whose row cannot be read.
    package var unreadable: [VectorID: UInt32] = [:]
    /// Dead rows whose block is damaged.
    package var damagedDead: [UInt32] = []
    /// Damaged blocks behind the rows of the checkpoint: writes that nobody was promised.
    package var unfinished: [UInt32] = []
    /// Readable rows that nothing says are dead, and no id leads to.
    package var orphans: [(id: VectorID, ordinal: UInt32, sequence: UInt64)] = []
    /// Ids that the counts miss.
    package var missingIDs = 0
    /// Readable rows of log records that are gone: their batch cannot be read, they can.
    package var lostWrites: [(id: VectorID, ordinal: UInt32, sequence: UInt64)] = []
    /// Dead rows that are not marked so yet: the next checkpoint does it.
    package var unmarked = 0
    /// Up to where metadata and rows hold the log's changes.
    package var appliedSequence: UInt64 = 0
    package var rowEnd = 0
    var claimed: [UInt64] = []

    /// Whether the shard was closed: nothing waits in its log.
    package var wasClosed: Bool { manifest?.condition == .clean && pending.isEmpty }
    package var checkpointSequence: UInt64 {
        manifest?.checkpointSequence ?? log.firstSequence.map { $0 - 1 } ?? rows?.header.checkpointSequence ?? 0
    }
    package var lastSequence: UInt64 {
        let logged = max(log.nextSequence.map { $0 - 1 } ?? 0, lostWrites.map(\.sequence).max() ?? 0)
        return max(logged, appliedSequence, checkpointSequence, rows?.header.checkpointSequence ?? 0)
    }
    /// Logged batches that wait to be applied.
    package var pendingBatches: Int { Set(pending.lazy.filter { $0.sequence > self.checkpointSequence }.map(\.sequence)).count }

    /// Whether a row lives after recovery.
    package func isLive(_ ordinal: UInt32) -> Bool {
        Int(ordinal) < rowEnd && claimed[Int(ordinal) / 64] >> UInt64(ordinal % 64) & 1 == 1
    }

    /// The sequence number of the write that made a row which lives after recovery; nil for one that does not.
    package func livingSince(_ ordinal: UInt32) -> UInt64? {
        guard isLive(ordinal) else { return nil }
        if let index = rewritten[ordinal] { return pending[index].sequence }
        // One that cannot be read is found elsewhere.
        return rows?.storedSequence(of: Int(ordinal)) ?? UInt64.max
    }

    package var manifestPath: String { "\(directory)/manifest" }
    package var rowsPath: String { "\(directory)/vectors.mmap" }
    package var metadataPath: String { "\(directory)/metadata.db" }
    package var metadataSumPath: String { "\(directory)/metadata.sum" }
    package var logPath: String { "\(directory)/wal" }

    /// Reads and compares everything. `scratch` may be made for a copy of metadata, and is removed with the survey.
    package init(_ directory: String, shape: ShardShape, scratch: String, progress: CheckProgress) {
        self.directory = directory
        self.shape = shape
        readManifest()
        rows = MemoryMappedVectorStore.openToSurvey(
            rowsPath, shape: shape, wasClosed: manifest?.condition == .clean, &findings)
        openMetadata(scratch)
        checkMetadataSum()
        readLog()
        readIDs(progress)
        applyPending()
        checkRows(progress)
        checkClosedParts()
        checkCounts()
        checkStoredMetadata(progress)
    }

    private mutating func readManifest() {
        let path = manifestPath
        manifest = findings.trying(path) { () throws(JadeError) in try ShardManifest.read(path, in: ReadOnlyFileSystem()) }
    }

    private mutating func openMetadata(_ scratch: String) {
        let path = metadataPath
        _ = findings.trying(path + "-mark") { () throws(JadeError) in try MetadataView.checkMark(of: path) }
        do throws(JadeError) {
            let view = try MetadataView(path, at: .checkpoint, scratch: scratch)
            metadata = view
            let report = try view.integrity()
            for line in report { findings.add(path, expected: "an integrity check without findings", found: line) }
            metadataIsSound = report.isEmpty
            appliedSequence = try view.appliedSequence()
        } catch {
            findings.add(Finding(error, file: path))
            metadataIsSound = false
        }
        let checkpoint = manifest?.checkpointSequence ?? 0
        if metadataIsSound, appliedSequence < checkpoint {
            findings.add(path, expected: "changes applied up to \(checkpoint)", found: "up to \(appliedSequence)")
            metadataIsSound = false
        }
        if !metadataIsSound { appliedSequence = max(checkpoint, rows?.header.checkpointSequence ?? 0) }
    }

    private mutating func checkMetadataSum() {
        guard manifest?.condition == .clean else { return }
        let (path, sum, files) = (metadataPath, metadataSumPath, ReadOnlyFileSystem())
        do throws(JadeError) {
            guard let expected = try MetadataSum(readFrom: sum, in: files) else { return }
            guard try files.fileExists(path) else { return }
            let found = try MetadataSum(of: path, in: files)
            if found == expected { return }
            metadataHasChanged = true
            try MetadataSum.verify(path, against: sum, in: files)
        } catch {
            findings.add(Finding(error, file: sum))
        }
    }

    private mutating func readLog() {
        var pending: [Pending] = []
        let applied = appliedSequence
        // Rows follow the manifest's checkpoint, metadata may be ahead of it.
        let checkpoint = min(manifest?.checkpointSequence ?? 0, applied)
        log = LogSurvey(logPath, shardID: manifest?.shardID, checkpoint: checkpoint, &findings) { (record) throws(JadeError) in
            try OperationBatch.decode(record) { (operation) throws(JadeError) in
                if record.sequence > checkpoint { pending.append(Pending(sequence: record.sequence, operation: operation.copied)) }
            }
        }
        self.pending = pending
        if log.segments.isEmpty, manifest?.condition != .clean { log.lost = [(applied + 1)...UInt64.max] }
        if let first = log.firstSequence, let manifest, first > manifest.checkpointSequence + 1 {
            log.isDamaged = true
            log.lost.append((manifest.checkpointSequence + 1)...(first - 1))
            findings.add(logPath, expected: "a log from sequence \(manifest.checkpointSequence + 1)", found: "one from \(first)")
        }
        if metadataIsSound, let next = log.nextSequence, next <= applied {
            log.isDamaged = true
            log.lost.append(next...applied)
            findings.add(logPath, expected: "a log up to sequence \(applied)", found: "up to \(next - 1)")
        }
    }

    private mutating func readIDs(_ progress: CheckProgress) {
        guard let metadata else { return }
        let path = metadataPath
        let total = (try? metadata.idCount()) ?? 0
        var (ids, bad, done) = ([VectorID: UInt32](minimumCapacity: total), 0, 0)
        do throws(JadeError) {
            try metadata.forEachID { entry in
                done += 1
                if done & 0xFFF == 0 { progress("reading ids", done, total) }
                guard let entry else { return bad += 1 }
                ids[entry.id] = entry.ordinal
            }
        } catch {
            metadataIsSound = false
            findings.add(Finding(error, file: path))
        }
        if bad > 0 {
            metadataIsSound = false
            findings.add(path, expected: "ids that a vector can have", found: "\(bad) others")
        }
        self.ids = ids
    }

    /// The log behind the metadata: what recovery does, in memory.
    private mutating func applyPending() {
        rowEnd = max(rows?.header.slotsUsed ?? 0, Int(clamping: manifest?.slotsUsed ?? 0))
        // Where the log cannot tell how far rows were written, the blocks do.
        if log.isDamaged, let rows {
            rowEnd = max(rowEnd, (0..<rows.capacity).last { ((try? rows.summary(of: $0)) ?? nil) != nil }.map { $0 + 1 } ?? 0)
        }
        for (index, change) in pending.enumerated() {
            switch change.operation {
            case .upsert(let ordinal, _, let id, _, _):
                rewritten[ordinal] = index
                rowEnd = max(rowEnd, Int(ordinal) + 1)
                if change.sequence > appliedSequence { ids[id] = ordinal }
            case .delete(_, let id):
                if change.sequence > appliedSequence { ids[id] = nil }
            case .setMetadata, .setExpiry: break
            }
        }
    }
}
