import JadeCore
import JadeIO
import JadeKernels

/// `metadata.sum`: length and checksum of `metadata.db` as a clean shutdown left it. SQLite does not notice a flipped bit in
/// what it stores; this does, before anybody is answered with it. `docs/formats/metadata-sum.md`.
///
/// The file goes before the first change and comes back with the next clean shutdown, so where it is, it holds.
struct MetadataSum: Equatable {
    private static let magic: UInt32 = 0x4D53_4D4A  // "JMSM"
    private static let version: UInt32 = 1
    private static let byteCount = 32
    private static let chunkBytes = 1 << 20

    var length: Int
    var checksum: UInt32

    /// Reads the whole file. Complexity: O(bytes), at the speed of memory where the system still holds them.
    init(of path: String, in files: any FileSystem) throws(JadeError) {
        let file = try files.openAppendFile(path, create: false)
        defer { file.close() }
        length = 0
        checksum = 0
        var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
        var failure: JadeError?
        while failure == nil {
            let (offset, seed) = (length, checksum)
            let (count, sum) = chunk.withUnsafeMutableBytes { raw -> (Int, UInt32) in
                do throws(JadeError) {
                    let count = try file.read(at: offset, into: raw)
                    return (count, CRC32C.checksum(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(raw)[..<count]), after: seed))
                } catch {
                    failure = error
                    return (0, seed)
                }
            }
            if count == 0 { break }
            (length, checksum) = (length + count, sum)
        }
        if let failure { throw failure }
    }

    /// What a clean shutdown has written, or nil where nothing is known.
    init?(readFrom path: String, in files: any FileSystem) throws(JadeError) {
        guard try files.fileExists(path) else { return nil }
        let bytes = try files.readFile(path, limit: Self.byteCount)
        guard bytes.count == Self.byteCount else {
            throw .corrupted(file: path, offset: bytes.count, expected: "\(Self.byteCount) bytes", found: "\(bytes.count)")
        }
        let parsed = try bytes.withRawBytes { (raw) throws(JadeError) in
            var reader = ByteReader(raw, file: path)
            let (magic, version) = (try reader.read(UInt32.self), try reader.read(UInt32.self))
            let (length, checksum) = (try reader.read(UInt64.self), try reader.read(UInt32.self))
            let stored: UInt32 = raw.baseAddress.unsafelyUnwrapped.number(at: Self.byteCount - 4)
            let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[..<(Self.byteCount - 4)]))
            guard stored == computed, magic == Self.magic else {
                throw .corrupted(
                    file: path, offset: Self.byteCount - 4, expected: "checksum \(hexadecimal(computed))", found: hexadecimal(stored))
            }
            try checkVersion(version, known: Self.version, file: path)
            return (Int(clamping: length), checksum)
        }
        (length, checksum) = parsed
    }

    func write(to path: String, in files: any FileSystem) throws(JadeError) {
        var writer = ByteWriter(reserving: Self.byteCount)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(UInt64(length))
        writer.append(checksum)
        writer.appendZeros(upTo: Self.byteCount - 4)
        writer.append(writer.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        try files.replaceFile(path, with: writer.bytes)
    }

    /// Corrupted when the file is no longer what the last clean shutdown left.
    static func verify(_ path: String, against sumPath: String, in files: any FileSystem) throws(JadeError) {
        guard let expected = try MetadataSum(readFrom: sumPath, in: files) else { return }
        let found = try MetadataSum(of: path, in: files)
        guard found.length == expected.length else {
            throw .corrupted(file: path, offset: found.length, expected: "\(expected.length) bytes", found: "\(found.length)")
        }
        guard found.checksum == expected.checksum else {
            throw .corrupted(
                file: path, offset: 0, expected: "checksum \(hexadecimal(expected.checksum))", found: hexadecimal(found.checksum))
        }
    }
}
