package import JadeCore
package import JadeJSON

extension SearchBatchRequest {
    /// Each row is a query; the document, `{"top_k",…}` without `values` and `id`, holds for all of them.
    package init(frame bytes: UnsafeRawBufferPointer, pool: JSONParserPool = .shared) throws(JadeError) {
        let reader = try FrameReader(bytes, .vectors)
        let count = reader.header.count
        guard count <= Limits.maximumBatchQueries else {
            throw .tooLarge("frame has \(count) queries, the limit is \(Limits.maximumBatchQueries)")
        }
        guard try reader.ids() == nil else { throw .invalidArgument("frame of queries has ids, expected none") }
        let options = try reader.document(SearchOptions.self, pool)?.request ?? SearchRequest(query: .values([]))
        var searches: [SearchRequest] = []
        searches.reserveCapacity(count)
        for row in 0..<count {
            var search = options
            search.query = .values(try reader.values(row))
            searches.append(search)
        }
        self.init(searches)
    }

    /// The searches as a frame; nil when they differ in more than their values, or search near stored vectors.
    package func frame() -> [UInt8]? {
        guard var options = searches.first else { return nil }
        options.query = .values([])
        var rows: [[Float]] = []
        for search in searches {
            guard case .values(let values) = search.query else { return nil }
            var rest = search
            rest.query = .values([])
            guard rest == options else { return nil }
            rows.append(values)
        }
        var frame = FrameWriter(.vectors, count: rows.count)
        guard (try? frame.put(values: rows)) != nil else { return nil }
        var writer = JSONWriter()
        writer.beginObject()
        options.writeOptions(to: &writer)
        writer.endObject()
        frame.put(document: writer.bytes)
        return frame.bytes
    }
}

/// A search without what it searches near.
private struct SearchOptions: WireDecodable {
    let request: SearchRequest
    init(json: JSONElement) throws(JadeError) { request = try SearchRequest(options: json) }
}

/// What stands beside the arrays of an answer: `{"rows":[{"metadata"}…],"plans":[…]}`.
private struct ResultsDocument: WireDecodable {
    var rows: [Metadata?] = []
    var plans: [SearchPlan?] = []

    init(json: JSONElement) throws(JadeError) {
        guard let members = json.members else { throw .invalidArgument("the frame's document is \(json.kindPhrase), expected an object") }
        let limit = Limits.maximumTopK * Limits.maximumBatchQueries
        for (key, value) in members {
            switch key.string {
            case "rows": rows = try value.list("rows", limit: limit) { (row) throws(JadeError) in row.isNull ? nil : try row.metadata("rows") }
            case "plans": plans = try value.list("plans", limit: limit) { (plan) throws(JadeError) in plan.isNull ? nil : try SearchPlan(json: plan) }
            default: continue
            }
        }
    }
}

extension SearchBatchResponse {
    package init(frame bytes: UnsafeRawBufferPointer, pool: JSONParserPool = .shared) throws(JadeError) {
        let reader = try FrameReader(bytes, .results)
        let ids = try reader.ids() ?? []
        let lists = try reader.lists()
        let document = try reader.document(ResultsDocument.self, pool)
        guard ids.count == reader.header.count, document.map({ $0.rows.isEmpty || $0.rows.count == ids.count }) ?? true,
            document.map({ $0.plans.isEmpty || $0.plans.count == lists.count }) ?? true
        else { throw .invalidArgument("the sections of the frame do not have \(reader.header.count) rows") }
        var row = 0
        var responses: [SearchResponse] = []
        for (position, length) in lists.enumerated() {
            var hits: [SearchHit] = []
            for _ in 0..<length {
                let values = reader.header.dimension > 0 ? try reader.values(row) : nil
                let metadata = document?.rows.isEmpty == false ? document?.rows[row] : nil
                hits.append(SearchHit(id: ids[row], score: reader.score(row), values: values, metadata: metadata))
                row += 1
            }
            let plan = document?.plans.isEmpty == false ? document?.plans[position] : nil
            responses.append(SearchResponse(results: hits, plan: plan))
        }
        self.init(responses)
    }

    /// The answers as a frame; nil when some searches asked for values and others did not.
    package func frame() throws(JadeError) -> [UInt8]? {
        let hits = responses.flatMap(\.results)
        var frame = FrameWriter(.results, count: hits.count)
        if hits.contains(where: { $0.values != nil }) {
            guard hits.allSatisfy({ $0.values != nil }) else { return nil }
            try frame.put(values: hits.map { $0.values ?? [] })
        }
        frame.put(ids: hits.map(\.id))
        frame.put(lists: responses.map(\.results.count), scores: hits.map(\.score))
        let hasMetadata = hits.contains { $0.metadata != nil }
        let hasPlans = responses.contains { $0.plan != nil }
        if hasMetadata || hasPlans { frame.put(document: Self.document(hasMetadata ? hits : [], hasPlans ? responses : [])) }
        return frame.bytes
    }

    private static func document(_ hits: [SearchHit], _ responses: [SearchResponse]) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        if !hits.isEmpty {
            writer.list("rows", hits) { if let metadata = $0.metadata { $1.metadata(metadata) } else { $1.null() } }
        }
        if !responses.isEmpty { writer.list("plans", responses) { if let plan = $0.plan { plan.write(to: &$1) } else { $1.null() } } }
        writer.endObject()
        return writer.bytes
    }
}
