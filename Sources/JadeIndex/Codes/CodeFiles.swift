internal import JadeCore
internal import JadeIO
internal import JadeKernels

/// How the codes of a saved graph lie beside it: `codes` holds the rows of codes as they are in memory, `codebook` says what they
/// are. `docs/formats/hnsw.md` is the specification.
enum CodeFiles {
    static let codes = "codes"
    static let codebook = "codebook"
    private static let magic: UInt32 = 0x444F_434A  // "JCOD"
    private static let version: UInt32 = 1
    private static let headBytes = 40

    /// Writes both; the graph's header comes after them.
    static func save(_ codes: NodeCodes, extent: Int, to directory: String, _ files: any FileSystem) throws(JadeError) {
        let bytes = UnsafeRawBufferPointer(start: codes.memory.base, count: extent * codes.stride)
        try HNSWIndex.write(bytes, to: "\(directory)/\(Self.codes)", files)
        var writer = ByteWriter(reserving: headBytes + codes.dimension * 4 + 4)
        for word in [magic, version, UInt32(codes.bits), UInt32(codes.dimension)] { writer.append(word) }
        for word in [UInt64(codes.sampled), UInt64(bytes.count)] { writer.append(word) }
        writer.append(CRC32C.checksum(bytes))
        writer.append(UInt32(0))
        for index in 0..<codes.dimension { writer.append(codes.mean[index].bitPattern) }
        writer.append(CRC32C.checksum(writer.bytes))
        try files.replaceFile("\(directory)/\(codebook)", with: writer.bytes)
    }

    /// Maps the codes of `extent` rows, copying a page only when it changes; nil where the graph was saved without any of the kind.
    static func load(
        _ quantization: IndexSettings.Quantization, from directory: String, rows: RowSource, extent: Int, kernels: Kernels,
        _ files: any FileSystem
    ) throws(JadeError) -> NodeCodes? {
        let path = "\(directory)/\(codebook)"
        guard quantization != .none, try files.fileExists(path) else { return nil }
        let size = headBytes + rows.dimension * 4 + 4
        let bytes = try files.readFile(path, limit: size)
        guard bytes.count == size else {
            throw .corrupted(file: path, offset: bytes.count, expected: "\(size) bytes", found: "\(bytes.count)")
        }
        return try bytes.withRawBytes { (raw) throws(JadeError) in
            let stored: UInt32 = UnsafeRawPointer(raw.baseAddress.unsafelyUnwrapped).number(at: size - 4)
            let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[..<(size - 4)]))
            guard stored == computed else {
                throw .corrupted(file: path, offset: size - 4, expected: "checksum \(computed)", found: "\(stored)")
            }
            var reader = ByteReader(raw, file: path)
            let expected = [magic, version, UInt32(quantization.bits), UInt32(rows.dimension)]
            for word in expected {
                let found = try reader.read(UInt32.self)
                guard found == word else { throw reader.corrupted(back: 4, expected: "\(word)", found: "\(found)") }
            }
            return try map(quantization, &reader, directory, rows: rows, extent: extent, kernels: kernels, files)
        }
    }

    private static func map(
        _ quantization: IndexSettings.Quantization, _ reader: inout ByteReader, _ directory: String, rows: RowSource, extent: Int,
        kernels: Kernels, _ files: any FileSystem
    ) throws(JadeError) -> NodeCodes {
        let path = "\(directory)/\(codes)"
        let stride = NodeCodes.stride(quantization, dimension: rows.dimension)
        let (sampled, length) = (try reader.read(UInt64.self), try reader.read(UInt64.self))
        let (checksum, _) = (try reader.read(UInt32.self), try reader.read(UInt32.self))
        let size = try files.fileSize(path) ?? 0
        guard length == UInt64(extent * stride), size == extent * stride else {
            throw .corrupted(file: path, offset: size, expected: "\(extent * stride) bytes", found: "\(size), named \(length)")
        }
        let memory = try ReservedMemory.mappingFile(
            path: path, length: size, reserve: Limits.maximumVectorsPerShard * stride)
        let found = CRC32C.checksum(UnsafeRawBufferPointer(start: memory.base, count: size))
        guard found == checksum else {
            throw .corrupted(file: path, offset: 0, expected: "checksum \(checksum)", found: "\(found)")
        }
        let result = try NodeCodes(
            quantization, metric: rows.metric, dimension: rows.dimension, memory: memory, kernels: kernels)
        result.sampled = Int(clamping: sampled)
        for index in 0..<rows.dimension { result.mean[index] = Float(bitPattern: try reader.read()) }
        return result
    }
}

extension IndexSettings.Quantization {
    /// Bits of a component.
    var bits: Int {
        switch self {
        case .none: 32
        case .sq8, .rabitq8: 8
        case .sq4, .pq, .rabitq4: 4
        case .rabitq: 1
        }
    }
}

extension NodeCodes {
    var bits: Int { quantization.bits }
}
