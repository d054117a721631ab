package import JadeCore
import JadeIO
import JadeKernels

extension BackupManifest {
    static let magic: UInt32 = 0x4B41_424A  // "JBAK"
    static let version: UInt32 = 1

    package func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: 1_024)
        head.encode(to: &writer)
        let origins = Set(extents.lazy.map(\.origin)).sorted()
        let places = Dictionary(uniqueKeysWithValues: origins.enumerated().map { ($1, UInt32($0)) })
        writer.append(UInt32(origins.count))
        for origin in origins { writer.append(short: origin) }
        writer.append(UInt32(shards.count))
        for shard in shards {
            shard.encodeFacts(to: &writer)
            writer.append(UInt32(shard.files.count))
            for file in shard.files {
                writer.append(short: file.name)
                writer.append(UInt32(file.extents.count))
                for extent in file.extents {
                    writer.append(contentsOf: extent.digest.bytes)
                    writer.append(UInt32(extent.byteCount))
                    writer.append(places[extent.origin, default: 0])
                }
            }
        }
        writer.append(contentsOf: SHA256.digest(writer.bytes).bytes)
        return writer.bytes
    }

    /// The whole manifest, each count and name checked; corrupted with file and offset, unavailable for a newer format.
    package static func decode(_ bytes: [UInt8], file: String) throws(JadeError) -> BackupManifest {
        try bytes.withRawBytes { (raw) throws(JadeError) in
            var reader = ByteReader(raw, file: file)
            let head = try Head(&reader)
            let end = raw.count - SHA256.byteCount
            guard end >= reader.position else { throw reader.corrupted(back: 0, expected: "a digest at the end", found: "\(reader.remaining) bytes") }
            let computed = SHA256.digest(UnsafeRawBufferPointer(rebasing: raw[..<end]))
            guard raw[end...].elementsEqual(computed.bytes) else {
                throw .corrupted(file: file, offset: end, expected: "digest \(computed)", found: raw[end...].hexadecimalText)
            }
            let origins = try readOrigins(&reader)
            var shards: [Shard] = []
            for _ in 0..<(try reader.readCount(1...Limits.maximumBackupShards, "shards")) { shards.append(try Shard(&reader, origins)) }
            guard reader.remaining == SHA256.byteCount else {
                throw reader.corrupted(back: 0, expected: "the end", found: "\(reader.remaining - SHA256.byteCount) more bytes")
            }
            return BackupManifest(head: head, shards: shards)
        }
    }

    private static func readOrigins(_ reader: inout ByteReader) throws(JadeError) -> [String] {
        var origins: [String] = []
        for _ in 0..<(try reader.readCount(0...reader.remaining / 2, "backups")) { origins.append(try reader.readID("a backup's id")) }
        return origins
    }
}

extension BackupManifest.Head {
    /// The head alone, from the beginning of a manifest.
    package static func decode(_ bytes: [UInt8], file: String) throws(JadeError) -> BackupManifest.Head {
        try bytes.withRawBytes { (raw) throws(JadeError) in
            var reader = ByteReader(raw, file: file)
            return try BackupManifest.Head(&reader)
        }
    }

    func encode(to writer: inout ByteWriter) {
        writer.append(BackupManifest.magic)
        writer.append(BackupManifest.version)
        let lengthOffset = writer.count
        writer.append(UInt32(0))
        for text in [id, databaseID, parent, schedule] { writer.append(short: text) }
        writer.append(UInt64(bitPattern: milliseconds))
        writer.append(UInt64(bitPattern: finishedMilliseconds))
        writer.append(sequence)
        for count in [vectorCount, byteCount, storedBytes, extentCount, storedExtents] { writer.append(UInt64(count)) }
        writer.append(UInt32(specification.count))
        writer.append(contentsOf: specification)
        writer.store(UInt32(writer.count + 4), at: lengthOffset)
        writer.append(CRC32C.checksum(writer.bytes))
    }

    init(_ reader: inout ByteReader) throws(JadeError) {
        let magic = try reader.read(UInt32.self)
        guard magic == BackupManifest.magic else {
            throw reader.corrupted(back: 4, expected: "the magic \"JBAK\"", found: hexadecimal(magic))
        }
        let version = try reader.read(UInt32.self)
        let length = Int(try reader.read(UInt32.self))
        guard length >= 16, length <= min(Limits.maximumBackupHeadBytes, reader.bytes.count) else {
            throw reader.corrupted(back: 4, expected: "a head within \(reader.bytes.count) bytes", found: "one of \(length)")
        }
        let stored: UInt32 = reader.bytes.baseAddress.unsafelyUnwrapped.number(at: length - 4)
        let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: reader.bytes[..<(length - 4)]))
        guard stored == computed else {
            throw .corrupted(file: reader.file, offset: length - 4, expected: "checksum \(hexadecimal(computed))", found: hexadecimal(stored))
        }
        try checkVersion(version, known: BackupManifest.version, file: reader.file)
        self.init(id: try reader.readID("a backup's id"), databaseID: try reader.readID("a database's id"))
        parent = try reader.readShort()
        schedule = try reader.readShort()
        milliseconds = Int64(bitPattern: try reader.read())
        finishedMilliseconds = Int64(bitPattern: try reader.read())
        sequence = try reader.read()
        vectorCount = try reader.readSize()
        byteCount = try reader.readSize()
        storedBytes = try reader.readSize()
        extentCount = try reader.readSize()
        storedExtents = try reader.readSize()
        specification = Array(try reader.readBytes(Int(try reader.read(UInt32.self))))
        _ = try reader.read(UInt32.self)
        guard reader.position == length else { throw reader.corrupted(back: 0, expected: "the end of the head at \(length)", found: "more") }
    }
}

