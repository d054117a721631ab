import JadeCore
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Testing

/// Test vectors, a quantizer trained on them, and their codes.
struct CodedVectors {
    let vectors: TestVectors
    let metric: Metric
    let quantizer: Quantizer
    let kernels: Kernels
    private let codes: [UInt32]

    init(
        metric: Metric, dimension: Int, count: Int = 2000, seed: UInt64 = 21,
        train: (FloatMatrix, Kernels) throws -> Quantizer
    ) throws {
        kernels = try Kernels.selected()
        self.metric = metric
        vectors = TestVectors(count: count, queries: 25, dimension: dimension, seed: seed)
        let points = FloatMatrix(vectors.rows, dimension: dimension)
        if metric == .cosine {
            for row in 0..<count { kernels.normalize(points.row(row), dimension: dimension, into: points.row(row)) }
        }
        quantizer = try train(points, kernels)
        #expect(quantizer.codeBytes % 4 == 0 && quantizer.dimension == dimension && quantizer.metric == metric)
        let words = quantizer.codeBytes / 4
        var codes = [UInt32](repeating: 0, count: count * words)
        for row in 0..<count {
            let values = vectors.row(row)
            codes.withUnsafeMutableBytes { [quantizer, metric] bytes in
                quantizer.encode(values, scale: Self.scale(values, metric), into: bytes.baseAddress! + row * words * 4)
            }
        }
        self.codes = codes
    }

    static func scale(_ values: [Float], _ metric: Metric) -> Float {
        metric == .cosine ? 1 / values.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot() : 1
    }

    /// Distances from a query to all codes, in both shapes.
    func distances(_ query: Int) -> (many: [Float], gathered: [Float]) {
        let values = vectors.query(query)
        let prepared = PreparedQuery()
        prepared.prepare(values, scale: Self.scale(values, metric), for: quantizer)
        let ordinals = (0..<UInt32(vectors.count)).reversed().map { $0 }
        var many = [Float](repeating: .nan, count: vectors.count)
        var gathered = many
        codes.withUnsafeBytes {
            prepared.many($0.baseAddress!, strideBytes: quantizer.codeBytes, count: vectors.count, into: &many)
            prepared.gather($0.baseAddress!, strideBytes: quantizer.codeBytes, ordinals, count: vectors.count, into: &gathered)
        }
        return (many, gathered.reversed())
    }

    func decoded(_ row: Int) -> [Float] {
        var values = [Float](repeating: .nan, count: vectors.dimension)
        codes.withUnsafeBytes { quantizer.decode($0.baseAddress! + row * quantizer.codeBytes, into: &values) }
        return values
    }

    /// The distance of a query from a vector as it is: for cosine `row` stands for one of length 1, and codes measure half the
    /// squared distance.
    func reference(_ query: Int, _ row: [Float]) -> Double {
        let values = vectors.query(query)
        let scale = Self.scale(values, metric)
        let pairs = zip(values, row).map { (Double($0 * scale), Double($1)) }
        switch metric {
        case .euclidean: return pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        case .dot: return -pairs.reduce(0) { $0 + $1.0 * $1.1 }
        case .manhattan, .hamming, .jaccard: preconditionFailure("\(metric) has no codes")
        case .cosine: return pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 2
        }
    }

    /// What a product of the query and the row is measured by, squared.
    func productOfLengths(_ query: Int, _ row: Int) -> Double {
        let squares = [vectors.query(query), vectors.row(row)].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) } }
        return squares[0] * squares[1]
    }

    /// Distances to codes against those to decoded vectors, relative to the largest.
    func checkDistances(tolerance: Double) {
        for query in 0..<5 {
            let (many, gathered) = distances(query)
            let wanted = (0..<vectors.count).map { reference(query, decoded($0)) }
            let scale = wanted.map(abs).max() ?? 1
            #expect(many == gathered)
            for row in 0..<vectors.count where abs(Double(many[row]) - wanted[row]) > tolerance * scale {
                Issue.record("query \(query), row \(row): \(many[row]), decoded \(wanted[row]), of \(scale)")
                return
            }
        }
    }

    /// The share of the `k` nearest vectors that are among the `candidates` nearest codes.
    func recall(of k: Int, among candidates: Int) -> Double {
        var found = 0
        for query in 0..<vectors.queryCount {
            let exact = (0..<vectors.count).map { row -> (Double, Int) in
                let values = vectors.row(row)
                let scale = Self.scale(values, metric)
                return (reference(query, values.map { $0 * scale }), row)
            }.sorted { $0 < $1 }.prefix(k)
            let rough = distances(query).many.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
            found += Set(exact.map(\.1)).intersection(rough.prefix(candidates).map(\.offset)).count
        }
        return Double(found) / Double(k * vectors.queryCount)
    }
}
