internal import JadeCore
internal import JadeIO
internal import JadeKernels

/// How a saved graph lies on disk: a folder with one file for each range of its memory, so that each can be mapped as it is,
/// and `header`, written last, which names their lengths and checksums. `docs/formats/hnsw.md` is the specification.
struct GraphHeader {
    static let fileName = "header"
    static let magic: UInt32 = 0x574E_484A  // "JHNW"
    static let version: UInt32 = 1
    static let byteCount = 160

    var m: UInt32
    var efConstruction: UInt32
    var metric: UInt32
    var dimension: UInt32
    var seed: UInt64
    /// The write of the shard up to which the graph's rows are known.
    var sequence: UInt64
    var extent: UInt64
    var nodes: UInt64
    var entry: UInt64
    var upperBlocks: UInt64
    var sections: [Section]
    /// Rows below the extent that lived when it was saved and had no node yet; nil if nobody counted them.
    var waiting: UInt64?

    struct Section {
        var length: UInt64
        var checksum: UInt32
    }

    /// The files beside the header, in the order of `sections`.
    static let sectionNames = ["links", "levels", "upper-starts", "upper-links"]

    func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: Self.byteCount)
        for word in [Self.magic, Self.version, m, efConstruction, metric, dimension] { writer.append(word) }
        for word in [seed, sequence, extent, nodes, entry, upperBlocks] { writer.append(word) }
        for section in sections {
            writer.append(section.length)
            writer.append(UInt64(section.checksum))
        }
        writer.append(waiting.map { $0 + 1 } ?? 0)
        writer.appendZeros(upTo: Self.byteCount - 4)
        writer.append(writer.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        return writer.bytes
    }

    init(
        m: UInt32, efConstruction: UInt32, metric: UInt32, dimension: UInt32, seed: UInt64, sequence: UInt64, extent: UInt64,
        nodes: UInt64, entry: UInt64, upperBlocks: UInt64, sections: [Section], waiting: UInt64?
    ) {
        self.m = m
        self.efConstruction = efConstruction
        self.metric = metric
        self.dimension = dimension
        self.seed = seed
        self.sequence = sequence
        self.extent = extent
        self.nodes = nodes
        self.entry = entry
        self.upperBlocks = upperBlocks
        self.sections = sections
        self.waiting = waiting
    }

    init(_ bytes: [UInt8], file: String) throws(JadeError) {
        guard bytes.count == Self.byteCount else {
            throw .corrupted(file: file, offset: 0, expected: "\(Self.byteCount) bytes", found: "\(bytes.count)")
        }
        self = try bytes.withRawBytes { (raw) throws(JadeError) in try Self(raw, file: file) }
    }

    private init(_ raw: UnsafeRawBufferPointer, file: String) throws(JadeError) {
        var reader = ByteReader(raw, file: file)
        let magic = try reader.read(UInt32.self)
        guard magic == Self.magic else { throw reader.corrupted(back: 4, expected: "magic JHNW", found: "\(magic)") }
        let version = try reader.read(UInt32.self)
        guard version == Self.version else {
            throw .corrupted(
                file: file, offset: 4, expected: "version \(Self.version)",
                found: "version \(version)\(version > Self.version ? ", written by a newer release" : "")")
        }
        let checksum = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[..<(Self.byteCount - 4)]))
        let stored = UnsafeRawPointer(raw.baseAddress.unsafelyUnwrapped).number(at: Self.byteCount - 4, as: UInt32.self)
        guard checksum == stored else {
            throw .corrupted(file: file, offset: Self.byteCount - 4, expected: "checksum \(checksum)", found: "\(stored)")
        }
        m = try reader.read()
        efConstruction = try reader.read()
        metric = try reader.read()
        dimension = try reader.read()
        seed = try reader.read()
        sequence = try reader.read()
        extent = try reader.read()
        nodes = try reader.read()
        entry = try reader.read()
        upperBlocks = try reader.read()
        sections = []
        for _ in Self.sectionNames {
            let length = try reader.read(UInt64.self)
            sections.append(Section(length: length, checksum: UInt32(truncatingIfNeeded: try reader.read(UInt64.self))))
        }
        let counted = try reader.read(UInt64.self)
        waiting = counted == 0 ? nil : counted - 1
    }
}
