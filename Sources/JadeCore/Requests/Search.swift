/// One search.
public struct SearchRequest: Sendable, Hashable {
    /// What to search near.
    public enum Query: Sendable, Hashable {
        case values([Float])
        /// Near a stored vector, which is left out of its own results.
        case id(VectorID)
    }

    public var query: Query
    public var topK: Int
    /// Candidates a graph search keeps; nil takes the database's setting.
    public var efSearch: Int?
    /// Lists that a search of an IVF index looks through; nil takes the database's setting.
    public var nprobe: Int?
    /// Whether what codes find is compared with the vectors themselves; nil takes the database's setting.
    public var rescore: Bool?
    /// How many times the wanted results are compared so; nil takes the database's setting.
    public var oversampling: Double?
    public var filter: Filter?
    /// Results must score at least this (cosine, dot) or at most this (euclidean).
    public var threshold: Float?
    public var parts: VectorParts
    /// Compare with every vector instead of using the index.
    public var exact: Bool
    /// Report the plan with the results.
    public var explain: Bool

    public init(
        query: Query, topK: Int = 10, efSearch: Int? = nil, filter: Filter? = nil, threshold: Float? = nil,
        parts: VectorParts = [], exact: Bool = false, explain: Bool = false, nprobe: Int? = nil, rescore: Bool? = nil,
        oversampling: Double? = nil
    ) {
        (self.nprobe, self.rescore, self.oversampling) = (nprobe, rescore, oversampling)
        self.query = query
        self.topK = topK
        self.efSearch = efSearch
        self.filter = filter
        self.threshold = threshold
        self.parts = parts
        self.exact = exact
        self.explain = explain
    }

    /// Checks all that does not depend on the database.
    public func validate() throws(JadeError) {
        try Limits.require(topK, in: 1...Limits.maximumTopK, "top_k")
        if let efSearch { try Limits.require(efSearch, in: 1...Limits.maximumEfSearch, "ef_search") }
        if let nprobe { try Limits.require(nprobe, in: 1...Limits.maximumLists, "nprobe") }
        if let oversampling { try Limits.requireOversampling(oversampling, "oversampling") }
        if let threshold, !threshold.isFinite { throw .invalidArgument("threshold is \(threshold), expected a finite number") }
    }
}

/// One result of a search.
public struct SearchHit: Sendable, Hashable {
    public var id: VectorID
    /// In the metric's own sense: see ``Metric``.
    public var score: Float
    public var values: [Float]?
    public var metadata: Metadata?

    public init(id: VectorID, score: Float, values: [Float]? = nil, metadata: Metadata? = nil) {
        self.id = id
        self.score = score
        self.values = values
        self.metadata = metadata
    }
}

/// The closest vectors, closest first; equal scores in order of insertion.
public struct SearchResponse: Sendable, Hashable {
    public var results: [SearchHit]
    public var plan: SearchPlan?

    public init(results: [SearchHit], plan: SearchPlan? = nil) {
        self.results = results
        self.plan = plan
    }
}

/// How a search was carried out, for `"explain": true`.
public struct SearchPlan: Sendable, Hashable {
    public enum Strategy: String, Sendable, Hashable, CaseIterable {
        /// Every live vector is compared.
        case exact
        /// Only the vectors that match the filter are compared.
        case exactFiltered = "exact_filtered"
        /// The graph is traversed.
        case graph
        /// The graph is traversed, and results that do not match the filter are passed over.
        case graphFiltered = "graph_filtered"
        /// The lists nearest to the query are looked through.
        case lists
        /// The lists nearest to the query are looked through for results that match the filter.
        case listsFiltered = "lists_filtered"
    }

    public var strategy: Strategy
    public var efSearch: Int?
    /// Lists that were looked through, unless they held too few results.
    public var nprobe: Int?
    /// Vectors visible to this search.
    public var visible: Int
    /// Vectors that match the filter.
    public var matching: Int?
    /// Vectors that the index does not hold yet, scanned exactly.
    public var tail: Int
    public var microseconds: Int

    public init(
        strategy: Strategy, efSearch: Int? = nil, visible: Int, matching: Int? = nil, tail: Int = 0, microseconds: Int = 0,
        nprobe: Int? = nil
    ) {
        self.strategy = strategy
        self.efSearch = efSearch
        self.nprobe = nprobe
        self.visible = visible
        self.matching = matching
        self.tail = tail
        self.microseconds = microseconds
    }
}
