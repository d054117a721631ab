package import JadeCore
package import JadeIO
import Synchronization

/// Where a restore leaves off.
package enum LogEnd: Sendable, Hashable {
    /// Behind the last record there is.
    case latest
    /// Behind the record of this number.
    case sequence(UInt64)
    /// Before the first record that was committed later, in milliseconds since 1970.
    case milliseconds(Int64)
}

/// Consecutive records of a log as a segment of their own: what is archived, and what a restored shard replays.
package struct LogPiece: Sendable {
    /// A whole segment, header included (docs/formats/wal.md).
    package let bytes: [UInt8]
    package let firstSequence: UInt64
    package let lastSequence: UInt64
    /// When the last record was committed; nil for one of an older program.
    package let lastMilliseconds: Int64?
    package let lastEpoch: UInt64

    /// Checks a segment from elsewhere: every record whole, consecutive, and none missing at its end.
    package init(checking bytes: [UInt8], file: String) throws(JadeError) {
        let (header, last, time, epoch) = try bytes.withRawBytes { (raw) throws(JadeError) in
            let header = try LogSegmentHeader.decode(raw, file: file)
            var time: Int64?
            let scan = try LogScan.walk(raw, header, file: file) { (record) throws(JadeError) in
                time = try OperationBatch.milliseconds(of: record) ?? time
            }
            if let defect = scan.defect {
                throw .corrupted(file: file, offset: defect.offset, expected: defect.expected, found: defect.found)
            }
            guard scan.end == raw.count, scan.nextSequence > header.firstSequence else {
                throw .corrupted(file: file, offset: scan.end, expected: "records up to the end", found: "\(raw.count - scan.end) other bytes")
            }
            return (header, scan.nextSequence - 1, time, scan.epoch)
        }
        self.bytes = bytes
        firstSequence = header.firstSequence
        lastSequence = last
        lastMilliseconds = time
        lastEpoch = epoch
    }

    /// The part of it that a restore to `end` applies; nil if there is none.
    package func cut(at end: LogEnd, file: String) throws(JadeError) -> LogPiece? {
        var length = LogSegmentHeader.byteCount
        try bytes.withRawBytes { (raw) throws(JadeError) in
            var isBehind = false
            _ = try LogScan.walk(raw, try LogSegmentHeader.decode(raw, file: file), file: file) { (record) throws(JadeError) in
                switch end {
                case .latest: break
                case .sequence(let last): isBehind = isBehind || record.sequence > last
                case .milliseconds(let last):
                    // A record without a time is older than all that have one, and goes with the next.
                    if let time = try OperationBatch.milliseconds(of: record), time > last { isBehind = true }
                }
                if !isBehind { length = record.payloadOffset + record.payload.count }
            }
        }
        if length == bytes.count { return self }
        if length == LogSegmentHeader.byteCount { return nil }
        return try LogPiece(checking: Array(bytes[..<length]), file: file)
    }

    /// The segment for a shard of another id.
    package func segment(of shardID: UniqueID, file: String) throws(JadeError) -> [UInt8] {
        var header = try bytes.withRawBytes { (raw) throws(JadeError) in try LogSegmentHeader.decode(raw, file: file) }
        header.shardID = shardID
        return header.encoded() + bytes[LogSegmentHeader.byteCount...]
    }
}

extension WriteAheadLog {
    /// Keeps the records behind a sequence number from ``truncate(upTo:)``, until the next call; nil keeps none.
    package func hold(after sequence: UInt64?) { state.withLock { $0.heldAfter = sequence } }

    /// Bytes of the segments there are, the zeros behind the last record included.
    package func diskBytes() throws(JadeError) -> Int {
        let segments = state.withLock { $0.segments }
        var bytes = 0
        for segment in segments {
            bytes += try files.fileSize(directory + "/" + LogSegmentHeader.name(firstSequence: segment.firstSequence)) ?? 0
        }
        return bytes
    }

    /// The records behind `sequence` up to `last`, or as many of them as stand in one segment.
    ///
    /// `last` must have been committed: it is neither rolled back nor still being written. `notFound` when the log begins
    /// later.
    package func piece(after sequence: UInt64, through last: UInt64) throws(JadeError) -> LogPiece {
        precondition(last > sequence, "a piece without records")
        let segments = state.withLock { $0.segments }
        guard let segment = segments.last(where: { $0.firstSequence <= sequence + 1 }) else {
            throw .notFound("log \"\(directory)\" begins at sequence \(segments[0].firstSequence), not at \(sequence + 1)")
        }
        let path = directory + "/" + LogSegmentHeader.name(firstSequence: segment.firstSequence)
        let bytes = try files.readFile(path, limit: Limits.maximumWholeFileBytes)
        return try bytes.withRawBytes { (raw) throws(JadeError) in
            var (start, end, epoch) = (0, 0, UInt64(0))
            let header = try Self.readHeader(raw, path, segment.firstSequence, shardID)
            _ = try LogScan.walk(raw, header, file: path) { (record) throws(JadeError) in
                guard record.sequence > sequence, record.sequence <= last else { return }
                if start == 0 { (start, epoch) = (record.payloadOffset - LogRecordHead.byteCount, record.epoch) }
                end = record.payloadOffset + record.payload.count
            }
            guard start > 0 else {
                throw .corrupted(file: path, offset: raw.count, expected: "record \(sequence + 1)", found: "the end of the segment")
            }
            let own = LogSegmentHeader(shardID: shardID, epoch: epoch, firstSequence: sequence + 1)
            return try LogPiece(checking: own.encoded() + raw[start..<end], file: path)
        }
    }
}
