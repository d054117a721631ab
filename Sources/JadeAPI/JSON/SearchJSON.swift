package import JadeCore
package import JadeJSON

/// `POST …/search`: `{"values"|"id","top_k","ef_search","nprobe","rescore","oversampling","filter","threshold","include_values",
/// "include_metadata","exact","explain"}`; only one of values and id is required.
extension SearchRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case values, id
        case topK = "top_k"
        case efSearch = "ef_search"
        case nprobe, rescore, oversampling
        case filter, threshold
        case includeValues = "include_values"
        case includeMetadata = "include_metadata"
        case exact, explain
    }

    package init(json: JSONElement) throws(JadeError) {
        var values: [Float]?
        var id: VectorID?
        self.init(query: .values([]))
        try json.readFields(Field.self, of: "search") { (field, value) throws(JadeError) in
            let name = field.rawValue
            switch field {
            case .values: values = try value.floats(name, limit: Limits.maximumDimension)
            case .id: id = try value.vectorID(name)
            case .topK: topK = try value.integer(name)
            case .efSearch: efSearch = try value.integer(name)
            case .nprobe: nprobe = try value.integer(name)
            case .rescore: rescore = try value.boolean(name)
            case .oversampling: oversampling = try value.number(name)
            case .filter: filter = try Filter(json: value)
            case .threshold: threshold = try value.float(name)
            case .includeValues: parts.set(.values, try value.boolean(name))
            case .includeMetadata: parts.set(.metadata, try value.boolean(name))
            case .exact: exact = try value.boolean(name)
            case .explain: explain = try value.boolean(name)
            }
        }
        query = try Self.query(values, id)
    }

    private static func query(_ values: [Float]?, _ id: VectorID?) throws(JadeError) -> Query {
        switch (values, id) {
        case (let values?, nil): .values(values)
        case (nil, let id?): .id(id)
        case (nil, nil): throw .invalidArgument("\"values\" or \"id\" is missing in search")
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
        writer.field("top_k", topK)
        writer.field("ef_search", ifPresent: efSearch)
        writer.field("nprobe", ifPresent: nprobe)
        writer.field("rescore", ifPresent: rescore)
        writer.field("oversampling", ifPresent: oversampling)
        writer.filter(ifPresent: filter)
        if let threshold {
            writer.key("threshold")
            writer.float(threshold)
        }
        writer.parts(parts)
        if exact { writer.field("exact", true) }
        if explain { writer.field("explain", true) }
        writer.endObject()
    }
}

/// `{"results":[{"id","score","values","metadata"}],"plan":{…}}`; the plan only for a search that asked to explain.
extension SearchResponse: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case results, plan
    }

    package init(json: JSONElement) throws(JadeError) {
        var results: [SearchHit]?
        var plan: SearchPlan?
        try json.readFields(Field.self, of: "search answer", unknown: .ignored) { (field, value) throws(JadeError) in
            switch field {
            case .results:
                results = try value.list(field.rawValue, limit: Limits.maximumTopK) { (element) throws(JadeError) in
                    try SearchHit(json: element)
                }
            case .plan: plan = try SearchPlan(json: value)
            }
        }
        self.init(results: try required(results, Field.results, of: "search answer"), plan: plan)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.list("results", results) { $0.write(to: &$1) }
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
