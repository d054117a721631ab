package import JadeCore
package import JadeJSON

/// Media types of frames.
package enum FrameType {
    package static let vectors = "application/vnd.jadevectordb.vectors"
    package static let results = "application/vnd.jadevectordb.results"
}

/// What stands beside the arrays of an upsert or of vectors that were asked for: `{"rows":[{"metadata",…}|null,…],"next":id}`.
private struct RowsDocument<Row: WireDecodable>: WireDecodable {
    var rows: [Row?] = []
    var next: VectorID?

    init(json: JSONElement) throws(JadeError) {
        guard let members = json.members else { throw .invalidArgument("the frame's document is \(json.kindPhrase), expected an object") }
        for (key, value) in members {
            switch key.string {
            case "rows":
                rows = try value.list("rows", limit: Limits.maximumBatchOperations) { (element) throws(JadeError) in
                    element.isNull ? nil : try Row(json: element)
                }
            case "next": if !value.isNull { next = try value.vectorID("next") }
            case let name: throw .invalidArgument("unknown field \(shown(name)) in the frame's document, expected one of rows, next")
            }
        }
    }

    /// One for each row of the frame, or none at all.
    static func read(_ reader: FrameReader, _ pool: JSONParserPool) throws(JadeError) -> RowsDocument? {
        guard let document = try reader.document(Self.self, pool) else { return nil }
        guard document.rows.isEmpty || document.rows.count == reader.header.count else {
            throw .invalidArgument("the frame's document has \(document.rows.count) rows, the frame \(reader.header.count)")
        }
        return document
    }
}

/// A record without id and values: `{"metadata","expires_at","ttl_seconds"}`.
private struct RecordRest: WireDecodable {
    var metadata: Metadata = [:]
    var expiry = ExpiryFields()

    private enum Field: String, WireField {
        case metadata
        case expiresAt = "expires_at"
        case ttlSeconds = "ttl_seconds"
    }

    init(json: JSONElement) throws(JadeError) {
        try json.readFields(Field.self, of: "row") { (field, value) throws(JadeError) in
            switch field {
            case .metadata: metadata = try value.metadata(field.rawValue)
            case .expiresAt: try expiry.read(expiresAt: value)
            case .ttlSeconds: try expiry.read(ttlSeconds: value)
            }
        }
    }
}

// MARK: Upserts

extension UpsertRequest {
    /// The records of a frame: ids and values are required.
    package init(frame bytes: UnsafeRawBufferPointer, pool: JSONParserPool = .shared) throws(JadeError) {
        let reader = try FrameReader(bytes, .vectors)
        let count = reader.header.count
        guard count <= Limits.maximumBatchOperations else {
            throw .tooLarge("frame has \(count) vectors, the limit is \(Limits.maximumBatchOperations)")
        }
        guard let ids = try reader.ids() else { throw .invalidArgument("frame has no ids, an upsert needs them") }
        let rests = try RowsDocument<RecordRest>.read(reader, pool)?.rows ?? []
        var records: [VectorRecord] = []
        records.reserveCapacity(count)
        for (row, id) in ids.enumerated() {
            let rest = rests.isEmpty ? nil : rests[row]
            records.append(
                VectorRecord(id: id, values: try reader.values(row), metadata: rest?.metadata ?? [:], expiry: rest?.expiry.expiry))
        }
        self.init(records)
    }

    /// - Throws: `invalidArgument` when the vectors have several dimensions.
    package func frame() throws(JadeError) -> [UInt8] {
        var frame = FrameWriter(.vectors, count: vectors.count)
        try frame.put(values: vectors.map(\.values))
        frame.put(ids: vectors.map(\.id))
        if vectors.contains(where: { !$0.metadata.isEmpty || $0.expiry != nil }) {
            frame.put(document: rows { $1.recordRest(vectors[$0]) })
        }
        return frame.bytes
    }

    private func rows(_ write: (Int, inout JSONWriter) -> Void) -> [UInt8] { rowsDocument(vectors.count, next: nil, write) }
}

// MARK: Vectors that were asked for

extension ScrollPage {
    package init(frame bytes: UnsafeRawBufferPointer, pool: JSONParserPool = .shared) throws(JadeError) {
        let reader = try FrameReader(bytes, .vectors)
        let ids = try reader.ids() ?? []
        let document = try RowsDocument<StoredRest>.read(reader, pool)
        var vectors: [StoredVector] = []
        vectors.reserveCapacity(ids.count)
        for (row, id) in ids.enumerated() {
            let rest = document?.rows.isEmpty == false ? document?.rows[row] : nil
            let values = reader.header.dimension > 0 ? try reader.values(row) : nil
            vectors.append(StoredVector(id: id, values: values, metadata: rest?.metadata, expiresAtMilliseconds: rest?.expiresAt))
        }
        self.init(vectors: vectors, next: document?.next)
    }

    package func frame() throws(JadeError) -> [UInt8] {
        var frame = FrameWriter(.vectors, count: vectors.count)
        if vectors.contains(where: { $0.values != nil }) { try frame.put(values: vectors.map { $0.values ?? [] }) }
        frame.put(ids: vectors.map(\.id))
        let hasRest = vectors.contains { $0.metadata != nil || $0.expiresAtMilliseconds != nil }
        if hasRest || next != nil {
            frame.put(document: rowsDocument(hasRest ? vectors.count : 0, next: next) { $1.storedRest(vectors[$0]) })
        }
        return frame.bytes
    }
}

/// A stored vector without id and values: `{"metadata","expires_at"}`.
private struct StoredRest: WireDecodable {
    var metadata: Metadata?
    var expiresAt: Int64?

    private enum Field: String, WireField {
        case metadata
        case expiresAt = "expires_at"
    }

    init(json: JSONElement) throws(JadeError) {
        try json.readFields(Field.self, of: "row", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .metadata: metadata = try value.metadata(field.rawValue)
            case .expiresAt: expiresAt = try Timestamp.milliseconds(of: try value.string(field.rawValue), field.rawValue)
            }
        }
    }
}

/// `{"rows":[…],"next":id}`.
private func rowsDocument(_ count: Int, next: VectorID?, _ write: (Int, inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    if count > 0 { writer.list("rows", Array(0..<count)) { write($0, &$1) } }
    if let next {
        writer.key("next")
        writer.vectorID(next)
    }
    writer.endObject()
    return writer.bytes
}

extension JSONWriter {
    fileprivate mutating func recordRest(_ record: VectorRecord) {
        if record.metadata.isEmpty, record.expiry == nil { return null() }
        beginObject()
        if !record.metadata.isEmpty {
            key("metadata")
            metadata(record.metadata)
        }
        expiry(record.expiry)
        endObject()
    }

    fileprivate mutating func storedRest(_ vector: StoredVector) {
        beginObject()
        parts(nil, vector.metadata)
        expiry(vector.expiresAtMilliseconds.map { .at(milliseconds: $0) })
        endObject()
    }
}
