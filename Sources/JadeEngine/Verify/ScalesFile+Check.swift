internal import JadeCore
internal import JadeIO
internal import JadeKernels

extension ScalesFile {
    struct Summary {
        var sequence: UInt64
        var rows: UInt64
    }

    /// Reads a file of scales and checks it against its own checksums.
    static func check(_ path: String) throws(JadeError) -> Summary {
        let bytes = try ReadOnlyFileSystem().readFile(path, limit: Limits.maximumWholeFileBytes)
        return try bytes.withRawBytes { (raw) throws(JadeError) in
            var reader = ByteReader(raw, file: path)
            let magic = try reader.read(UInt32.self)
            guard magic == Self.magic else {
                throw reader.corrupted(back: 4, expected: "the magic \"JSCL\"", found: String(magic, radix: 16))
            }
            let version = try reader.read(UInt32.self)
            guard version <= Self.version else {
                throw .unavailable("\(path) has format version \(version), this program reads up to \(Self.version): use a newer one")
            }
            let (sequence, rows) = (try reader.read(UInt64.self), try reader.read(UInt64.self))
            let stored = try reader.read(UInt32.self)
            let header = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[..<(headerBytes - 4)]))
            let found = try reader.read(UInt32.self)
            guard header == found else {
                throw reader.corrupted(back: 4, expected: "checksum 0x\(String(header, radix: 16))", found: "0x\(String(found, radix: 16))")
            }
            let numbers = UnsafeRawBufferPointer(rebasing: raw[headerBytes...])
            guard rows <= UInt64(Limits.maximumVectorsPerShard), numbers.count == Int(rows) * 4 else {
                throw .corrupted(file: path, offset: 16, expected: "\(numbers.count / 4) rows", found: "\(rows)")
            }
            let computed = CRC32C.checksum(numbers)
            guard computed == stored else {
                throw .corrupted(
                    file: path, offset: 24, expected: "checksum 0x\(String(computed, radix: 16))", found: "0x\(String(stored, radix: 16))")
            }
            return Summary(sequence: sequence, rows: rows)
        }
    }
}
