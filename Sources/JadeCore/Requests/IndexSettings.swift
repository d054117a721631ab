/// Which index a database keeps over its vectors, and how it is built.
public struct IndexSettings: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// No structure: every search is exact.
        case flat
        /// Hierarchical navigable small world graph.
        case hnsw
    }

    public var kind: Kind
    /// Links of a node on each upper layer, `M`; the lowest layer has `2 * m`.
    public var m: Int
    /// Candidates kept while a node is inserted, `ef_construction`.
    public var efConstruction: Int
    /// Candidates kept by a search that does not say, `ef_search`.
    public var efSearch: Int

    public init(kind: Kind = .hnsw, m: Int = 16, efConstruction: Int = 200, efSearch: Int = 64) {
        self.kind = kind
        self.m = m
        self.efConstruction = efConstruction
        self.efSearch = efSearch
    }

    public func validate() throws(JadeError) {
        try Limits.require(m, in: 2...Limits.maximumM, "index m")
        try Limits.require(efConstruction, in: 8...Limits.maximumEfConstruction, "index ef_construction")
        try Limits.require(efSearch, in: 1...Limits.maximumEfSearch, "index ef_search")
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
