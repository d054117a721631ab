import JadeCore
import JadeIO
import JadeKernels

/// `vectors.ids`: the ids that are too long for a block's head, one after the other.
///
/// An entry's checksum covers the ordinal and sequence of the row that it belongs to, so that a damaged offset can't
/// lead to another row's id. Pages that hold entries of free slots alone become holes; the file itself only grows.
final class OverflowIDs: Sendable {
    static let magic: UInt32 = 0x5344_494A  // "JIDS"
    static let version: UInt32 = 1
    static let headerBytes = 32
    private static let entryHeadBytes = 8

    private let file: any AppendFile

    init(_ file: any AppendFile) { self.file = file }

    /// `vectors.mmap` → `vectors.ids`.
    static func path(besides vectorsPath: String) -> String {
        let stem = vectorsPath.hasSuffix(".mmap") ? String(vectorsPath.dropLast(5)) : vectorsPath
        return stem + ".ids"
    }

    static func create(_ path: String, _ fileID: UniqueID, in files: any FileSystem) throws(JadeError) {
        var writer = ByteWriter(reserving: headerBytes)
        writer.append(magic)
        writer.append(version)
        writer.append(fileID)
        writer.append(UInt32(0))
        writer.append(writer.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        try files.replaceFile(path, with: writer.bytes)
    }

    static func open(
        _ path: String, _ fileID: UniqueID, expectedBytes: Int, in files: any FileSystem
    ) throws(JadeError) -> OverflowIDs {
        let file = try files.openAppendFile(path, create: false)
        guard file.size >= max(expectedBytes, headerBytes) else {
            throw .corrupted(
                file: path, offset: file.size, expected: "a file of at least \(max(expectedBytes, headerBytes)) bytes",
                found: "its end")
        }
        try checkHeader(try read(file, at: 0, count: headerBytes), path, fileID)
        return OverflowIDs(file)
    }

    static func checkHeader(_ bytes: [UInt8], _ path: String, _ fileID: UniqueID) throws(JadeError) {
        try bytes.withRawBytes { (raw) throws(JadeError) in
            var reader = ByteReader(raw, file: path)
            let magic = try reader.read(UInt32.self)
            guard magic == Self.magic else {
                throw reader.corrupted(back: 4, expected: "the magic \"JIDS\"", found: hexadecimal(magic))
            }
            let version = try reader.read(UInt32.self)
            let found = try reader.readUniqueID()
            _ = try reader.read(UInt32.self)
            let stored = try reader.read(UInt32.self)
            let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[..<(headerBytes - 4)]))
            guard stored == computed else {
                throw reader.corrupted(back: 4, expected: "checksum \(hexadecimal(computed))", found: hexadecimal(stored))
            }
            try checkVersion(version, known: Self.version, file: path)
            guard found == fileID else {
                throw .corrupted(file: path, offset: 8, expected: "file id \(fileID)", found: "\(found)")
            }
        }
    }

    var size: Int { file.size }

    func append(_ id: [UInt8], ordinal: Int, sequence: UInt64) throws(JadeError) -> UInt64 {
        var writer = ByteWriter(reserving: Self.entryHeadBytes + id.count)
        writer.append(UInt32(id.count))
        writer.append(Self.checksum(id, ordinal, sequence))
        writer.append(contentsOf: id)
        let offset = file.size
        try file.write(writer.bytes)
        return UInt64(offset)
    }

    func read(at offset: UInt64, count: Int, ordinal: Int, sequence: UInt64) throws(JadeError) -> [UInt8] {
        let end = file.size - Self.entryHeadBytes - count
        guard offset >= UInt64(Self.headerBytes), end >= 0, offset <= UInt64(end) else {
            throw .corrupted(
                file: file.path, offset: Int(clamping: offset), expected: "an id of \(count) bytes within \(file.size) bytes",
                found: "an offset outside")
        }
        let entry = try Self.read(file, at: Int(offset), count: Self.entryHeadBytes + count)
        let id = Array(entry[Self.entryHeadBytes...])
        let (length, stored) = entry.withUnsafeBytes { raw in
            (raw.baseAddress!.number(at: 0, as: UInt32.self), raw.baseAddress!.number(at: 4, as: UInt32.self))
        }
        guard length == UInt32(count) else {
            throw .corrupted(file: file.path, offset: Int(offset), expected: "an id of \(count) bytes", found: "\(length)")
        }
        let computed = Self.checksum(id, ordinal, sequence)
        guard stored == computed else {
            throw .corrupted(
                file: file.path, offset: Int(offset) + 4, expected: "checksum \(hexadecimal(computed))",
                found: hexadecimal(stored))
        }
        return id
    }

    func sync() throws(JadeError) { try file.sync() }

    /// The bytes that an entry takes.
    static func entry(at offset: UInt64, idBytes: Int) -> Range<UInt64> { offset..<(offset + UInt64(entryHeadBytes + idBytes)) }

    /// Gives back the disk blocks of pages without any of `entries`, but for the header's and the one that is being filled; how many
    /// bytes they have, those that were given back before included.
    func discard(allBut entries: [Range<UInt64>]) throws(JadeError) -> Int {
        let page = UInt64(systemPageBytes)
        let end = UInt64(file.size) / page
        guard end > 1 else { return 0 }
        var isKept = [Bool](repeating: false, count: Int(end))
        for entry in entries {
            for number in (entry.lowerBound / page)...((entry.upperBound - 1) / page) where number < end { isKept[Int(number)] = true }
        }
        var (given, start) = (0, 1)
        for number in 1...isKept.count where number == isKept.count || isKept[number] {
            if number > start { try file.discard((start * systemPageBytes)..<(number * systemPageBytes)) }
            given += max(number - start, 0) * systemPageBytes
            start = number + 1
        }
        return given
    }

    private static func checksum(_ id: [UInt8], _ ordinal: Int, _ sequence: UInt64) -> UInt32 {
        let seed = withUnsafeBytes(of: (UInt64(ordinal).littleEndian, sequence.littleEndian)) { CRC32C.checksum($0) }
        return id.withUnsafeBytes { CRC32C.checksum($0, after: seed) }
    }

    private static func read(_ file: any AppendFile, at offset: Int, count: Int) throws(JadeError) -> [UInt8] {
        var failure: JadeError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(JadeError) {
                filled = try file.read(at: offset, into: UnsafeMutableRawBufferPointer(buffer))
            } catch { failure = error }
        }
        if let failure { throw failure }
        guard bytes.count == count else {
            throw .corrupted(file: file.path, offset: offset, expected: "\(count) bytes", found: "\(bytes.count)")
        }
        return bytes
    }
}
