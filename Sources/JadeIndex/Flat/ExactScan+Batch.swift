package import JadeCore
internal import JadeKernels

extension ExactScan {
    /// Queries of a batch beyond which one matrix product for all is cheaper than a scan for each.
    package static let batchThreshold = 8
    /// Rows of one product: with 64 queries the block of products is 1 MiB.
    private static let rowsPerProduct = 4096
    private static let queriesPerProduct = 64
    /// Candidates kept beyond `k`, so that rounding can be ruled out afterwards.
    private static let slack = 32

    /// The `k` closest visible rows of f32 for each of several queries, through BLAS: products of a block of queries with a block of rows
    /// rank the rows roughly, the best are compared exactly, and a query whose ranking could have been changed by
    /// rounding is scanned alone. The answers are those of ``search(_:k:in:_:hidesRows:)``.
    package func searchBatch(
        _ queries: UnsafePointer<Float>, count: Int, k: Int, in range: Range<Int>, _ visibility: Visibility, hidesRows: Bool
    ) -> [[Neighbor]] {
        let dimension = rows.dimension
        guard count >= Self.batchThreshold, Self.multiplies(rows.metric), range.count > k + Self.slack, rows.stride % MemoryLayout<Float>.stride == 0 else {
            return (0..<count).map { search(queries + $0 * dimension, k: k, in: range, visibility, hidesRows: hidesRows) }
        }
        var answers: [[Neighbor]] = []
        for start in Swift.stride(from: 0, to: count, by: Self.queriesPerProduct) {
            let size = min(Self.queriesPerProduct, count - start)
            let block = queries + start * dimension
            var ranking = Ranking(queries: block, count: size, capacity: k + Self.slack, rows: rows, dot: dot)
            defer { ranking.deallocate() }
            ranking.scan(range, visibility, hidesRows: hidesRows, rowsPerProduct: Self.rowsPerProduct)
            for index in 0..<size {
                let query = block + index * dimension
                answers.append(
                    settle(ranking.pools[index], query, k: k, bound: ranking.errorBound(index))
                        ?? search(query, k: k, in: range, visibility, hidesRows: hidesRows))
            }
        }
        return answers
    }

    /// Whether distances follow from products.
    private static func multiplies(_ metric: Metric) -> Bool {
        switch metric {
        case .cosine, .euclidean, .dot: true
        case .manhattan, .hamming, .jaccard: false
        }
    }

    /// Exact distances for a query's candidates; nil if a row that was passed over could belong to the best `k`.
    private func settle(_ pool: CandidatePool, _ query: UnsafePointer<Float>, k: Int, bound: Float) -> [Neighbor]? {
        let ordinals = (0..<pool.count).map { CandidatePool.ordinal(pool.entries[$0]) }
        let exact = zip(ordinals, distances(query, to: ordinals))
            .map { Neighbor(ordinal: $0, distance: $1) }
            .sorted { $0.key < $1.key }
        guard pool.isFull else { return Array(exact.prefix(k)) }
        guard exact.count >= k, exact[k - 1].distance < pool.worstDistance - bound else { return nil }
        return Array(exact.prefix(k))
    }
}

/// The rough ranking of rows for a block of queries.
private struct Ranking {
    let queries: UnsafePointer<Float>
    let rows: RowSource
    let dot: DistanceKernel
    var pools: [CandidatePool]
    /// Squared length of each query, and for cosine the factor that makes it a unit vector.
    let queryNorms: [Float]
    /// Largest squared length of a row seen.
    private var largestRowNorm: Float = 0

    init(queries: UnsafePointer<Float>, count: Int, capacity: Int, rows: RowSource, dot: DistanceKernel) {
        self.queries = queries
        self.rows = rows
        self.dot = dot
        queryNorms = (0..<count).map { index in
            let query = queries + index * rows.dimension
            return dot.one(query, query, rows.dimension)
        }
        pools = (0..<count).map { _ in
            var pool = CandidatePool(allocated: capacity)
            pool.reset(capacity: capacity)
            return pool
        }
    }

    func deallocate() { for pool in pools { pool.deallocate() } }

    /// How far a rough distance may lie from the exact one: rounding of a sum of `dimension` products, of either side.
    func errorBound(_ query: Int) -> Float {
        let epsilon = Float(rows.dimension + 8) * Float.ulpOfOne
        switch rows.metric {
        case .cosine: return 2 * epsilon
        case .dot: return 2 * epsilon * (queryNorms[query] * largestRowNorm).squareRoot()
        case .euclidean: return 2 * epsilon * (queryNorms[query] + 3 * largestRowNorm + queryNorms[query] * 2)
        case .manhattan, .hamming, .jaccard: return .infinity
        }
    }

    mutating func scan(_ range: Range<Int>, _ visibility: Visibility, hidesRows: Bool, rowsPerProduct: Int) {
        let products = UnsafeMutablePointer<Float>.allocate(capacity: pools.count * rowsPerProduct)
        let norms = UnsafeMutablePointer<Float>.allocate(capacity: rowsPerProduct)
        defer {
            products.deallocate()
            norms.deallocate()
        }
        for first in Swift.stride(from: range.lowerBound, to: range.upperBound, by: rowsPerProduct) {
            let size = min(rowsPerProduct, range.upperBound - first)
            let base = rows.row(UInt32(first))
            BLAS.shared.matrixTimesTransposed(
                a: queries, lda: rows.dimension, b: base, ldb: rows.stride / MemoryLayout<Float>.stride, c: products,
                ldc: rowsPerProduct, m: pools.count, n: size, k: rows.dimension)
            if rows.metric != .cosine { measureNorms(base, size, into: norms) }
            for query in pools.indices {
                rank(query, products + query * rowsPerProduct, norms, first: first, count: size, visibility, hidesRows)
            }
        }
    }

    private mutating func measureNorms(_ base: UnsafePointer<Float>, _ count: Int, into norms: UnsafeMutablePointer<Float>) {
        for index in 0..<count {
            let row = base + index * (rows.stride / MemoryLayout<Float>.stride)
            norms[index] = dot.one(row, row, rows.dimension)
            largestRowNorm = max(largestRowNorm, norms[index])
        }
    }

    private mutating func rank(
        _ query: Int, _ products: UnsafePointer<Float>, _ norms: UnsafePointer<Float>, first: Int, count: Int,
        _ visibility: Visibility, _ hidesRows: Bool
    ) {
        let queryNorm = queryNorms[query]
        let queryScale = queryNorm > 0 ? 1 / queryNorm.squareRoot() : 0
        var worst = pools[query].worstDistance
        for index in 0..<count {
            let distance =
                switch rows.metric {
                case .dot: -products[index]
                case .euclidean: queryNorm + norms[index] - 2 * products[index]
                case .cosine: 1 - products[index] * queryScale * rows.scales.unsafelyUnwrapped[first + index]
                case .manhattan, .hamming, .jaccard: Float.infinity
                }
            guard distance <= worst else { continue }
            let ordinal = UInt32(first + index)
            if hidesRows, !visibility.contains(ordinal) { continue }
            _ = pools[query].insert(CandidatePool.key(distance: distance, ordinal: ordinal))
            worst = pools[query].worstDistance
        }
    }
}
