package import JadeCore
package import JadeIO

/// The payload of a log record: a batch of operations (docs/formats/wal.md).
package enum OperationBatch {
    /// Batches in which something expires have the second version, all others the first.
    static let version: UInt8 = 2
    static let versionWithoutExpiry: UInt8 = 1
    /// The only vector field so far; named ones get numbers from the manifest.
    static let unnamedField: UInt8 = 0
    static let noOrdinal: UInt32 = .max
    private static let headBytes = 16
    /// In the second byte: a time follows the number of operations.
    static let timeFlag: UInt8 = 1

    /// Encodes a batch, which is one record's payload and applied whole or not at all.
    ///
    /// - Parameter milliseconds: when it was committed, since 1970; nil leaves it out, as older programs did.
    package static func encode(_ operations: [ShardOperation], milliseconds: Int64? = nil) -> [UInt8] {
        let expires = operations.contains { if case .setExpiry = $0 { true } else { false } }
        let version = expires ? Self.version : versionWithoutExpiry
        precondition(operations.count <= maximumOperations(version), "batches are bounded where they enter")
        var writer = ByteWriter(reserving: operations.reduce(headBytes) { $0 + encodedBytes($1) })
        writer.append(version)
        writer.append(milliseconds == nil ? 0 : timeFlag)
        writer.append(UInt16(0))
        writer.append(UInt32(operations.count))
        if let milliseconds { writer.append(UInt64(bitPattern: milliseconds)) }
        for operation in operations { append(operation, to: &writer) }
        return writer.bytes
    }

    /// An upsert of a vector that expires is two operations.
    private static func maximumOperations(_ version: UInt8) -> Int {
        version == versionWithoutExpiry ? Limits.maximumBatchOperations : 2 * Limits.maximumBatchOperations
    }

    private static func encodedBytes(_ operation: ShardOperation) -> Int {
        switch operation {
        case .upsert(_, _, let id, let values, let metadata):
            2 + 4 + 4 + 3 + id.text.utf8.count + 4 + values.count * 4 + 4 + metadata.count
        case .delete(_, let id): 2 + 4 + 3 + id.text.utf8.count
        case .setMetadata(_, let id, let metadata): 2 + 4 + 3 + id.text.utf8.count + 4 + metadata.count
        case .setExpiry(_, let id, _): 2 + 4 + 3 + id.text.utf8.count + 8
        }
    }

    private static func append(_ operation: ShardOperation, to writer: inout ByteWriter) {
        switch operation {
        case .upsert(let ordinal, let replaced, let id, let values, let metadata):
            appendHead(.upsert, ordinal, to: &writer)
            writer.append(replaced ?? noOrdinal)
            append(id, to: &writer)
            writer.append(UInt32(values.count))
            // Components are stored as the machine holds them: little-endian on every machine this runs on.
            values.withUnsafeBytes { writer.append(contentsOf: $0) }
            append(metadata, to: &writer)
        case .delete(let ordinal, let id):
            appendHead(.delete, ordinal, to: &writer)
            append(id, to: &writer)
        case .setMetadata(let ordinal, let id, let metadata):
            appendHead(.setMetadata, ordinal, to: &writer)
            append(id, to: &writer)
            append(metadata, to: &writer)
        case .setExpiry(let ordinal, let id, let milliseconds):
            appendHead(.setExpiry, ordinal, to: &writer)
            append(id, to: &writer)
            writer.append(UInt64(milliseconds))
        }
    }

    private static func appendHead(_ kind: LoggedOperation.Kind, _ ordinal: UInt32, to writer: inout ByteWriter) {
        writer.append(kind.rawValue)
        writer.append(unnamedField)
        writer.append(ordinal)
    }

    private static func append(_ id: VectorID, to writer: inout ByteWriter) {
        writer.append(UInt8(id.isInteger ? 1 : 0))
        writer.append(UInt16(id.text.utf8.count))
        writer.append(contentsOf: id.text.utf8)
    }

    private static func append(_ metadata: [UInt8], to writer: inout ByteWriter) {
        writer.append(UInt32(metadata.count))
        metadata.withUnsafeBytes { writer.append(contentsOf: $0) }
    }

    /// Visits the operations of a record without copying values or metadata. Every length is checked against what is
    /// there and against its limit; what does not hold is corrupted, with file and offset.
    package static func decode(
        _ record: LogRecord, _ body: (LoggedOperation) throws(JadeError) -> Void
    ) throws(JadeError) {
        try decode(ByteReader(record.payload, file: record.file, start: record.payloadOffset), body)
    }

    /// The same for a payload from elsewhere; the reader stands at its first byte.
    package static func decode(
        _ payload: ByteReader, _ body: (LoggedOperation) throws(JadeError) -> Void
    ) throws(JadeError) {
        var reader = payload
        let version = try reader.read(UInt8.self)
        guard (versionWithoutExpiry...Self.version).contains(version) else {
            throw reader.corrupted(back: 1, expected: "batch version \(versionWithoutExpiry) or \(Self.version)", found: "\(version)")
        }
        let (flags, reserved) = (try reader.read(UInt8.self), try reader.read(UInt16.self))
        guard flags & ~timeFlag == 0, reserved == 0 else { throw reader.corrupted(back: 3, expected: "known flags", found: "\((flags, reserved))") }
        let count = try reader.read(UInt32.self)
        guard count <= maximumOperations(version) else {
            throw reader.corrupted(back: 4, expected: "at most \(maximumOperations(version)) operations", found: "\(count)")
        }
        if flags & timeFlag != 0 { _ = try reader.read(UInt64.self) }
        for _ in 0..<count { try body(try readOperation(&reader, version)) }
        guard reader.remaining == 0 else {
            throw reader.corrupted(back: 0, expected: "the end of the batch", found: "\(reader.remaining) more bytes")
        }
    }

    /// When a record's batch was committed, in milliseconds since 1970; nil for one of an older program.
    package static func milliseconds(of record: LogRecord) throws(JadeError) -> Int64? {
        var reader = ByteReader(record.payload, file: record.file, start: record.payloadOffset)
        _ = try reader.read(UInt8.self)
        let flags = try reader.read(UInt8.self)
        _ = try reader.readBytes(6)
        return flags & timeFlag == 0 ? nil : Int64(bitPattern: try reader.read())
    }

    /// All operations of a payload, copied.
    package static func decode(_ payload: [UInt8], file: String) throws(JadeError) -> [ShardOperation] {
        try payload.withRawBytes { (raw) throws(JadeError) in
            var operations: [ShardOperation] = []
            try decode(ByteReader(raw, file: file)) { (operation) throws(JadeError) in operations.append(operation.copied) }
            return operations
        }
    }

    private static func readOperation(_ reader: inout ByteReader, _ version: UInt8) throws(JadeError) -> LoggedOperation {
        let code = try reader.read(UInt8.self)
        guard let kind = LoggedOperation.Kind(rawValue: code), kind != .setExpiry || version > versionWithoutExpiry else {
            let last = version > versionWithoutExpiry ? 4 : 3
            throw reader.corrupted(back: 1, expected: "an operation of 1 to \(last)", found: "\(code)")
        }
        let field = try reader.read(UInt8.self)
        guard field == unnamedField else { throw reader.corrupted(back: 1, expected: "vector field 0", found: "\(field)") }
        let ordinal = try readOrdinal(&reader)
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        var (replaced, values, metadata): (UInt32?, UnsafeRawBufferPointer, UnsafeRawBufferPointer) = (nil, none, none)
        if kind == .upsert { replaced = try readReplaced(&reader) }
        let id = try readID(&reader)
        if kind == .upsert { values = try readValues(&reader) }
        if kind == .upsert || kind == .setMetadata { metadata = try readMetadata(&reader) }
        return LoggedOperation(
            kind: kind, ordinal: ordinal, replaced: replaced, id: id, values: values, metadata: metadata,
            expiry: kind == .setExpiry ? try readExpiry(&reader) : 0)
    }

    private static func readOrdinal(_ reader: inout ByteReader) throws(JadeError) -> UInt32 {
        let ordinal = try reader.read(UInt32.self)
        guard ordinal < Limits.maximumVectorsPerShard else {
            throw reader.corrupted(back: 4, expected: "an ordinal below \(Limits.maximumVectorsPerShard)", found: "\(ordinal)")
        }
        return ordinal
    }

    private static func readReplaced(_ reader: inout ByteReader) throws(JadeError) -> UInt32? {
        var ahead = reader
        if try ahead.read(UInt32.self) == noOrdinal {
            reader = ahead
            return nil
        }
        return try readOrdinal(&reader)
    }

    private static func readID(_ reader: inout ByteReader) throws(JadeError) -> VectorID {
        let flags = try reader.read(UInt8.self)
        guard flags <= 1 else { throw reader.corrupted(back: 1, expected: "id flags 0 or 1", found: "\(flags)") }
        let offset = reader.fileOffset
        let count = Int(try reader.read(UInt16.self))
        let bytes = try reader.readBytes(count)
        guard let text = String(validating: bytes, as: UTF8.self), let id = try? VectorID(text) else {
            throw .corrupted(file: reader.file, offset: offset, expected: "a valid id", found: "\(count) other bytes")
        }
        if flags == 0 { return id }
        guard let number = UInt64(text), String(number) == text else {
            throw .corrupted(file: reader.file, offset: offset, expected: "a number as id", found: text)
        }
        return VectorID(number)
    }

    private static func readValues(_ reader: inout ByteReader) throws(JadeError) -> UnsafeRawBufferPointer {
        let dimension = Int(try reader.read(UInt32.self))
        guard (1...Limits.maximumDimension).contains(dimension) else {
            throw reader.corrupted(back: 4, expected: "a dimension of 1 to \(Limits.maximumDimension)", found: "\(dimension)")
        }
        return try reader.readBytes(dimension * 4)
    }

    private static func readExpiry(_ reader: inout ByteReader) throws(JadeError) -> Int64 {
        let milliseconds = try reader.read(UInt64.self)
        guard (1...UInt64(Limits.maximumExpiryMilliseconds)).contains(milliseconds) else {
            throw reader.corrupted(back: 8, expected: "an expiry of 1 to \(Limits.maximumExpiryMilliseconds)", found: "\(milliseconds)")
        }
        return Int64(milliseconds)
    }

    private static func readMetadata(_ reader: inout ByteReader) throws(JadeError) -> UnsafeRawBufferPointer {
        let count = Int(try reader.read(UInt32.self))
        guard count <= Limits.maximumMetadataBytes else {
            throw reader.corrupted(back: 4, expected: "at most \(Limits.maximumMetadataBytes) bytes of metadata", found: "\(count)")
        }
        return try reader.readBytes(count)
    }
}
