/// Which index a database keeps over its vectors, and how it is built.
public struct IndexSettings: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No structure: every search is exact.
        case flat
        /// Hierarchical navigable small world graph.
        case hnsw
    }

    /// What a graph search reads instead of the vectors themselves.
    public enum Quantization: String, Sendable, Hashable, CaseIterable {
        /// The vectors.
        case none
        /// Codes of 8 bits a component.
        case sq8
        /// Codes of 4 bits a component.
        case sq4
    }

    public var kind: Kind
    /// Links of a node on each upper layer, `M`; the lowest layer has `2 * m`.
    public var m: Int
    /// Candidates kept while a node is inserted, `ef_construction`.
    public var efConstruction: Int
    /// Candidates kept by a search that does not say, `ef_search`.
    public var efSearch: Int

    public var quantization: Quantization
    /// Whether what was found by codes is compared once more with the vectors themselves, which gives exact scores.
    public var rescore: Bool
    /// How many times the wanted results are compared so.
    public var oversampling: Double

    public init(
        kind: Kind = .hnsw, m: Int = 16, efConstruction: Int = 200, efSearch: Int = 64, quantization: Quantization = .none,
        rescore: Bool = true, oversampling: Double = 2
    ) {
        self.kind = kind
        self.m = m
        self.efConstruction = efConstruction
        self.efSearch = efSearch
        self.quantization = quantization
        self.rescore = rescore
        self.oversampling = oversampling
    }

    public func validate() throws(JadeError) {
        try Limits.require(m, in: 2...Limits.maximumM, "index m")
        try Limits.require(efConstruction, in: 8...Limits.maximumEfConstruction, "index ef_construction")
        try Limits.require(efSearch, in: 1...Limits.maximumEfSearch, "index ef_search")
        guard (1...Limits.maximumOversampling).contains(oversampling) else {
            throw .invalidArgument("index oversampling is \(oversampling), expected 1 to \(Limits.maximumOversampling)")
        }
        guard quantization == .none || kind == .hnsw else {
            throw .invalidArgument("index quantization is \(quantization.rawValue), which an index of type \(kind.rawValue) does not have")
        }
    }
}

extension Limits {
    /// Checks a number against its range, with both in the message.
    public static func require(_ value: Int, in range: ClosedRange<Int>, _ what: String) throws(JadeError) {
        guard range.contains(value) else {
            throw .invalidArgument("\(what) is \(value), expected \(range.lowerBound) to \(range.upperBound)")
        }
    }
}
