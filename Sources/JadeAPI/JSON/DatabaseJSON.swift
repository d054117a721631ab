package import JadeCore
package import JadeJSON

/// `POST /v1/databases`: `{"name","dimension","metric","element_type","index":{…},"shard_count","retention_seconds"}`; name and dimension are
/// required.
extension DatabaseSpecification: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case name, dimension, metric
        case elementType = "element_type"
        case index
        case shardCount = "shard_count"
        case retentionSeconds = "retention_seconds"
    }

    package init(json: JSONElement) throws(JadeError) {
        var name: String?
        var dimension: Int?
        var metric = Metric.cosine
        var elementType = ElementType.float32
        var index = IndexSettings()
        var shardCount = 1
        var retentionSeconds: Int?
        try json.readFields(Field.self, of: "database") { (field, value) throws(JadeError) in
            switch field {
            case .name: name = try value.string(field.rawValue)
            case .dimension: dimension = try value.integer(field.rawValue)
            case .metric: metric = try value.choice(field.rawValue) { (metric: Metric) in metric.rawValue }
            case .elementType: elementType = try value.choice(field.rawValue) { (type: ElementType) in type.name }
            case .index: index = try IndexSettings(json: value)
            case .shardCount: shardCount = try value.integer(field.rawValue)
            case .retentionSeconds: retentionSeconds = try value.integer(field.rawValue)
            }
        }
        self.init(
            name: try required(name, Field.name, of: "database"),
            dimension: try required(dimension, Field.dimension, of: "database"),
            metric: metric, elementType: elementType, index: index, shardCount: shardCount, retentionSeconds: retentionSeconds)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeShape(to: &writer)
        writer.key("index")
        index.write(to: &writer)
        writer.field("shard_count", shardCount)
        writer.field("retention_seconds", ifPresent: retentionSeconds)
        writer.endObject()
    }

    fileprivate func writeShape(to writer: inout JSONWriter) {
        writer.field("name", name)
        writer.field("dimension", field.dimension)
        writer.field("metric", field.metric.rawValue)
        writer.field("element_type", field.elementType.name)
    }
}

/// `PATCH /v1/databases/{database}`: `{"name"?,"index":{"ef_search"?,"nprobe"?,"rescore"?,"oversampling"?}?,"retention_seconds"?}`; a retention of 0 ends it.
extension DatabaseUpdate: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case name, index
        case retentionSeconds = "retention_seconds"
    }

    private enum IndexField: String, WireField {
        case efSearch = "ef_search"
        case nprobe, rescore, oversampling
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        try json.readFields(Field.self, of: "database update") { (field, value) throws(JadeError) in
            switch field {
            case .name: name = try value.string(field.rawValue)
            case .index:
                try value.readFields(IndexField.self, of: "index update") { (field, value) throws(JadeError) in
                    switch field {
                    case .efSearch: efSearch = try value.integer(field.rawValue)
                    case .nprobe: nprobe = try value.integer(field.rawValue)
                    case .rescore: rescore = try value.boolean(field.rawValue)
                    case .oversampling: oversampling = try value.number(field.rawValue)
                    }
                }
            case .retentionSeconds: retentionSeconds = try value.integer(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", ifPresent: name)
        if efSearch != nil || nprobe != nil || rescore != nil || oversampling != nil {
            writer.key("index")
            writer.beginObject()
            writer.field("ef_search", ifPresent: efSearch)
            writer.field("nprobe", ifPresent: nprobe)
            writer.field("rescore", ifPresent: rescore)
            writer.field("oversampling", ifPresent: oversampling)
            writer.endObject()
        }
        writer.field("retention_seconds", ifPresent: retentionSeconds)
        writer.endObject()
    }
}

/// A database as answers show it.
extension DatabaseDescription: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case id, name, dimension, metric
        case elementType = "element_type"
        case index
        case shardCount = "shard_count"
        case retentionSeconds = "retention_seconds"
        case vectorCount = "vector_count"
        case createdAt = "created_at"
        case problem, storage
    }

    package init(json: JSONElement) throws(JadeError) {
        var specification = DatabaseSpecification(name: "", dimension: 0)
        var id: String?
        var createdAt: Int64?
        var vectorCount: Int?
        var status: IndexStatus?
        var problem: String?
        var storage: StorageStatus?
        try json.readFields(Field.self, of: "database", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .id: id = try value.string(field.rawValue)
            case .name: specification.name = try value.string(field.rawValue)
            case .dimension: specification.field.dimension = try value.integer(field.rawValue)
            case .metric: specification.field.metric = try value.choice(field.rawValue) { (metric: Metric) in metric.rawValue }
            case .elementType:
                specification.field.elementType = try value.choice(field.rawValue) { (type: ElementType) in type.name }
            case .index: status = try IndexStatus(json: value)
            case .shardCount: specification.shardCount = try value.integer(field.rawValue)
            case .retentionSeconds: specification.retentionSeconds = try value.integer(field.rawValue)
            case .vectorCount: vectorCount = try value.integer(field.rawValue)
            case .problem: problem = try value.string(field.rawValue)
            case .storage: storage = try StorageStatus(json: value)
            case .createdAt: createdAt = try Timestamp.milliseconds(of: try value.string(field.rawValue), field.rawValue)
            }
        }
        let index = try required(status, Field.index, of: "database")
        specification.index = index.settings
        self.init(
            id: try required(id, Field.id, of: "database"), specification: specification,
            createdAtMilliseconds: try required(createdAt, Field.createdAt, of: "database"),
            vectorCount: try required(vectorCount, Field.vectorCount, of: "database"), index: index, problem: problem, storage: storage)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        specification.writeShape(to: &writer)
        writer.key("index")
        index.write(to: &writer)
        writer.field("shard_count", specification.shardCount)
        writer.field("retention_seconds", ifPresent: specification.retentionSeconds)
        writer.field("vector_count", vectorCount)
        writer.field("created_at", Timestamp.text(milliseconds: createdAtMilliseconds))
        writer.field("problem", ifPresent: problem)
        if let storage {
            writer.key("storage")
            storage.write(to: &writer)
        }
        writer.endObject()
    }
}

/// `GET /v1/databases`: `{"databases":[…]}`.
package struct DatabaseList: WireDecodable, WireEncodable, Sendable, Hashable {
    package var databases: [DatabaseDescription]

    private enum Field: String, WireField {
        case databases
    }

    package init(_ databases: [DatabaseDescription]) { self.databases = databases }

    package init(json: JSONElement) throws(JadeError) {
        var databases: [DatabaseDescription]?
        try json.readFields(Field.self, of: "database list", unknown: .ignored) { (field, value) throws(JadeError) in
            databases = try value.list(field.rawValue, limit: Limits.maximumDatabases) { (element) throws(JadeError) in
                try DatabaseDescription(json: element)
            }
        }
        self.init(try required(databases, Field.databases, of: "database list"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("databases", databases) { $0.write(to: &$1) }
        writer.endObject()
    }
}
