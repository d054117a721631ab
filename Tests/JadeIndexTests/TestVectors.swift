import JadeCore
import JadeIO
import JadeIndex
import JadeKernels
import JadeTestSupport

/// Vectors as real ones are: clusters, each in a subspace of few dimensions, with a little noise in all.
struct TestVectors {
    let dimension: Int
    let rows: [Float]
    let queries: [Float]

    var count: Int { rows.count / dimension }
    var queryCount: Int { queries.count / dimension }

    init(count: Int, queries queryCount: Int, dimension: Int, clusters: Int = 20, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let intrinsic = min(12, dimension)
        let centers = (0..<clusters * dimension).map { _ in random.normal() * 2 }
        let axes = (0..<clusters * intrinsic * dimension).map { _ in random.normal() }
        func vector() -> [Float] {
            let cluster = Int.random(in: 0..<clusters, using: &random)
            var values = Array(centers[cluster * dimension..<(cluster + 1) * dimension])
            for axis in 0..<intrinsic {
                let length = random.normal() / Float(axis + 1)
                let start = (cluster * intrinsic + axis) * dimension
                for index in 0..<dimension { values[index] += length * axes[start + index] }
            }
            for index in 0..<dimension { values[index] += 0.05 * random.normal() }
            return values
        }
        self.dimension = dimension
        rows = (0..<count).flatMap { _ in vector() }
        queries = (0..<queryCount).flatMap { _ in vector() }
    }

    func row(_ index: Int) -> [Float] { Array(rows[index * dimension..<(index + 1) * dimension]) }
    func query(_ index: Int) -> [Float] { Array(queries[index * dimension..<(index + 1) * dimension]) }
}

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

extension SeededRandom {
    /// Roughly normal, mean 0, deviation 1.
    mutating func normal() -> Float {
        (0..<6).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &self) } / 1.414
    }
}
