package import JadeCore
package import JadeJSON

/// `POST …/search`: `{"values"|"id","top_k","ef_search","nprobe","rescore","oversampling","recall","filter","threshold","radius",
/// "offset","include_values","include_metadata","exact","explain"}`; only one of values and id is required.
extension SearchRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case values, id, text
        case topK = "top_k"
        case efSearch = "ef_search"
        case nprobe, rescore, oversampling, recall
        case filter, threshold, radius, offset
        case includeValues = "include_values"
        case includeMetadata = "include_metadata"
        case exact, explain
    }

    package init(json: JSONElement) throws(JadeError) {
        var text: String?
        try self.init(json: json, text: &text)
        guard text == nil else { throw .invalidArgument("\"text\" is given where only \"values\" and \"id\" can be") }
    }

    /// A search that may have a text for its values, which are empty then.
    package init(json: JSONElement, text: inout String?) throws(JadeError) {
        var (values, id): ([Float]?, VectorID?) = (nil, nil)
        try self.init(json, &values, &id, &text)
        guard text == nil || (values == nil && id == nil) else {
            throw .invalidArgument("search has \"text\" beside \"values\" or \"id\", expected one of them")
        }
        query = text == nil ? try Self.query(values, id) : .values([])
    }

    /// Everything but what to search near: the options of a frame of queries.
    package init(options json: JSONElement) throws(JadeError) {
        var (values, id, text): ([Float]?, VectorID?, String?) = (nil, nil, nil)
        try self.init(json, &values, &id, &text)
        guard values == nil, id == nil, text == nil else { throw .invalidArgument("the frame's document has \"values\" or \"id\", its rows are the queries") }
    }

    private init(_ json: JSONElement, _ values: inout [Float]?, _ id: inout VectorID?, _ text: inout String?) throws(JadeError) {
        self.init(query: .values([]))
        try json.readFields(Field.self, of: "search") { (field, value) throws(JadeError) in
            let name = field.rawValue
            switch field {
            case .values: values = try value.vectorValues(name)
            case .id: id = try value.vectorID(name)
            case .text: text = try value.string(name)
            case .topK: topK = try value.integer(name)
            case .efSearch: efSearch = try value.integer(name)
            case .nprobe: nprobe = try value.integer(name)
            case .rescore: rescore = try value.boolean(name)
            case .oversampling: oversampling = try value.number(name)
            case .recall: recall = try value.number(name)
            case .radius: radius = try value.float(name)
            case .offset: offset = try value.integer(name)
            case .filter: filter = try Filter(json: value)
            case .threshold: threshold = try value.float(name)
            case .includeValues: parts.set(.values, try value.boolean(name))
            case .includeMetadata: parts.set(.metadata, try value.boolean(name))
            case .exact: exact = try value.boolean(name)
            case .explain: explain = try value.boolean(name)
            }
        }
    }

    private static func query(_ values: [Float]?, _ id: VectorID?) throws(JadeError) -> Query {
        switch (values, id) {
        case (let values?, nil): .values(values)
        case (nil, let id?): .id(id)
        case (nil, nil): throw .invalidArgument("\"values\", \"id\" or \"text\" is missing in search")
        case (_?, _?): throw .invalidArgument("search has both \"values\" and \"id\", expected one of them")
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch query {
        case .values(let values):
            writer.key("values")
            writer.floats(values)
        case .id(let id):
            writer.key("id")
            writer.vectorID(id)
        }
        writeOptions(to: &writer)
        writer.endObject()
    }

    /// The members beside `values` and `id`.
    func writeOptions(to writer: inout JSONWriter) {
        writer.field("top_k", topK)
        writer.field("ef_search", ifPresent: efSearch)
        writer.field("nprobe", ifPresent: nprobe)
        writer.field("rescore", ifPresent: rescore)
        writer.field("oversampling", ifPresent: oversampling)
        writer.field("recall", ifPresent: recall)
        writer.filter(ifPresent: filter)
        if let threshold {
            writer.key("threshold")
            writer.float(threshold)
        }
        if let radius {
            writer.key("radius")
            writer.float(radius)
        }
        if offset > 0 { writer.field("offset", offset) }
        writer.parts(parts)
        if exact { writer.field("exact", true) }
        if explain { writer.field("explain", true) }
    }
}

/// `{"results":[{"id","score","values","metadata"}],"total","plan":{…}}`; the total only for a search with a radius, the plan only for
/// one that asked to explain.
extension SearchResponse: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case results, total, plan
    }

    package init(json: JSONElement) throws(JadeError) {
        var results: [SearchHit]?
        var plan: SearchPlan?
        var total: Int?
        try json.readFields(Field.self, of: "search answer", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .results:
                results = try value.list(field.rawValue, limit: Limits.maximumTopK) { (element) throws(JadeError) in
                    try SearchHit(json: element)
                }
            case .total: total = try value.integer(field.rawValue)
            case .plan: plan = try SearchPlan(json: value)
            }
        }
        self.init(results: try required(results, Field.results, of: "search answer"), plan: plan, total: total)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("results", results) { $0.write(to: &$1) }
        writer.field("total", ifPresent: total)
        if let plan {
            writer.key("plan")
            plan.write(to: &writer)
        }
        writer.endObject()
    }
}

/// One result. A score beyond a float's range is written as `null` and read as NaN.
extension SearchHit: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case id, score, values, metadata
    }

    package init(json: JSONElement) throws(JadeError) {
        var id: VectorID?
        var score = Float.nan
        var values: [Float]?
        var metadata: Metadata?
        try json.readFields(Field.self, of: "result", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .id: id = try value.vectorID(field.rawValue)
            case .score: score = try value.float(field.rawValue)
            case .values: values = try value.floats(field.rawValue, limit: Limits.maximumDimension)
            case .metadata: metadata = try value.metadata(field.rawValue)
            }
        }
        self.init(id: try required(id, Field.id, of: "result"), score: score, values: values, metadata: metadata)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("id")
        writer.vectorID(id)
        writer.key("score")
        writer.float(score)
        writer.parts(values, metadata)
        writer.endObject()
    }
}

/// `{"strategy","ef_search","nprobe","visible","matching","tail","microseconds"}`.
extension SearchPlan: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case strategy
        case efSearch = "ef_search"
        case nprobe, visible, matching, tail, microseconds
    }

    package init(json: JSONElement) throws(JadeError) {
        var strategy: Strategy?
        self.init(strategy: .exact, visible: 0)
        try json.readFields(Field.self, of: "plan", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .strategy: strategy = try value.choice(field.rawValue) { (strategy: Strategy) in strategy.rawValue }
            case .efSearch: efSearch = try value.integer(field.rawValue)
            case .nprobe: nprobe = try value.integer(field.rawValue)
            case .visible: visible = try value.integer(field.rawValue)
            case .matching: matching = try value.integer(field.rawValue)
            case .tail: tail = try value.integer(field.rawValue)
            case .microseconds: microseconds = try value.integer(field.rawValue)
            }
        }
        self.strategy = try required(strategy, Field.strategy, of: "plan")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("strategy", strategy.rawValue)
        writer.field("ef_search", ifPresent: efSearch)
        writer.field("nprobe", ifPresent: nprobe)
        writer.field("visible", visible)
        writer.field("matching", ifPresent: matching)
        writer.field("tail", tail)
        writer.field("microseconds", microseconds)
        writer.endObject()
    }
}
