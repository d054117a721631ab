package import JadeCore
internal import JadeIO
internal import JadeKernels

/// What every trained quantizer becomes on disk: a few numbers and a run of floats. `docs/formats/codebook.md` is the
/// specification.
package struct Codebook: Sendable, Hashable {
    /// Never renumber.
    package enum Kind: UInt32, Sendable, CaseIterable {
        case centroids = 1
        case scalar = 2
        case product = 3
        case binary = 4
    }

    package var kind: Kind
    package var metric: Metric
    /// Components of the vectors it encodes.
    package var dimension: Int
    /// Bits of a code's smallest part.
    package var bits = 0
    /// Centroids, or parts of a vector.
    package var parts = 0
    /// Of what was drawn at random and is drawn again instead of stored.
    package var seed: UInt64 = 0
    package var values: [Float]

    package init(
        kind: Kind, metric: Metric, dimension: Int, bits: Int = 0, parts: Int = 0, seed: UInt64 = 0, values: [Float]
    ) {
        (self.kind, self.metric, self.dimension, self.bits) = (kind, metric, dimension, bits)
        (self.parts, self.seed, self.values) = (parts, seed, values)
    }

    static let magic: UInt32 = 0x4B42_434A  // "JCBK"
    static let version: UInt32 = 1
    static let headerBytes = 64

    /// The file's bytes.
    package func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: Self.headerBytes + values.count * 4 + 4)
        for word in [Self.magic, Self.version, kind.rawValue, metric.fileCode] { writer.append(word) }
        for word in [dimension, bits, parts] { writer.append(UInt32(word)) }
        writer.append(UInt32(0))
        writer.append(seed)
        writer.append(UInt64(values.count))
        writer.appendZeros(upTo: Self.headerBytes - 4)
        writer.append(CRC32C.checksum(writer.bytes))
        for value in values { writer.append(value.bitPattern) }
        let content = writer.bytes.withUnsafeBytes { CRC32C.checksum(UnsafeRawBufferPointer(rebasing: $0[Self.headerBytes...])) }
        writer.append(content)
        return writer.bytes
    }

    /// Reads a file's bytes.
    ///
    /// - Throws: `corrupted` with `file`, offset, expected and found, for whatever does not hold.
    package init(_ bytes: [UInt8], file: String) throws(JadeError) {
        self = try bytes.withRawBytes { (raw) throws(JadeError) in try Self(raw, file) }
    }

    private init(_ raw: UnsafeRawBufferPointer, _ file: String) throws(JadeError) {
        var reader = ByteReader(raw, file: file)
        let header = try reader.readBytes(Self.headerBytes)
        try Self.checkHeader(header, file)
        reader = ByteReader(raw, file: file)
        _ = try reader.readBytes(8)
        let kindCode = try reader.read(UInt32.self)
        guard let kind = Kind(rawValue: kindCode) else {
            throw reader.corrupted(back: 4, expected: "a kind of codebook", found: "\(kindCode)")
        }
        let metricCode = try reader.read(UInt32.self)
        guard let metric = Metric(fileCode: metricCode) else {
            throw reader.corrupted(back: 4, expected: "a metric", found: "\(metricCode)")
        }
        let numbers = [try reader.read(UInt32.self), try reader.read(UInt32.self), try reader.read(UInt32.self)].map(Int.init)
        _ = try reader.read(UInt32.self)
        let seed = try reader.read(UInt64.self)
        let count = try reader.read(UInt64.self)
        guard (1...Limits.maximumDimension).contains(numbers[0]) else {
            throw .corrupted(file: file, offset: 16, expected: "1 to \(Limits.maximumDimension) dimensions", found: "\(numbers[0])")
        }
        guard count <= UInt64(Limits.maximumCodebookBytes / 4), raw.count == Self.headerBytes + Int(count) * 4 + 4 else {
            throw .corrupted(file: file, offset: 40, expected: "the numbers of \(raw.count) bytes", found: "\(count) numbers")
        }
        self.init(
            kind: kind, metric: metric, dimension: numbers[0], bits: numbers[1], parts: numbers[2], seed: seed,
            values: try Self.readValues(raw, Int(count), file))
    }

    private static func checkHeader(_ header: UnsafeRawBufferPointer, _ file: String) throws(JadeError) {
        var reader = ByteReader(header, file: file)
        let magic = try reader.read(UInt32.self)
        guard magic == Self.magic else { throw reader.corrupted(back: 4, expected: "magic JCBK", found: "\(magic)") }
        let version = try reader.read(UInt32.self)
        guard version == Self.version else {
            let newer = version > Self.version ? ", written by a newer release" : ""
            throw reader.corrupted(back: 4, expected: "version \(Self.version)", found: "version \(version)\(newer)")
        }
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: header[..<(headerBytes - 4)]))
        _ = try reader.readBytes(headerBytes - 12)
        let stored = try reader.read(UInt32.self)
        guard checksum == stored else { throw reader.corrupted(back: 4, expected: "checksum \(checksum)", found: "\(stored)") }
    }

    private static func readValues(_ raw: UnsafeRawBufferPointer, _ count: Int, _ file: String) throws(JadeError) -> [Float] {
        let content = UnsafeRawBufferPointer(rebasing: raw[headerBytes..<headerBytes + count * 4])
        let checksum = CRC32C.checksum(content)
        let stored = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: headerBytes + count * 4, as: UInt32.self))
        guard checksum == stored else {
            throw .corrupted(file: file, offset: headerBytes + count * 4, expected: "checksum \(checksum)", found: "\(stored)")
        }
        let values = (0..<count).map {
            Float(bitPattern: UInt32(littleEndian: content.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw .corrupted(file: file, offset: headerBytes + bad * 4, expected: "a finite number", found: "\(values[bad])")
        }
        return values
    }

    /// Refuses a codebook whose numbers do not belong to what its kind says.
    func require(_ holds: Bool, _ expected: @autoclosure () -> String, file: String) throws(JadeError) {
        guard holds else {
            throw .corrupted(
                file: file, offset: 8, expected: expected(),
                found: "kind \(kind), \(dimension) dimensions, \(bits) bits, \(parts) parts, \(values.count) numbers")
        }
    }
}

extension Limits {
    /// Bytes of one codebook: the centroids of a million lists of 4,096 dimensions would be more.
    package static let maximumCodebookBytes = 1 << 31
}
