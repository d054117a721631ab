import JadeCore
import JadeIndex
import JadeTestSupport

/// The definition of each metric in double precision, as an internal distance.
func referenceDistance(_ metric: Metric, _ left: [Float], _ right: [Float]) -> Double {
    let pairs = zip(left, right).map { (Double($0), Double($1)) }
    let dot = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    switch metric {
    case .euclidean: return pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    case .dot: return -dot
    case .manhattan: return pairs.reduce(0) { $0 + abs($1.0 - $1.1) }
    case .hamming, .jaccard: fatalError("between bits only")
    case .cosine:
        let lengths = (pairs.reduce(0) { $0 + $1.0 * $1.0 } * pairs.reduce(0) { $0 + $1.1 * $1.1 }).squareRoot()
        return lengths > 0 ? 1 - dot / lengths : 1
    }
}

/// Share of the exact nearest that a search found, over all queries; rows for which `hidden` is true do not exist.
func recall(
    _ vectors: TestVectors, _ index: AcceleratedIndex, topK: Int = 10, efSearch: Int, hidden: (Int) -> Bool = { _ in false }
) throws -> Double {
    var found = 0
    var wanted = 0
    for query in 0..<vectors.queryCount {
        let values = vectors.query(query)
        let truth = (0..<vectors.count).filter { !hidden($0) }
            .map { (distance: referenceDistance(index.metric, values, vectors.row($0)), ordinal: $0) }
            .sorted { $0 < $1 }
            .prefix(topK)
        let matches = try index.search(values, topK: topK, efSearch: efSearch)
        let nearest = Set(truth.map { UInt32($0.ordinal) })
        found += matches.filter { nearest.contains($0.ordinal) }.count
        wanted += truth.count
    }
    return Double(found) / Double(wanted)
}
