package import JadeCore
package import JadeJSON

/// `POST …/vectors/scroll`: `{"after","limit","filter","include_values","include_metadata","include_version"}`, all optional.
extension ScrollRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case after, limit, filter
        case includeValues = "include_values"
        case includeMetadata = "include_metadata"
        case includeVersion = "include_version"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        try json.readFields(Field.self, of: "scroll") { (field, value) throws(JadeError) in
            switch field {
            case .after: after = try value.vectorID(field.rawValue)
            case .limit: limit = try value.integer(field.rawValue)
            case .filter: filter = try Filter(json: value)
            case .includeValues: parts.set(.values, try value.boolean(field.rawValue))
            case .includeMetadata: parts.set(.metadata, try value.boolean(field.rawValue))
            case .includeVersion: parts.set(.version, try value.boolean(field.rawValue))
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        if let after {
            writer.key("after")
            writer.vectorID(after)
        }
        writer.field("limit", limit)
        writer.filter(ifPresent: filter)
        writer.parts(parts)
        writer.endObject()
    }
}

/// `{"vectors":[…],"next":id|null}`.
extension ScrollPage: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case vectors, next
    }

    package init(json: JSONElement) throws(JadeError) {
        var vectors: [StoredVector]?
        var next: VectorID?
        try json.readFields(Field.self, of: "scroll page", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .vectors:
                vectors = try value.list(field.rawValue, limit: Limits.maximumScrollLimit) { (element) throws(JadeError) in
                    try StoredVector(json: element)
                }
            case .next: next = try value.vectorID(field.rawValue)
            }
        }
        self.init(vectors: try required(vectors, Field.vectors, of: "scroll page"), next: next)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("vectors", vectors) { $0.write(to: &$1) }
        writer.key("next")
        if let next { writer.vectorID(next) } else { writer.null() }
        writer.endObject()
    }
}

/// `POST …/vectors/count`: `{"filter"}`.
package struct CountRequest: WireDecodable, WireEncodable, Sendable, Hashable {
    package var filter: Filter?

    private enum Field: String, WireField {
        case filter
    }

    package init(_ filter: Filter?) { self.filter = filter }

    package init(json: JSONElement) throws(JadeError) {
        try json.readFields(Field.self, of: "count") { (_, value) throws(JadeError) in
            filter = try Filter(json: value)
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.filter(ifPresent: filter)
        writer.endObject()
    }
}

/// `{"count":n}`.
package struct CountAnswer: WireDecodable, WireEncodable, Sendable, Hashable {
    package var count: Int

    private enum Field: String, WireField {
        case count
    }

    package init(_ count: Int) { self.count = count }

    package init(json: JSONElement) throws(JadeError) {
        var count: Int?
        try json.readFields(Field.self, of: "count", unknown: .ignored) { (field, value) throws(JadeError) in
            count = try value.integer(field.rawValue)
        }
        self.init(try required(count, Field.count, of: "count"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("count", count)
        writer.endObject()
    }
}
