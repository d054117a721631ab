package import JadeCore
package import JadeJSON

/// `GET /v1/status`: `{"version","uptime_seconds","database_count","vector_count","simd_level","search_threads",
/// "memory":{"limit_bytes",…}}`.
extension NodeStatus: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case version
        case uptimeSeconds = "uptime_seconds"
        case databaseCount = "database_count"
        case vectorCount = "vector_count"
        case simdLevel = "simd_level"
        case searchThreads = "search_threads"
        case memory
    }

    package init(json: JSONElement) throws(JadeError) {
        var version: String?
        self.init(version: "", uptimeSeconds: 0, databaseCount: 0, vectorCount: 0, simdLevel: "", searchThreads: 0)
        try json.readFields(Field.self, of: "status", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .version: version = try value.string(field.rawValue)
            case .uptimeSeconds: uptimeSeconds = try value.number(field.rawValue)
            case .databaseCount: databaseCount = try value.integer(field.rawValue)
            case .vectorCount: vectorCount = try value.integer(field.rawValue)
            case .simdLevel: simdLevel = try value.string(field.rawValue)
            case .searchThreads: searchThreads = try value.integer(field.rawValue)
            case .memory: memory = try MemoryStatus(json: value)
            }
        }
        self.version = try required(version, Field.version, of: "status")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("version", version)
        writer.key("uptime_seconds")
        writer.double(uptimeSeconds)
        writer.field("database_count", databaseCount)
        writer.field("vector_count", vectorCount)
        writer.field("simd_level", simdLevel)
        writer.field("search_threads", searchThreads)
        writer.key("memory")
        memory.write(to: &writer)
        writer.endObject()
    }
}

extension MemoryStatus: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case limit = "limit_bytes"
        case databases = "database_bytes"
        case writes = "write_bytes"
        case searches = "search_bytes"
        case bodies = "body_bytes"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        try json.readFields(Field.self, of: "memory", unknown: .ignored) { (field, value) throws(JadeError) in
            let bytes = try value.integer(field.rawValue)
            switch field {
            case .limit: limitBytes = bytes
            case .databases: databaseBytes = bytes
            case .writes: writeBytes = bytes
            case .searches: searchBytes = bytes
            case .bodies: bodyBytes = bytes
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("limit_bytes", limitBytes)
        writer.field("database_bytes", databaseBytes)
        writer.field("write_bytes", writeBytes)
        writer.field("search_bytes", searchBytes)
        writer.field("body_bytes", bodyBytes)
        writer.endObject()
    }
}
