package import JadeCore
package import JadeJSON

/// A vector on its way in: `{"id","values"|"text","metadata","expires_at","ttl_seconds"}`; all but id and values may be left out.
extension VectorRecord: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case id, values, text, metadata
        case expiresAt = "expires_at"
        case ttlSeconds = "ttl_seconds"
    }

    package init(json: JSONElement) throws(JadeError) {
        var text: String?
        try self.init(json: json, text: &text)
        guard text == nil else { throw .invalidArgument("\"text\" is given where only \"values\" can be") }
    }

    /// A vector that may have a text for its values, which are empty then.
    package init(json: JSONElement, text: inout String?) throws(JadeError) {
        var id: VectorID?
        var values: [Float]?
        var metadata: Metadata = [:]
        var expiry = ExpiryFields()
        try json.readFields(Field.self, of: "vector") { (field, value) throws(JadeError) in
            switch field {
            case .id: id = try value.vectorID(field.rawValue)
            case .values: values = try value.vectorValues(field.rawValue)
            case .text: text = try value.string(field.rawValue)
            case .metadata: metadata = try value.metadata(field.rawValue)
            case .expiresAt: try expiry.read(expiresAt: value)
            case .ttlSeconds: try expiry.read(ttlSeconds: value)
            }
        }
        guard text == nil || values == nil else { throw .invalidArgument("vector has both \"values\" and \"text\", expected one of them") }
        if text != nil { values = [] }
        self.init(
            id: try required(id, Field.id, of: "vector"), values: try required(values, Field.values, of: "vector"),
            metadata: metadata, expiry: expiry.expiry)
    }

    package func write(to writer: inout JSONWriter) { write(to: &writer, text: nil) }

    /// - Parameter text: stands in the place of the values.
    func write(to writer: inout JSONWriter, text: String?) {
        writer.beginObject()
        writer.key("id")
        writer.vectorID(id)
        if let text {
            writer.field("text", text)
        } else {
            writer.key("values")
            writer.floats(values)
        }
        if !metadata.isEmpty {
            writer.key("metadata")
            writer.metadata(metadata)
        }
        writer.expiry(expiry)
        writer.endObject()
    }
}

/// A vector on its way out: what was not asked for is left out.
extension StoredVector: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case id, values, metadata, version
        case expiresAt = "expires_at"
    }

    package init(json: JSONElement) throws(JadeError) {
        var id: VectorID?
        var values: [Float]?
        var metadata: Metadata?
        var expiresAt: Int64?
        var version: String?
        try json.readFields(Field.self, of: "vector", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .id: id = try value.vectorID(field.rawValue)
            case .values: values = try value.floats(field.rawValue, limit: Limits.maximumDimension)
            case .metadata: metadata = try value.metadata(field.rawValue)
            case .expiresAt: expiresAt = try Timestamp.milliseconds(of: try value.string(field.rawValue), field.rawValue)
            case .version: version = try value.string(field.rawValue)
            }
        }
        self.init(
            id: try required(id, Field.id, of: "vector"), values: values, metadata: metadata, expiresAtMilliseconds: expiresAt,
            version: version)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.vectorID(id)
        writer.parts(values, metadata)
        writer.expiry(expiresAtMilliseconds.map { .at(milliseconds: $0) })
        writer.field("version", ifPresent: version)
        writer.endObject()
    }
}

extension JSONWriter {
    /// The members that vectors and results share, where they are there.
    mutating func parts(_ values: [Float]?, _ metadata: Metadata?) {
        if let values {
            key("values")
            floats(values)
        }
        if let metadata {
            key("metadata")
            self.metadata(metadata)
        }
    }

    mutating func parts(_ parts: VectorParts) {
        field("include_values", parts.contains(.values))
        field("include_metadata", parts.contains(.metadata))
        // Left out where it is not wanted: results of searches know no versions.
        if parts.contains(.version) { field("include_version", true) }
    }
}

extension VectorParts {
    /// Adds or removes a part as a request's `include_…` says.
    mutating func set(_ part: VectorParts, _ included: Bool) {
        if included { insert(part) } else { remove(part) }
    }
}

