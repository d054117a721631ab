import JadeCore
import JadeIO

/// A record as it lies in a segment's bytes; the payload is valid inside the visit only.
package struct LogRecord {
    package let sequence: UInt64
    package let epoch: UInt64
    package let payload: UnsafeRawBufferPointer
    /// Where the payload stands in its file, for errors about its content.
    package let payloadOffset: Int
    package let file: String
}

/// How far a segment's records are good.
struct LogScan: Sendable {
    /// The first byte behind the last good record.
    var end: Int
    /// The sequence number that the record there should have.
    var nextSequence: UInt64
    /// The highest epoch seen so far.
    var epoch: UInt64
    /// Why the scan stopped before the file's end, if it did.
    var defect: Defect?

    struct Defect: Sendable {
        var offset: Int
        var expected: String
        var found: String
        /// The record is whole, by its checksum, and yet does not belong there: no crash does that.
        var isWhole = false
    }

    /// Walks the records of a segment, checking each before it is visited: complete, checksummed, consecutive, of an
    /// epoch that does not fall. Stops at the first that is not.
    static func walk(
        _ bytes: UnsafeRawBufferPointer, _ header: LogSegmentHeader, file: String,
        _ visit: (LogRecord) throws(JadeError) -> Void
    ) throws(JadeError) -> LogScan {
        var scan = LogScan(end: LogSegmentHeader.byteCount, nextSequence: header.firstSequence, epoch: header.epoch)
        while scan.end < bytes.count, !scan.restIsZeros(bytes) {
            switch scan.check(bytes) {
            case .failure(let defect):
                scan.defect = defect
                return scan
            case .success(let head):
                let payloadOffset = scan.end + LogRecordHead.byteCount
                let payload = UnsafeRawBufferPointer(rebasing: bytes[payloadOffset..<(payloadOffset + head.length)])
                try visit(
                    LogRecord(
                        sequence: head.sequence, epoch: head.epoch, payload: payload, payloadOffset: payloadOffset, file: file))
                scan.end = payloadOffset + head.length
                scan.nextSequence += 1
                scan.epoch = head.epoch
            }
        }
        return scan
    }

    /// Whether only the zeros follow that a log writes ahead. A record never begins with 32 of them: its sequence number
    /// is not 0.
    private func restIsZeros(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let rest = bytes[end...]
        return rest.prefix(LogRecordHead.byteCount).allSatisfy { $0 == 0 } && rest.allSatisfy { $0 == 0 }
    }

    private enum Check {
        case success(LogRecordHead)
        case failure(Defect)
    }

    private func check(_ bytes: UnsafeRawBufferPointer) -> Check {
        guard let head = LogRecordHead(bytes, at: end) else {
            return .failure(Defect(offset: end, expected: "a record", found: "\(bytes.count - end) bytes"))
        }
        let rest = bytes.count - end - LogRecordHead.byteCount
        guard head.length <= rest else {
            return .failure(Defect(offset: end, expected: "a payload of at most \(rest) bytes", found: "\(head.length)"))
        }
        let computed = LogRecordHead.computeChecksum(bytes, at: end, length: head.length)
        guard head.checksum == computed else {
            let found = hexadecimal(head.checksum)
            return .failure(Defect(offset: end + 4, expected: "checksum \(hexadecimal(computed))", found: found))
        }
        guard head.sequence == nextSequence else {
            return .failure(Defect(offset: end + 8, expected: "sequence \(nextSequence)", found: "\(head.sequence)", isWhole: true))
        }
        guard head.epoch >= epoch else {
            return .failure(Defect(offset: end + 16, expected: "an epoch of at least \(epoch)", found: "\(head.epoch)", isWhole: true))
        }
        return .success(head)
    }

    /// What lies behind the defect of a last segment.
    struct Aftermath: Sendable {
        /// Good records behind the bad one.
        var records = 0
        /// One of them says that the bad one had reached the disk: it was damaged later.
        var isDamage = false
    }

    /// Looks for good records at any offset behind the defect, wherever their beginnings may have moved to.
    ///
    /// Candidates are told from random bytes by their sequence number before anything is summed. Hostile bytes could
    /// offer many: after summing some multiples of the tail the answer is "damage", which is the careful one.
    func aftermath(_ bytes: UnsafeRawBufferPointer) -> Aftermath {
        var result = Aftermath(isDamage: defect?.isWhole ?? false)
        var budget = 8 * (bytes.count - end) + (1 << 20)
        var offset = end + 1
        var expected = nextSequence
        while let head = LogRecordHead(bytes, at: offset) {
            let rest = bytes.count - offset - LogRecordHead.byteCount
            let furthest = expected.addingReportingOverflow(UInt64(bytes.count / LogRecordHead.byteCount)).partialValue
            guard head.length <= rest, head.sequence >= expected, head.sequence <= furthest, head.epoch >= epoch,
                head.durableSequence < head.sequence
            else {
                offset += 1
                continue
            }
            budget -= head.length + LogRecordHead.byteCount
            if budget < 0 { return Aftermath(records: result.records, isDamage: true) }
            guard head.checksum == LogRecordHead.computeChecksum(bytes, at: offset, length: head.length) else {
                offset += 1
                continue
            }
            result.records += 1
            if head.durableSequence >= nextSequence { result.isDamage = true }
            expected = head.sequence + 1
            offset += LogRecordHead.byteCount + head.length
        }
        return result
    }
}
