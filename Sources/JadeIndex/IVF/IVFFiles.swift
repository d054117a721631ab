internal import JadeCore
internal import JadeIO
internal import JadeKernels
internal import JadeQuantization

/// The header of saved lists. `docs/formats/ivf.md` is the specification.
struct IVFHeader {
    static let fileName = "header"
    static let magic: UInt32 = 0x4656_494A  // "JIVF"
    static let version: UInt32 = 1
    static let byteCount = 160

    /// Never renumber.
    enum Code: UInt32 { case flat = 0, scalar = 1, product = 2, binary = 3 }

    var code: Code = .flat
    var metric: Metric = .euclidean
    var dimension: UInt32 = 0
    var nlist: UInt32 = 0
    /// Of binary codes.
    var bits: UInt32 = 0
    /// Of product codes: what ``ResidualCode`` says.
    var digits: UInt32 = 0
    var low: Float = 0
    var step: Float = 0
    /// 1 if training has learnt anything.
    var isTrained: UInt32 = 0
    /// Of the rotation of binary codes.
    var seed: UInt64 = 0
    /// The write of the shard up to which the index's rows are known.
    var sequence: UInt64 = 0
    var extent: UInt64 = 0
    var entries: UInt64 = 0
    var trainedError: Double = 0
    var sections: [Section] = []

    struct Section {
        var length: UInt64
        var checksum: UInt32
    }

    /// The files beside the header, in the order of `sections`.
    static let sectionNames = ["sizes", "ordinals", "codes"]

    init() {}

    func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: Self.byteCount)
        for word in [Self.magic, Self.version, code.rawValue, metric.fileCode, dimension, nlist, bits, digits] { writer.append(word) }
        for word in [low.bitPattern, step.bitPattern, isTrained, 0] { writer.append(word) }
        for word in [seed, sequence, extent, entries, trainedError.bitPattern] { writer.append(word) }
        for section in sections {
            writer.append(section.length)
            writer.append(UInt64(section.checksum))
        }
        writer.appendZeros(upTo: Self.byteCount - 4)
        writer.append(CRC32C.checksum(writer.bytes))
        return writer.bytes
    }

    init(_ bytes: [UInt8], file: String) throws(JadeError) {
        guard bytes.count == Self.byteCount else {
            throw .corrupted(file: file, offset: 0, expected: "\(Self.byteCount) bytes", found: "\(bytes.count)")
        }
        self = try bytes.withRawBytes { (raw) throws(JadeError) in try Self(raw, file: file) }
    }

    private init(_ raw: UnsafeRawBufferPointer, file: String) throws(JadeError) {
        var reader = ByteReader(raw, file: file)
        try Self.checkFrame(raw, &reader, file)
        let codeNumber = try reader.read(UInt32.self)
        guard let code = Code(rawValue: codeNumber) else { throw reader.corrupted(back: 4, expected: "a kind of code", found: "\(codeNumber)") }
        let metricNumber = try reader.read(UInt32.self)
        guard let metric = Metric(fileCode: metricNumber) else {
            throw reader.corrupted(back: 4, expected: "a metric", found: "\(metricNumber)")
        }
        (self.code, self.metric) = (code, metric)
        (dimension, nlist) = (try reader.read(), try reader.read())
        (bits, digits) = (try reader.read(), try reader.read())
        (low, step) = (Float(bitPattern: try reader.read()), Float(bitPattern: try reader.read()))
        isTrained = try reader.read()
        _ = try reader.read(UInt32.self)
        (seed, sequence) = (try reader.read(), try reader.read())
        (extent, entries) = (try reader.read(), try reader.read())
        trainedError = Double(bitPattern: try reader.read())
        for _ in Self.sectionNames {
            let length = try reader.read(UInt64.self)
            sections.append(Section(length: length, checksum: UInt32(truncatingIfNeeded: try reader.read(UInt64.self))))
        }
    }

    private static func checkFrame(_ raw: UnsafeRawBufferPointer, _ reader: inout ByteReader, _ file: String) throws(JadeError) {
        let magic = try reader.read(UInt32.self)
        guard magic == Self.magic else { throw reader.corrupted(back: 4, expected: "magic JIVF", found: "\(magic)") }
        let version = try reader.read(UInt32.self)
        guard version == Self.version else {
            let newer = version > Self.version ? ", written by a newer release" : ""
            throw reader.corrupted(back: 4, expected: "version \(Self.version)", found: "version \(version)\(newer)")
        }
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[..<(byteCount - 4)]))
        let stored = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: byteCount - 4, as: UInt32.self))
        guard checksum == stored else {
            throw .corrupted(file: file, offset: byteCount - 4, expected: "checksum \(checksum)", found: "\(stored)")
        }
    }
}

/// Names of the codebooks beside the header.
enum IVFCodebooks {
    static let centroids = "centroids"
    static let codes = "codebook"
    static let mean = "mean"
}
