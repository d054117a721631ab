package import JadeCore
package import JadeIO
import JadeKernels

/// Which files make up a shard and up to where they hold its history. Replaced atomically: the file is always one whole
/// manifest (docs/formats/manifest.md).
package struct ShardManifest: Sendable, Hashable {
    static let magic: UInt32 = 0x4E41_4D4A  // "JMAN"
    static let version: UInt32 = 1

    /// What the shard was doing when it was written.
    package enum Condition: UInt32, Sendable, CaseIterable {
        /// Closed: every file is complete and the log holds nothing that they don't.
        case clean = 1
        /// In use: files may be ahead of the checkpoint, and the log says by what.
        case running = 2
        /// In use, and a checkpoint was under way.
        case checkpointing = 3
    }

    /// A saved index.
    package struct IndexGeneration: Sendable, Hashable {
        /// Name inside the shard's `index` folder.
        package var name: String
        /// The rows up to this sequence number are in it.
        package var sequence: UInt64
        package var nodeCount: UInt64

        package init(name: String, sequence: UInt64, nodeCount: UInt64) {
            precondition((1...255).contains(name.utf8.count) && !name.contains("/"), "an index generation's name")
            self.name = name
            self.sequence = sequence
            self.nodeCount = nodeCount
        }
    }

    /// Format versions of the files beside it, as their writer knew them.
    package struct FormatVersions: Sendable, Hashable {
        package var vectors: UInt32 = VectorFileHeader.version
        package var log: UInt32 = LogSegmentHeader.version
        package init() {}
    }

    package var shardID: UniqueID
    package var formats = FormatVersions()
    package var condition: Condition
    package var epoch: UInt64
    /// Rows, metadata and attribute indexes hold everything up to here; replay begins behind it.
    package var checkpointSequence: UInt64 = 0
    /// Slots that had ever been written at the checkpoint.
    package var slotsUsed: UInt64 = 0
    /// The first segment of the log that is needed.
    package var firstLogSequence: UInt64 = 1
    /// Bytes of `vectors.ids` at the checkpoint.
    package var overflowBytes: UInt64 = 0
    package var index: IndexGeneration?

    package init(shardID: UniqueID, condition: Condition, epoch: UInt64) {
        self.shardID = shardID
        self.condition = condition
        self.epoch = epoch
    }

    package func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: 256)
        writer.append(Self.magic)
        writer.append(Self.version)
        writer.append(shardID)
        writer.append(formats.vectors)
        writer.append(formats.log)
        writer.append(condition.rawValue)
        writer.append(UInt32(0))
        writer.append(epoch)
        writer.append(checkpointSequence)
        writer.append(slotsUsed)
        writer.append(firstLogSequence)
        writer.append(overflowBytes)
        writer.append(index?.sequence ?? 0)
        writer.append(index?.nodeCount ?? 0)
        writer.append(UInt32(index?.name.utf8.count ?? 0))
        writer.append(contentsOf: index?.name.utf8 ?? "".utf8)
        writer.append(writer.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        return writer.bytes
    }

    package static func decode(_ bytes: [UInt8], file: String) throws(JadeError) -> ShardManifest {
        try bytes.withRawBytes { (raw) throws(JadeError) in try decode(raw, file: file) }
    }

    private static func decode(_ raw: UnsafeRawBufferPointer, file: String) throws(JadeError) -> ShardManifest {
        var reader = ByteReader(raw, file: file)
        try readPreamble(&reader)
        let shardID = try reader.readUniqueID()
        var formats = FormatVersions()
        formats.vectors = try reader.read()
        formats.log = try reader.read()
        let code = try reader.read(UInt32.self)
        guard let condition = Condition(rawValue: code) else {
            throw reader.corrupted(back: 4, expected: "a condition of 1 to 3", found: "\(code)")
        }
        _ = try reader.read(UInt32.self)
        var manifest = ShardManifest(shardID: shardID, condition: condition, epoch: try reader.read())
        manifest.formats = formats
        manifest.checkpointSequence = try reader.read()
        manifest.slotsUsed = try reader.read()
        manifest.firstLogSequence = try reader.read()
        manifest.overflowBytes = try reader.read()
        manifest.index = try readIndex(&reader)
        guard reader.remaining == 4 else {
            throw reader.corrupted(back: 0, expected: "a checksum and the end", found: "\(reader.remaining) bytes")
        }
        return manifest
    }

    private static func readPreamble(_ reader: inout ByteReader) throws(JadeError) {
        let magic = try reader.read(UInt32.self)
        guard magic == Self.magic else {
            throw reader.corrupted(back: 4, expected: "the magic \"JMAN\"", found: hexadecimal(magic))
        }
        let version = try reader.read(UInt32.self)
        let end = reader.bytes.count - 4
        let stored: UInt32 = reader.bytes.baseAddress!.number(at: end)
        let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: reader.bytes[..<end]))
        guard stored == computed else {
            throw .corrupted(
                file: reader.file, offset: end, expected: "checksum \(hexadecimal(computed))", found: hexadecimal(stored))
        }
        try checkVersion(version, known: Self.version, file: reader.file)
    }

    private static func readIndex(_ reader: inout ByteReader) throws(JadeError) -> IndexGeneration? {
        let (sequence, nodeCount) = (try reader.read(UInt64.self), try reader.read(UInt64.self))
        let count = try reader.read(UInt32.self)
        guard let name = String(validating: try reader.readBytes(Int(count)), as: UTF8.self) else {
            throw reader.corrupted(back: Int(count), expected: "a name in UTF-8", found: "other bytes")
        }
        if name.isEmpty { return nil }
        guard count <= 255, !name.contains("/"), name != ".." else {
            throw reader.corrupted(back: Int(count), expected: "the name of an index", found: name)
        }
        return IndexGeneration(name: name, sequence: sequence, nodeCount: nodeCount)
    }

    /// Replaces the manifest at `path`: after this returns the new one is durable, after an error or a crash it is one
    /// or the other.
    package func write(to path: String, in files: any FileSystem) throws(JadeError) {
        try files.replaceFile(path, with: encoded())
    }

    /// The manifest at `path`: notFound when there is none, corrupted when it is damaged.
    package static func read(_ path: String, in files: any FileSystem) throws(JadeError) -> ShardManifest {
        try decode(try files.readFile(path, limit: Limits.maximumManifestBytes), file: path)
    }
}
