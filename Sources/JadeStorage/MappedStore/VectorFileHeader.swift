package import JadeCore
package import JadeIO
import JadeKernels

/// The first 256 bytes of a vectors file (docs/formats/vectors-mmap.md). True at the last checkpoint; between checkpoints
/// the log knows what has happened since.
package struct VectorFileHeader: Sendable, Hashable {
    static let magic: UInt32 = 0x4544_414A  // "JADE"
    static let version: UInt32 = 1
    static let cleanMark: UInt32 = 0x4E41_454C  // "LEAN"

    package var dimension: Int
    package var elementType: ElementType
    package var fileID: UniqueID
    /// Live vectors.
    package var vectorCount = 0
    /// The first free block, or 0.
    package var freeListOffset: UInt64 = 0
    /// Blocks chained from there.
    package var freeCount = 0
    /// The id → offset map behind the blocks, or 0: it exists in cleanly closed files only.
    package var indexOffset = 0
    package var indexLength = 0
    /// Blocks that the file has room for.
    package var capacity = 0
    /// Blocks up to the highest that was ever written.
    package var slotsUsed = 0
    package var isClean = false
    /// The last sequence number whose effects all are in the file.
    package var checkpointSequence: UInt64 = 0
    /// Bytes of `vectors.ids` that belong to this state.
    package var overflowBytes = 0

    init(dimension: Int, elementType: ElementType, fileID: UniqueID) {
        self.dimension = dimension
        self.elementType = elementType
        self.fileID = fileID
    }

    var layout: VectorFileLayout { VectorFileLayout(dimension: dimension, elementType: elementType) }

    func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: VectorFileLayout.headerBytes)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(UInt32(dimension))
        writer.append(UInt64(vectorCount))
        writer.append(freeListOffset)
        writer.append(UInt64(indexOffset))
        writer.append(elementType.rawValue)
        writer.append(UInt64(layout.stride))
        writer.append(UInt64(VectorFileLayout.dataOffset))
        writer.append(UInt64(capacity))
        writer.append(UInt64(slotsUsed))
        writer.append(fileID)
        writer.append(isClean ? Self.cleanMark : 0)
        writer.append(UInt32(0))
        writer.append(UInt64(indexLength))
        writer.append(checkpointSequence)
        writer.append(UInt64(overflowBytes))
        writer.append(UInt64(freeCount))
        writer.appendZeros(upTo: VectorFileLayout.headerBytes - 4)
        writer.append(writer.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        return writer.bytes
    }

    /// Reads and checks one copy of the header; `offset` is where it stands in the file.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, file: String, offset: Int
    ) throws(JadeError) -> VectorFileHeader {
        var reader = ByteReader(bytes, file: file, start: offset)
        try readPreamble(&reader, bytes)
        let dimension = Int(try reader.read(UInt32.self))
        guard (1...Limits.maximumDimension).contains(dimension) else {
            throw reader.corrupted(back: 4, expected: "a dimension of 1 to \(Limits.maximumDimension)", found: "\(dimension)")
        }
        let vectorCount = try readCount(&reader)
        let freeListOffset = try reader.read(UInt64.self)
        let indexOffset = try readCount(&reader)
        let typeCode = try reader.read(UInt32.self)
        guard let elementType = ElementType(rawValue: typeCode) else {
            throw reader.corrupted(back: 4, expected: "a known element type", found: "\(typeCode)")
        }
        try readLayout(&reader, VectorFileLayout(dimension: dimension, elementType: elementType))
        let capacity = try readCount(&reader)
        let slotsUsed = try readCount(&reader)
        var header = VectorFileHeader(dimension: dimension, elementType: elementType, fileID: try reader.readUniqueID())
        header.isClean = try readCleanMark(&reader)
        header.vectorCount = vectorCount
        header.freeListOffset = freeListOffset
        header.indexOffset = indexOffset
        header.capacity = capacity
        header.slotsUsed = slotsUsed
        header.indexLength = try readCount(&reader)
        header.checkpointSequence = try reader.read()
        header.overflowBytes = try readCount(&reader)
        header.freeCount = try readCount(&reader)
        return header
    }

    private static func readPreamble(
        _ reader: inout ByteReader, _ bytes: UnsafeRawBufferPointer
    ) throws(JadeError) {
        let magic = try reader.read(UInt32.self)
        guard magic == Self.magic else {
            throw reader.corrupted(back: 4, expected: "the magic \"JADE\"", found: hexadecimal(magic))
        }
        let version = try reader.read(UInt32.self)
        let end = VectorFileLayout.headerBytes - 4
        let stored: UInt32 = bytes.baseAddress!.number(at: end)
        let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<end]))
        guard stored == computed else {
            throw .corrupted(
                file: reader.file, offset: reader.start + end, expected: "checksum \(hexadecimal(computed))",
                found: hexadecimal(stored))
        }
        try checkVersion(version, known: Self.version, file: reader.file)
    }

    private static func readLayout(_ reader: inout ByteReader, _ layout: VectorFileLayout) throws(JadeError) {
        let stride = try reader.read(UInt64.self)
        guard stride == UInt64(layout.stride) else {
            throw reader.corrupted(back: 8, expected: "a block stride of \(layout.stride) bytes", found: "\(stride)")
        }
        let dataOffset = try reader.read(UInt64.self)
        guard dataOffset == UInt64(VectorFileLayout.dataOffset) else {
            throw reader.corrupted(back: 8, expected: "a data offset of \(VectorFileLayout.dataOffset)", found: "\(dataOffset)")
        }
    }

    private static func readCleanMark(_ reader: inout ByteReader) throws(JadeError) -> Bool {
        let mark = try reader.read(UInt32.self)
        guard mark == 0 || mark == cleanMark else {
            throw reader.corrupted(back: 4, expected: "a clean-shutdown mark or 0", found: hexadecimal(mark))
        }
        _ = try reader.read(UInt32.self)
        return mark == cleanMark
    }

    private static func readCount(_ reader: inout ByteReader) throws(JadeError) -> Int {
        let number = try reader.read(UInt64.self)
        guard let count = Int(exactly: number) else {
            throw reader.corrupted(back: 8, expected: "a count below 2^63", found: "\(number)")
        }
        return count
    }

    /// Compares the fields with each other and with the file they stand in.
    func check(file: String, length: Int) throws(JadeError) {
        let layout = layout
        try require(capacity <= Limits.maximumVectorsPerShard, file, 56, "at most \(Limits.maximumVectorsPerShard) slots", capacity)
        try require(slotsUsed <= capacity, file, 64, "at most \(capacity) used slots", slotsUsed)
        try require(vectorCount <= slotsUsed, file, 12, "at most \(slotsUsed) vectors", vectorCount)
        try require(freeCount <= slotsUsed - vectorCount, file, 120, "at most \(slotsUsed - vectorCount) free slots", freeCount)
        try require((freeListOffset == 0) == (freeCount == 0), file, 20, "a free list of \(freeCount) blocks", Int(freeListOffset))
        let end = layout.dataEnd(capacity: capacity)
        try require(length >= end, file, length, "a file of at least \(end) bytes", length)
        let indexIsInside = indexOffset >= end && indexLength <= length && indexOffset <= length - indexLength
        try require(
            (indexOffset == 0 && indexLength == 0) || indexIsInside, file, 28,
            "an index area between \(end) and \(length)", indexOffset)
        try require(isClean == (indexOffset != 0), file, 88, "an index area exactly when closed cleanly", indexOffset)
    }
}

private func require(
    _ holds: Bool, _ file: String, _ offset: Int, _ expected: @autoclosure () -> String, _ found: Int
) throws(JadeError) {
    if !holds { throw .corrupted(file: file, offset: offset, expected: expected(), found: "\(found)") }
}

func hexadecimal(_ number: some BinaryInteger) -> String { "0x" + String(number, radix: 16) }

/// A file of a later program is not damaged: say what to do instead.
func checkVersion(_ version: UInt32, known: UInt32, file: String) throws(JadeError) {
    if version == known { return }
    guard version > known else {
        throw .corrupted(file: file, offset: 4, expected: "format version \(known)", found: "\(version)")
    }
    throw .unavailable("\(file) has format version \(version), this program reads up to version \(known): use a newer one")
}
