internal import JadeCore
internal import JadeIO
internal import JadeKernels

/// `facts`: the scales of a cosine shard's rows at a clean shutdown, so that opening need not read every row. Derived and
/// expendable: one that is missing, older or damaged is computed anew. `docs/formats/scales.md`.
enum ScalesFile {
    static let magic: UInt32 = 0x4C43_534A  // "JSCL"
    static let version: UInt32 = 1
    static let headerBytes = 32

    static func write(
        _ scales: UnsafePointer<Float>, count: Int, sequence: UInt64, to path: String, _ files: any FileSystem
    ) throws(JadeError) {
        let bytes = UnsafeRawBufferPointer(start: scales, count: count * 4)
        let header = header(count: count, sequence: sequence, checksum: CRC32C.checksum(bytes))
        try files.remove(path)
        let file = try files.openAppendFile(path, create: true)
        defer { file.close() }
        try file.write(header)
        try file.write(bytes)
        try file.sync()
    }

    /// Fills `scales`; false if the file does not hold those of this moment.
    static func read(
        into scales: UnsafeMutablePointer<Float>, count: Int, sequence: UInt64, from path: String, _ files: any FileSystem
    ) throws(JadeError) -> Bool {
        guard try files.fileSize(path) == headerBytes + count * 4 else { return false }
        let file = try files.openAppendFile(path, create: false)
        defer { file.close() }
        var header = [UInt8](repeating: 0, count: headerBytes)
        let target = UnsafeMutableRawBufferPointer(start: scales, count: count * 4)
        guard try readFully(file, &header), try file.read(at: headerBytes, into: target) == target.count else { return false }
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(target))
        return header == self.header(count: count, sequence: sequence, checksum: checksum)
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
