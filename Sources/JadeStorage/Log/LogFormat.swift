import JadeCore
import JadeIO
import JadeKernels

/// The first 64 bytes of a log segment (docs/formats/wal.md).
struct LogSegmentHeader: Sendable, Hashable {
    static let magic: UInt32 = 0x4C41_574A  // "JWAL"
    static let version: UInt32 = 1
    static let byteCount = 64

    var shardID: UniqueID
    /// Of the writer that began the segment.
    var epoch: UInt64
    /// Of the first record; the segment's name is the same number.
    var firstSequence: UInt64

    func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: Self.byteCount)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(shardID)
        writer.append(epoch)
        writer.append(firstSequence)
        writer.appendZeros(upTo: Self.byteCount - 4)
        writer.append(writer.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        return writer.bytes
    }

    static func decode(_ bytes: UnsafeRawBufferPointer, file: String) throws(JadeError) -> LogSegmentHeader {
        guard bytes.count >= byteCount else {
            throw .corrupted(file: file, offset: bytes.count, expected: "a header of \(byteCount) bytes", found: "the file's end")
        }
        var reader = ByteReader(bytes, file: file)
        let magic = try reader.read(UInt32.self)
        guard magic == Self.magic else {
            throw reader.corrupted(back: 4, expected: "the magic \"JWAL\"", found: hexadecimal(magic))
        }
        let stored: UInt32 = bytes.baseAddress!.number(at: byteCount - 4)
        let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<(byteCount - 4)]))
        guard stored == computed else {
            throw .corrupted(
                file: file, offset: byteCount - 4, expected: "checksum \(hexadecimal(computed))", found: hexadecimal(stored))
        }
        try checkVersion(try reader.read(), known: version, file: file)
        return LogSegmentHeader(
            shardID: try reader.readUniqueID(), epoch: try reader.read(), firstSequence: try reader.read())
    }

    /// `00000000000000000042.log`: sorts as the numbers do.
    static func name(firstSequence: UInt64) -> String {
        let digits = String(firstSequence)
        return String(repeating: "0", count: 20 - digits.count) + digits + ".log"
    }

    /// The number in a segment's name, or nil for another file's.
    static func firstSequence(inName name: String) -> UInt64? {
        guard name.utf8.count == 24, name.hasSuffix(".log") else { return nil }
        let digits = name.dropLast(4)
        return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt64(digits) : nil
    }
}

/// The 32 bytes before a record's payload.
struct LogRecordHead: Sendable, Hashable {
    static let byteCount = 32

    var length: Int
    var checksum: UInt32
    var sequence: UInt64
    var epoch: UInt64
    /// The last sequence number that was known to be on the disk when this record was written. It tells a hole that a
    /// power cut left in what was never promised from damage in what was.
    var durableSequence: UInt64

    /// Reads the head at `offset`; nil when fewer than 32 bytes are left.
    init?(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        guard offset <= bytes.count - Self.byteCount, let base = bytes.baseAddress else { return nil }
        length = Int(base.number(at: offset, as: UInt32.self))
        checksum = base.number(at: offset + 4)
        sequence = base.number(at: offset + 8)
        epoch = base.number(at: offset + 16)
        durableSequence = base.number(at: offset + 24)
    }

    /// The checksum of the record at `offset`, whose bytes are all there: over everything but the checksum itself.
    static func computeChecksum(_ bytes: UnsafeRawBufferPointer, at offset: Int, length: Int) -> UInt32 {
        let seed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset + 4)]))
        return CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[(offset + 8)..<(offset + byteCount + length)]), after: seed)
    }

    /// Appends a whole record.
    static func append(
        _ payload: UnsafeRawBufferPointer, sequence: UInt64, epoch: UInt64, durableSequence: UInt64, to writer: inout ByteWriter
    ) {
        let start = writer.count
        writer.append(UInt32(payload.count))
        writer.append(UInt32(0))
        writer.append(sequence)
        writer.append(epoch)
        writer.append(durableSequence)
        writer.append(contentsOf: payload)
        let checksum = writer.bytes.withUnsafeBytes { computeChecksum($0, at: start, length: payload.count) }
        writer.store(checksum, at: start + 4)
    }
}
