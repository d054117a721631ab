package import JadeAPI
package import JadeCore

extension SearchRequest {
    /// A search whose values are empty where a text stands in their place.
    init(_ proto: ProtoSearchRequest) throws(JadeError) {
        let query: Query
        switch proto.query {
        case .values(let values): query = .values(try values.components())
        case .id(let id): query = .id(try VectorID(id))
        case .text: query = .values([])
        case nil: throw .invalidArgument("values, id or text is missing")
        }
        self.init(
            query: query, topK: proto.hasTopK ? Int(proto.topK) : 10, efSearch: proto.hasEfSearch ? Int(proto.efSearch) : nil,
            filter: try WireText.filter(proto.filterJson), threshold: proto.hasThreshold ? proto.threshold : nil,
            parts: proto.hasParts ? VectorParts(proto.parts) : [], exact: proto.exact, explain: proto.explain,
            nprobe: proto.hasNprobe ? Int(proto.nprobe) : nil, rescore: proto.hasRescore ? proto.rescore : nil,
            oversampling: proto.hasOversampling ? proto.oversampling : nil, radius: proto.hasRadius ? proto.radius : nil,
            offset: Int(proto.offset), recall: proto.hasRecall ? proto.recall : nil)
        try validate()
    }
}

extension ProtoSearchRequest {
    package init(_ request: SearchRequest, in database: String = "", tag: UInt64 = 0) {
        self.init()
        self.database = database
        self.tag = tag
        switch request.query {
        case .values(let values): self.values = ProtoValues(values)
        case .id(let id): self.id = ProtoVectorId(id)
        }
        topK = UInt32(clamping: request.topK)
        if let efSearch = request.efSearch { self.efSearch = UInt32(clamping: efSearch) }
        filterJson = WireText.text(request.filter)
        if let threshold = request.threshold { self.threshold = threshold }
        if !request.parts.isEmpty { parts = ProtoParts(request.parts) }
        exact = request.exact
        explain = request.explain
        if let nprobe = request.nprobe { self.nprobe = UInt32(clamping: nprobe) }
        if let rescore = request.rescore { self.rescore = rescore }
        if let oversampling = request.oversampling { self.oversampling = oversampling }
        if let radius = request.radius { self.radius = radius }
        offset = UInt32(clamping: request.offset)
        if let recall = request.recall { self.recall = recall }
    }
}

extension ProtoSearchBatchRequest {
    package init(_ requests: [SearchRequest], in database: String) {
        self.init()
        self.database = database
        searches = requests.map { ProtoSearchRequest($0) }
    }

    package func batch() throws(JadeError) -> SearchBatchRequest {
        let requests = try list("searches", searches, limit: Limits.maximumBatchQueries) { (search) throws(JadeError) in
            guard search.database.isEmpty || search.database == database else {
                throw .invalidArgument("database is \(search.database.debugDescription), the batch is for \(database.debugDescription)")
            }
            return try SearchRequest(search)
        }
        var batch = SearchBatchRequest(requests)
        for (position, search) in searches.enumerated() { batch.texts[position] = search.givenText }
        return batch
    }
}

extension ProtoSearchRequest {
    /// This one search.
    package func batch() throws(JadeError) -> SearchBatchRequest {
        var batch = SearchBatchRequest([try SearchRequest(self)])
        batch.texts[0] = givenText
        return batch
    }

    fileprivate var givenText: String? {
        guard case .text(let text) = query else { return nil }
        return text
    }
}

extension SearchResponse {
    package init(_ proto: ProtoSearchResponse) throws(JadeError) {
        self.init(
            results: try list("hits", proto.hits, limit: Limits.maximumTopK) { (hit) throws(JadeError) in try SearchHit(hit) },
            plan: proto.hasPlan ? try SearchPlan(proto.plan) : nil, total: proto.hasTotal ? Int(count: proto.total) : nil)
    }
}

extension ProtoSearchResponse {
    package init(_ response: SearchResponse, form: ProtoValuesForm, tag: UInt64 = 0) {
        self.init()
        hits = response.results.map { ProtoSearchHit($0, form: form) }
        if let plan = response.plan { self.plan = ProtoSearchPlan(plan) }
        if let total = response.total { self.total = UInt64(count: total) }
        self.tag = tag
    }
}

extension SearchHit {
    init(_ proto: ProtoSearchHit) throws(JadeError) {
        self.init(
            id: try VectorID(proto.id), score: proto.score, values: proto.hasValues ? try proto.values.components() : nil,
            metadata: proto.hasMetadataJson ? try WireText.metadata(proto.metadataJson) : nil)
    }
}

extension ProtoSearchHit {
    init(_ hit: SearchHit, form: ProtoValuesForm) {
        self.init()
        id = ProtoVectorId(hit.id)
        score = hit.score
        if let values = hit.values { self.values = ProtoValues(values, form: form) }
        if let metadata = hit.metadata { metadataJson = WireText.text(metadata) }
    }
}

extension SearchPlan {
    init(_ proto: ProtoSearchPlan) throws(JadeError) {
        self.init(
            strategy: try choice("strategy", proto.strategy) { (strategy: Strategy) in strategy.rawValue },
            efSearch: proto.hasEfSearch ? Int(proto.efSearch) : nil, visible: Int(count: proto.visible),
            matching: proto.hasMatching ? Int(count: proto.matching) : nil, tail: Int(count: proto.tail),
            microseconds: Int(count: proto.microseconds), nprobe: proto.hasNprobe ? Int(proto.nprobe) : nil)
    }
}

extension ProtoSearchPlan {
    init(_ plan: SearchPlan) {
        self.init()
        strategy = plan.strategy.rawValue
        if let efSearch = plan.efSearch { self.efSearch = UInt32(clamping: efSearch) }
        visible = UInt64(count: plan.visible)
        if let matching = plan.matching { self.matching = UInt64(count: matching) }
        tail = UInt64(count: plan.tail)
        microseconds = UInt64(count: plan.microseconds)
        if let nprobe = plan.nprobe { self.nprobe = UInt32(clamping: nprobe) }
    }
}
