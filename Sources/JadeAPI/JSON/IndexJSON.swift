package import JadeCore
package import JadeJSON

/// `{"type","m","ef_construction","ef_search","quantization","rescore","oversampling"}`, each with a default.
extension IndexSettings: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case type, m
        case efConstruction = "ef_construction"
        case efSearch = "ef_search"
        case quantization, rescore, oversampling
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        try json.readFields(Field.self, of: "index") { (field, value) throws(JadeError) in
            switch field {
            case .type: kind = try value.choice(field.rawValue) { (kind: Kind) in kind.rawValue }
            case .m: m = try value.integer(field.rawValue)
            case .efConstruction: efConstruction = try value.integer(field.rawValue)
            case .efSearch: efSearch = try value.integer(field.rawValue)
            case .quantization: quantization = try value.choice(field.rawValue) { (kind: Quantization) in kind.rawValue }
            case .rescore: rescore = try value.boolean(field.rawValue)
            case .oversampling: oversampling = try value.number(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.field("type", kind.rawValue)
        writer.field("m", m)
        writer.field("ef_construction", efConstruction)
        writer.field("ef_search", efSearch)
        guard quantization != .none else { return }
        writer.field("quantization", quantization.rawValue)
        writer.key("rescore")
        writer.bool(rescore)
        writer.key("oversampling")
        writer.double(oversampling)
    }
}

/// The settings with the state of the index: `{"type",…,"indexed","pending","tombstones","memory_bytes"}`.
extension IndexStatus: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case type, m
        case efConstruction = "ef_construction"
        case efSearch = "ef_search"
        case quantization, rescore, oversampling
        case indexed, pending, tombstones
        case memoryBytes = "memory_bytes"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(settings: IndexSettings())
        try json.readFields(Field.self, of: "index", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .type: settings.kind = try value.choice(field.rawValue) { (kind: IndexSettings.Kind) in kind.rawValue }
            case .m: settings.m = try value.integer(field.rawValue)
            case .efConstruction: settings.efConstruction = try value.integer(field.rawValue)
            case .efSearch: settings.efSearch = try value.integer(field.rawValue)
            case .quantization:
                settings.quantization = try value.choice(field.rawValue) { (kind: IndexSettings.Quantization) in kind.rawValue }
            case .rescore: settings.rescore = try value.boolean(field.rawValue)
            case .oversampling: settings.oversampling = try value.number(field.rawValue)
            case .indexed: indexed = try value.integer(field.rawValue)
            case .pending: pending = try value.integer(field.rawValue)
            case .tombstones: tombstones = try value.integer(field.rawValue)
            case .memoryBytes: memoryBytes = try value.integer(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        settings.writeMembers(to: &writer)
        writer.field("indexed", indexed)
        writer.field("pending", pending)
        writer.field("tombstones", tombstones)
        writer.field("memory_bytes", memoryBytes)
        writer.endObject()
    }
}
