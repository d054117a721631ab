package import JadeCore

extension Metric {
    init(_ proto: ProtoMetric) throws(JadeError) {
        switch proto {
        case .unspecified, .cosine: self = .cosine
        case .euclidean: self = .euclidean
        case .dot: self = .dot
        case .manhattan: self = .manhattan
        case .hamming: self = .hamming
        case .jaccard: self = .jaccard
        case .UNRECOGNIZED(let number): throw .invalidArgument("metric is \(number), which is none")
        }
    }
}

extension ProtoMetric {
    init(_ metric: Metric) {
        switch metric {
        case .cosine: self = .cosine
        case .euclidean: self = .euclidean
        case .dot: self = .dot
        case .manhattan: self = .manhattan
        case .hamming: self = .hamming
        case .jaccard: self = .jaccard
        }
    }
}

extension ElementType {
    init(_ proto: ProtoElementType) throws(JadeError) {
        switch proto {
        case .unspecified, .float32: self = .float32
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        case .int8: self = .int8
        case .uint8: self = .uint8
        case .bit: self = .bit
        case .UNRECOGNIZED(let number): throw .invalidArgument("element_type is \(number), which is none")
        }
    }
}

extension ProtoElementType {
    init(_ type: ElementType) {
        switch type {
        case .float32: self = .float32
        case .float16: self = .float16
        case .bfloat16: self = .bfloat16
        case .int8: self = .int8
        case .uint8: self = .uint8
        case .bit: self = .bit
        }
    }
}

extension DatabaseSpecification {
    package init(_ proto: ProtoCreateDatabaseRequest) throws(JadeError) {
        self.init(
            name: proto.name, dimension: Int(proto.dimension), metric: try Metric(proto.metric),
            elementType: try ElementType(proto.elementType), index: try IndexSettings(proto.index),
            shardCount: max(1, Int(proto.shardCount)),
            retentionSeconds: proto.hasRetentionSeconds ? Int(proto.retentionSeconds) : nil,
            embedding: proto.hasEmbedding ? proto.embedding : nil)
        try validate()
    }
}

extension ProtoCreateDatabaseRequest {
    package init(_ specification: DatabaseSpecification) {
        self.init()
        name = specification.name
        dimension = UInt32(clamping: specification.field.dimension)
        metric = ProtoMetric(specification.field.metric)
        elementType = ProtoElementType(specification.field.elementType)
        index = ProtoIndexSettings(specification.index)
        shardCount = UInt32(clamping: specification.shardCount)
        if let seconds = specification.retentionSeconds { retentionSeconds = Int64(seconds) }
        if let embedding = specification.embedding { self.embedding = embedding }
    }
}

extension DatabaseUpdate {
    package init(_ proto: ProtoUpdateDatabaseRequest) {
        self.init(
            name: proto.hasName ? proto.name : nil, efSearch: proto.hasEfSearch ? Int(proto.efSearch) : nil,
            nprobe: proto.hasNprobe ? Int(proto.nprobe) : nil, rescore: proto.hasRescore ? proto.rescore : nil,
            oversampling: proto.hasOversampling ? proto.oversampling : nil,
            retentionSeconds: proto.hasRetentionSeconds ? Int(proto.retentionSeconds) : nil)
    }
}

extension ProtoUpdateDatabaseRequest {
    package init(_ update: DatabaseUpdate, of database: String) {
        self.init()
        self.database = database
        if let name = update.name { self.name = name }
        if let efSearch = update.efSearch { self.efSearch = UInt32(clamping: efSearch) }
        if let nprobe = update.nprobe { self.nprobe = UInt32(clamping: nprobe) }
        if let rescore = update.rescore { self.rescore = rescore }
        if let oversampling = update.oversampling { self.oversampling = oversampling }
        if let seconds = update.retentionSeconds { retentionSeconds = Int64(seconds) }
    }
}

extension DatabaseDescription {
    package init(_ proto: ProtoDatabase) throws(JadeError) {
        let status = try IndexStatus(proto.index)
        let specification = DatabaseSpecification(
            name: proto.name, dimension: Int(proto.dimension), metric: try Metric(proto.metric),
            elementType: try ElementType(proto.elementType), index: status.settings, shardCount: Int(proto.shardCount),
            retentionSeconds: proto.hasRetentionSeconds ? Int(proto.retentionSeconds) : nil,
            embedding: proto.hasEmbedding ? proto.embedding : nil)
        self.init(
            id: proto.id, specification: specification, createdAtMilliseconds: proto.createdAtMilliseconds,
            vectorCount: Int(count: proto.vectorCount), index: status, problem: proto.hasProblem ? proto.problem : nil,
            storage: proto.hasStorage ? try StorageStatus(proto.storage) : nil)
    }
}

extension ProtoDatabase {
    package init(_ database: DatabaseDescription) {
        self.init()
        id = database.id
        name = database.name
        dimension = UInt32(clamping: database.specification.field.dimension)
        metric = ProtoMetric(database.specification.field.metric)
        elementType = ProtoElementType(database.specification.field.elementType)
        index = ProtoIndexStatus(database.index)
        shardCount = UInt32(clamping: database.specification.shardCount)
        if let seconds = database.specification.retentionSeconds { retentionSeconds = Int64(seconds) }
        if let embedding = database.specification.embedding { self.embedding = embedding }
        vectorCount = UInt64(count: database.vectorCount)
        createdAtMilliseconds = database.createdAtMilliseconds
        if let problem = database.problem { self.problem = problem }
        if let storage = database.storage { self.storage = ProtoStorageStatus(storage) }
    }
}