extension BackupManifest.Shard {
    fileprivate func encodeFacts(to writer: inout ByteWriter) {
        writer.append(shardID)
        writer.append(epoch)
        writer.append(sequence)
        writer.append(UInt64(bitPattern: milliseconds))
        for count in [slots, vectorCount, overflowBytes] { writer.append(UInt64(count)) }
        writer.append(short: index?.name ?? "")
        writer.append(index?.sequence ?? 0)
        writer.append(index?.nodeCount ?? 0)
    }

    fileprivate init(_ reader: inout ByteReader, _ origins: [String]) throws(JadeError) {
        self.init(shardID: try reader.readUniqueID(), epoch: try reader.read())
        sequence = try reader.read()
        milliseconds = Int64(bitPattern: try reader.read())
        slots = try reader.readSize()
        vectorCount = try reader.readSize()
        overflowBytes = try reader.readSize()
        guard slots <= Limits.maximumVectorsPerShard, vectorCount <= slots, sequence < UInt64.max else {
            throw reader.corrupted(back: 24, expected: "at most \(Limits.maximumVectorsPerShard) slots", found: "\(slots), \(vectorCount) of them live")
        }
        let name = try reader.readShort()
        let (indexSequence, nodes) = (try reader.read(UInt64.self), try reader.read(UInt64.self))
        if !name.isEmpty {
            guard BackupManifest.isID(name) else { throw reader.corrupted(back: 16, expected: "the name of an index", found: name.debugDescription) }
            index = ShardManifest.IndexGeneration(name: name, sequence: indexSequence, nodeCount: nodes)
        }
        for _ in 0..<(try reader.readCount(0...Limits.maximumBackupFiles, "files")) {
            files.append(try BackupManifest.File(&reader, origins))
        }
    }
}

extension BackupManifest.File {
    fileprivate init(_ reader: inout ByteReader, _ origins: [String]) throws(JadeError) {
        name = try reader.readShort()
        // The name becomes a path below the folder of a shard: nothing else may be reached by it.
        guard (try? ObjectKey(name)) != nil else {
            throw reader.corrupted(back: name.utf8.count, expected: "the name of a shard's file", found: name.debugDescription)
        }
        let entryBytes = SHA256.byteCount + 8
        let count = try reader.readCount(0...reader.remaining / entryBytes, "extents")
        extents.reserveCapacity(count)
        for _ in 0..<count {
            guard let digest = Digest(Array(try reader.readBytes(SHA256.byteCount))) else { continue }
            let (bytes, place) = (try reader.readCount(1...Limits.maximumObjectBytes, "bytes"), Int(try reader.read(UInt32.self)))
            guard place < origins.count else { throw reader.corrupted(back: 4, expected: "one of \(origins.count) backups", found: "\(place)") }
            extents.append(BackupManifest.Extent(digest: digest, byteCount: bytes, origin: origins[place]))
        }
    }
}

extension ByteWriter {
    /// Two bytes of length and the text.
    fileprivate mutating func append(short text: String) {
        append(UInt16(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}

extension ByteReader {
    fileprivate mutating func readShort() throws(JadeError) -> String {
        let count = Int(try read(UInt16.self))
        guard let text = String(validating: try readBytes(count), as: UTF8.self) else {
            throw corrupted(back: count, expected: "UTF-8", found: "\(count) other bytes")
        }
        return text
    }

    fileprivate mutating func readID(_ what: String) throws(JadeError) -> String {
        let text = try readShort()
        guard BackupManifest.isID(text) else { throw corrupted(back: text.utf8.count, expected: what, found: text.debugDescription) }
        return text
    }

    fileprivate mutating func readCount(_ range: ClosedRange<Int>, _ what: String) throws(JadeError) -> Int {
        let count = Int(try read(UInt32.self))
        guard range.contains(count) else {
            throw corrupted(back: 4, expected: "\(range.lowerBound) to \(range.upperBound) \(what)", found: "\(count)")
        }
        return count
    }

    fileprivate mutating func readSize() throws(JadeError) -> Int {
        let number = try read(UInt64.self)
        guard let size = Int(exactly: number) else { throw corrupted(back: 8, expected: "a number below 2^63", found: "\(number)") }
        return size
    }
}