/// `POST …/vectors` and `POST …/vectors/batch`: one vector as it is, or `{"vectors":[…]}`.
package struct UpsertRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var vectors: [VectorRecord]
    /// Texts by the position of the vector whose values they stand for.
    package var texts: [Int: String] = [:]

    private enum Field: String, WireField {
        case vectors
    }

    package init(_ vectors: [VectorRecord]) { self.vectors = vectors }

    package init(json: JSONElement) throws(JadeError) {
        // Which of the two shapes it is shows in one key; then the shape's own reader refuses what does not belong.
        guard let members = json.members, members.contains(where: { $0.key == "vectors" as StaticString }) else {
            var text: String?
            vectors = [try VectorRecord(json: json, text: &text)]
            texts[0] = text
            return
        }
        var vectors: [VectorRecord]?
        var (components, position) = (0, 0)
        var texts: [Int: String] = [:]
        try json.readFields(Field.self, of: "upsert") { (field, value) throws(JadeError) in
            vectors = try value.list(field.rawValue, limit: Limits.maximumBatchOperations) { (element) throws(JadeError) in
                var text: String?
                let vector = try VectorRecord(json: element, text: &text)
                texts[position] = text
                position += 1
                components += vector.values.count
                guard components <= Limits.maximumBatchComponents else {
                    throw .tooLarge("the batch has more than \(Limits.maximumBatchComponents) vector components")
                }
                return vector
            }
        }
        self.vectors = try required(vectors, Field.vectors, of: "upsert")
        self.texts = texts
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("vectors", Array(vectors.enumerated())) { $0.element.write(to: &$1, text: texts[$0.offset]) }
        writer.endObject()
    }
}

/// `DELETE …/vectors`: `{"ids":[…]}`.
package struct DeleteRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var ids: [VectorID]

    private enum Field: String, WireField {
        case ids
    }

    package init(_ ids: [VectorID]) { self.ids = ids }

    package init(json: JSONElement) throws(JadeError) {
        var ids: [VectorID]?
        try json.readFields(Field.self, of: "delete") { (field, value) throws(JadeError) in
            ids = try value.vectorIDs(field.rawValue)
        }
        self.init(try required(ids, Field.ids, of: "delete"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("ids", ids) { $1.vectorID($0) }
        writer.endObject()
    }
}

/// `POST …/vectors/batch/get`: `{"ids":[…],"include_values","include_metadata","include_version"}`, the first two included
/// unless refused.
package struct GetRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var ids: [VectorID]
    package var parts: VectorParts

    private enum Field: String, WireField {
        case ids
        case includeValues = "include_values"
        case includeMetadata = "include_metadata"
        case includeVersion = "include_version"
    }

    package init(_ ids: [VectorID], parts: VectorParts = [.values, .metadata]) {
        self.ids = ids
        self.parts = parts
    }

    package init(json: JSONElement) throws(JadeError) {
        var ids: [VectorID]?
        var parts: VectorParts = [.values, .metadata]
        try json.readFields(Field.self, of: "get") { (field, value) throws(JadeError) in
            switch field {
            case .ids: ids = try value.vectorIDs(field.rawValue)
            case .includeValues: parts.set(.values, try value.boolean(field.rawValue))
            case .includeMetadata: parts.set(.metadata, try value.boolean(field.rawValue))
            case .includeVersion: parts.set(.version, try value.boolean(field.rawValue))
            }
        }
        self.init(try required(ids, Field.ids, of: "get"), parts: parts)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("ids", ids) { $1.vectorID($0) }
        writer.parts(parts)
        writer.endObject()
    }
}

/// Vectors that were asked for by id: `{"vectors":[…]}`.
package struct VectorList: WireDecodable, WireEncodable, Sendable, Hashable {
    package var vectors: [StoredVector]

    private enum Field: String, WireField {
        case vectors
    }

    package init(_ vectors: [StoredVector]) { self.vectors = vectors }

    package init(json: JSONElement) throws(JadeError) {
        var vectors: [StoredVector]?
        try json.readFields(Field.self, of: "vector list", unknown: .ignored) { (field, value) throws(JadeError) in
            vectors = try value.list(field.rawValue, limit: Limits.maximumBatchOperations) { (element) throws(JadeError) in
                try StoredVector(json: element)
            }
        }
        self.init(try required(vectors, Field.vectors, of: "vector list"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("vectors", vectors) { $0.write(to: &$1) }
        writer.endObject()
    }
}
