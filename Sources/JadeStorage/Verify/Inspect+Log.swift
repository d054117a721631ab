package import JadeCore
import JadeIO

extension LogSurvey {
    /// What a log segment says, with its first records.
    package static func inspect(_ path: String, limit: Int) throws(JadeError) -> FileInspection {
        var inspection = FileInspection("log segment", path)
        let bytes = try ReadOnlyFileSystem().readFile(path, limit: Limits.maximumWholeFileBytes)
        var listing = FileInspection.Listing(
            "records", columns: ["sequence", "epoch", "offset", "bytes", "upserts", "deletes", "metadata changes"])
        var totals = (upserts: 0, deletes: 0, changes: 0)
        try bytes.withRawBytes { (raw) throws(JadeError) in
            let header = try LogSegmentHeader.decode(raw, file: path)
            inspection.add("version", LogSegmentHeader.version)
            inspection.add("shard id", header.shardID.description)
            inspection.add("epoch", header.epoch)
            inspection.add("first sequence", header.firstSequence)
            inspection.add("file bytes", raw.count)
            let scan = try LogScan.walk(raw, header, file: path) { (record) throws(JadeError) in
                let counts = try count(record)
                totals = (totals.upserts + counts.upserts, totals.deletes + counts.deletes, totals.changes + counts.changes)
                listing.total += 1
                guard listing.rows.count < limit else { return }
                let numbers = [
                    Int(clamping: record.sequence), Int(clamping: record.epoch), record.payloadOffset - LogRecordHead.byteCount,
                    LogRecordHead.byteCount + record.payload.count, counts.upserts, counts.deletes, counts.changes,
                ]
                listing.rows.append(numbers.map { .integer(Int64($0)) })
            }
            inspection.add("records", listing.total)
            inspection.add("last sequence", scan.nextSequence - 1)
            inspection.add("highest epoch", scan.epoch)
            inspection.add("bytes of records", scan.end - LogSegmentHeader.byteCount)
            inspection.add("bytes behind them", raw.count - scan.end)
            if let defect = scan.defect {
                let isDamage = scan.aftermath(raw).isDamage
                inspection.findings.add(
                    path, defect.offset, severity: isDamage ? .damage : .warning, expected: defect.expected,
                    found: isDamage ? defect.found : "\(defect.found): an unfinished end, if no segment follows")
            }
        }
        inspection.add("upserts", totals.upserts)
        inspection.add("deletes", totals.deletes)
        inspection.add("metadata changes", totals.changes)
        inspection.listing = listing
        return inspection
    }

    private static func count(_ record: LogRecord) throws(JadeError) -> (upserts: Int, deletes: Int, changes: Int) {
        var counts = (upserts: 0, deletes: 0, changes: 0)
        try OperationBatch.decode(record) { (operation) throws(JadeError) in
            switch operation.kind {
            case .upsert: counts.upserts += 1
            case .delete: counts.deletes += 1
            case .setMetadata, .setExpiry: counts.changes += 1
            }
        }
        return counts
    }
}

extension ShardManifest {
    /// What a manifest says.
    package static func inspect(_ path: String) throws(JadeError) -> FileInspection {
        var inspection = FileInspection("manifest", path)
        let manifest = try read(path, in: ReadOnlyFileSystem())
        inspection.add("version", version)
        inspection.add("shard id", manifest.shardID.description)
        inspection.add("format of vectors.mmap", manifest.formats.vectors)
        inspection.add("format of the log", manifest.formats.log)
        inspection.add("condition", "\(manifest.condition)")
        inspection.add("epoch", manifest.epoch)
        inspection.add("checkpoint sequence", manifest.checkpointSequence)
        inspection.add("slots used", manifest.slotsUsed)
        inspection.add("first log sequence", manifest.firstLogSequence)
        inspection.add("bytes of long ids", manifest.overflowBytes)
        inspection.add("saved index", manifest.index?.name ?? "none")
        if let index = manifest.index {
            inspection.add("index sequence", index.sequence)
            inspection.add("index nodes", index.nodeCount)
        }
        return inspection
    }
}

/// What a checksum of metadata says.
package enum MetadataSumFile {
    /// Compares it with the `metadata.db` beside it, if there is one and it has not been changed on purpose since.
    package static func inspect(_ path: String) throws(JadeError) -> FileInspection {
        var inspection = FileInspection("checksum of metadata", path)
        let files = ReadOnlyFileSystem()
        guard let sum = try MetadataSum(readFrom: path, in: files) else { throw .notFound("there is no file \"\(path)\"") }
        inspection.add("bytes of metadata.db", sum.length)
        inspection.add("checksum", hexadecimal(sum.checksum))
        let database = parentDirectory(of: path) + "/metadata.db"
        guard try files.fileExists(database) else { return inspection }
        _ = inspection.findings.trying(database) { () throws(JadeError) in
            try MetadataSum.verify(database, against: path, in: files)
        }
        return inspection
    }
}
