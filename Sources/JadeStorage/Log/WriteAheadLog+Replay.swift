package import JadeCore
import JadeIO
import Synchronization

extension WriteAheadLog {
    /// Visits every record after `sequence`, in order; all of the log's segments that hold one are checked.
    ///
    /// Corrupted when a record is bad, or when the log begins later than `sequence` + 1. The unfinished end of the last
    /// segment was cut when the log was opened, so that here nothing is excused. Call it before the first append.
    package func replay(
        after sequence: UInt64, _ body: (LogRecord) throws(JadeError) -> Void
    ) throws(JadeError) {
        let (segments, end, endOffset) = state.withLock { ($0.segments, $0.nextSequence, $0.file.size) }
        let first = segments[0].firstSequence
        guard first <= sequence + 1 else {
            throw .corrupted(file: directory, offset: 0, expected: "a log from sequence \(sequence + 1)", found: "one from \(first)")
        }
        var epoch: UInt64 = 0
        for (index, segment) in segments.enumerated() {
            let next = index + 1 < segments.count ? segments[index + 1].firstSequence : end
            if next <= sequence + 1 { continue }
            let path = directory + "/" + LogSegmentHeader.name(firstSequence: segment.firstSequence)
            let bytes = try files.readFile(path, limit: Limits.maximumWholeFileBytes)
            let scan = try bytes.withRawBytes { (whole) throws(JadeError) in
                // Zeros that were written ahead follow the last record of the last segment only.
                let isLast = index + 1 == segments.count
                let raw = isLast ? UnsafeRawBufferPointer(rebasing: whole.prefix(endOffset)) : whole
                let header = try Self.readHeader(raw, path, segment.firstSequence, shardID)
                guard header.epoch >= epoch else {
                    throw .corrupted(file: path, offset: 24, expected: "an epoch of at least \(epoch)", found: "\(header.epoch)")
                }
                return try LogScan.walk(raw, header, file: path) { (record) throws(JadeError) in
                    if record.sequence > sequence { try body(record) }
                }
            }
            if let defect = scan.defect {
                throw .corrupted(file: path, offset: defect.offset, expected: defect.expected, found: defect.found)
            }
            guard scan.nextSequence == next else {
                let found = "up to \(scan.nextSequence - 1)"
                throw .corrupted(file: path, offset: scan.end, expected: "records up to \(next - 1)", found: found)
            }
            epoch = scan.epoch
        }
    }
}
