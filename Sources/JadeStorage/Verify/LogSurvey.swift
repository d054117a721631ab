package import JadeCore
package import JadeIO

/// A shard's log as it lies on disk, read without changing it.
package struct LogSurvey: Sendable {
    package struct Segment: Sendable {
        package var path: String
        package var firstSequence: UInt64
        package var epoch: UInt64
        package var bytes: Int
        package var records = 0
        package var nextSequence: UInt64
    }

    package var segments: [Segment] = []
    package var shardID: UniqueID?
    package var epoch: UInt64 = 0
    /// Whether a record is bad that had been promised, or a segment is missing.
    package var isDamaged = false
    /// Records that are gone: bad ones, and what a missing segment held.
    package var lost: [ClosedRange<UInt64>] = []
    /// Bytes of an unfinished end that opening the shard cuts off.
    package var tailBytes = 0

    package var firstSequence: UInt64? { segments.first?.firstSequence }
    package var nextSequence: UInt64? { segments.last?.nextSequence }

    package init() {}

    /// Reads all segments of the folder and visits every good record, those behind a bad one included.
    ///
    /// - Parameters:
    ///   - shardID: whose log it should be; nil if nobody knows.
    ///   - checkpoint: what is missing up to this sequence number is held elsewhere.
    package init(
        _ directory: String, shardID: UniqueID?, checkpoint: UInt64 = 0, _ findings: inout FindingList,
        _ visit: (LogRecord) throws(JadeError) -> Void
    ) {
        let files = ReadOnlyFileSystem()
        self.shardID = shardID
        let names = findings.trying(directory) { () throws(JadeError) in try files.list(directory) } ?? []
        let starts = names.compactMap { LogSegmentHeader.firstSequence(inName: $0) }
        if starts.isEmpty { isDamaged = true; findings.add(directory, expected: "at least one segment", found: "none") }
        for start in starts {
            let path = directory + "/" + LogSegmentHeader.name(firstSequence: start)
            if let next = nextSequence, next != start, start > next, start - 1 <= checkpoint {
                // A power cut may undo some of a checkpoint's removals and not the others.
                findings.add(
                    path, 32, severity: .warning, expected: "a segment from sequence \(next)",
                    found: "one from \(start); a checkpoint holds what is missing")
            } else if let next = nextSequence, next != start {
                isDamaged = true
                findings.add(path, 32, expected: "a segment from sequence \(next)", found: "one from \(start)")
                if start > next { lost.append(next...(start - 1)) }
            }
            let bytes = findings.trying(path) { () throws(JadeError) in
                try files.readFile(path, limit: Limits.maximumWholeFileBytes)
            }
            guard let bytes else {
                isDamaged = true
                continue
            }
            bytes.withUnsafeBytes { raw in
                read(raw, path, start, isLast: start == starts.last, &findings, visit)
            }
        }
    }

    private mutating func read(
        _ raw: UnsafeRawBufferPointer, _ path: String, _ start: UInt64, isLast: Bool, _ findings: inout FindingList,
        _ visit: (LogRecord) throws(JadeError) -> Void
    ) {
        var segment = Segment(path: path, firstSequence: start, epoch: epoch, bytes: raw.count, nextSequence: start)
        defer { segments.append(segment) }
        let header = header(raw, path, start, &findings)
        var count = 0
        // The reader proper decides what is damage; what lies behind damage is looked for afterwards.
        let scan = findings.trying(path) { () throws(JadeError) in
            try LogScan.walk(raw, header, file: path) { (record) throws(JadeError) in
                count += 1
                try visit(record)
            }
        }
        segment.records = count
        guard var scan else {
            isDamaged = true
            return
        }
        segment.nextSequence = scan.nextSequence
        segment.epoch = scan.epoch
        epoch = max(epoch, scan.epoch)
        guard let defect = scan.defect else { return }
        if isLast, !scan.aftermath(raw).isDamage {
            tailBytes = raw.count - scan.end
            findings.add(
                path, defect.offset, severity: .warning, expected: defect.expected,
                found: "\(defect.found): an unfinished end of \(tailBytes) bytes")
            return
        }
        isDamaged = true
        findings.add(path, defect.offset, expected: defect.expected, found: defect.found)
        readBehindDamage(raw, &scan, &segment, &findings, visit)
    }

    private mutating func header(
        _ raw: UnsafeRawBufferPointer, _ path: String, _ start: UInt64, _ findings: inout FindingList
    ) -> LogSegmentHeader {
        do throws(JadeError) {
            let header = try LogSegmentHeader.decode(raw, file: path)
            if let shardID, header.shardID != shardID {
                throw .corrupted(file: path, offset: 8, expected: "shard \(shardID)", found: "\(header.shardID)")
            }
            guard header.firstSequence == start else {
                throw .corrupted(file: path, offset: 32, expected: "first sequence \(start)", found: "\(header.firstSequence)")
            }
            if shardID == nil { shardID = header.shardID }
            return header
        } catch {
            isDamaged = true
            findings.add(Finding(error, file: path))
            // The name says what matters; the records carry checksums of their own.
            return LogSegmentHeader(shardID: shardID ?? UniqueID(high: 0, low: 0), epoch: 0, firstSequence: start)
        }
    }

    /// Visits the good records behind a bad one, wherever they begin.
    private mutating func readBehindDamage(
        _ raw: UnsafeRawBufferPointer, _ scan: inout LogScan, _ segment: inout Segment, _ findings: inout FindingList,
        _ visit: (LogRecord) throws(JadeError) -> Void
    ) {
        var offset = scan.end
        var expected = scan.nextSequence
        var budget = 8 * (raw.count - offset) + (1 << 20)
        while budget > 0, let head = LogRecordHead(raw, at: offset) {
            let rest = raw.count - offset - LogRecordHead.byteCount
            let furthest = expected &+ UInt64(raw.count / LogRecordHead.byteCount)
            guard head.length <= rest, (expected...max(expected, furthest)).contains(head.sequence) else {
                offset += 1
                continue
            }
            budget -= head.length + LogRecordHead.byteCount
            guard head.checksum == LogRecordHead.computeChecksum(raw, at: offset, length: head.length) else {
                offset += 1
                continue
            }
            if head.sequence > expected { lost.append(expected...(head.sequence - 1)) }
            let start = offset + LogRecordHead.byteCount
            let payload = UnsafeRawBufferPointer(rebasing: raw[start..<(start + head.length)])
            let record = LogRecord(
                sequence: head.sequence, epoch: head.epoch, payload: payload, payloadOffset: start, file: segment.path)
            _ = findings.trying(segment.path) { () throws(JadeError) in try visit(record) }
            segment.records += 1
            expected = head.sequence + 1
            offset = start + head.length
        }
        // The bad record itself, if nothing good follows it.
        if expected == scan.nextSequence {
            lost.append(expected...expected)
            expected += 1
        }
        segment.nextSequence = expected
    }
}
