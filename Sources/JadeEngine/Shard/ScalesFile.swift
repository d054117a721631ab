internal import JadeCore
internal import JadeIO
internal import JadeKernels

/// `facts`: the scales of a cosine shard's rows at a checkpoint or a clean shutdown, so that opening need not read every row.
/// Derived and expendable: one that is missing, older or damaged is computed anew. `docs/formats/scales.md`.
enum ScalesFile {
    static let magic: UInt32 = 0x4C43_534A  // "JSCL"
    static let version: UInt32 = 1
    static let headerBytes = 32

    static func write(
        _ scales: UnsafePointer<Float>, count: Int, sequence: UInt64, to path: String, _ files: any FileSystem
    ) throws(JadeError) {
        let bytes = UnsafeRawBufferPointer(start: scales, count: count * 4)
        let header = header(count: count, sequence: sequence, checksum: CRC32C.checksum(bytes))
        let new = path + ".tmp"
        try files.remove(new)
        let file = try files.openAppendFile(new, create: true)
        defer { file.close() }
        try file.write(header)
        try file.write(bytes)
        try file.sync()
        // Its name may be lost in a power cut: then the old file is there, which says that it is old.
        try files.rename(new, to: path)
    }

    /// Fills the beginning of `scales`; how many of at most `count`, 0 if the file does not hold those of this moment.
    static func read(
        into scales: UnsafeMutablePointer<Float>, atMost count: Int, sequence: UInt64, from path: String, _ files: any FileSystem
    ) throws(JadeError) -> Int {
        guard let size = try files.fileSize(path), size >= headerBytes, (size - headerBytes) % 4 == 0 else { return 0 }
        let found = (size - headerBytes) / 4
        guard found <= count else { return 0 }
        let file = try files.openAppendFile(path, create: false)
        defer { file.close() }
        var header = [UInt8](repeating: 0, count: headerBytes)
        let target = UnsafeMutableRawBufferPointer(start: scales, count: found * 4)
        guard try readFully(file, &header), try file.read(at: headerBytes, into: target) == target.count else { return 0 }
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(target))
        return header == self.header(count: found, sequence: sequence, checksum: checksum) ? found : 0
    }

    private static func header(count: Int, sequence: UInt64, checksum: UInt32) -> [UInt8] {
        var header = ByteWriter(reserving: headerBytes)
        header.append(magic)
        header.append(version)
        header.append(sequence)
        header.append(UInt64(count))
        header.append(checksum)
        header.append(CRC32C.checksum(header.bytes))
        return header.bytes
    }

    private static func readFully(_ file: any AppendFile, _ header: inout [UInt8]) throws(JadeError) -> Bool {
        var failure: JadeError?
        let count = header.withUnsafeMutableBytes { buffer -> Int in
            do throws(JadeError) { return try file.read(at: 0, into: buffer) } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return count == header.count
    }
}
