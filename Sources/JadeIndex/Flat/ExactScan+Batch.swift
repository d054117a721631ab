package import JadeCore
internal import JadeKernels

extension ExactScan {
    /// Queries of a batch from which tiles for all are cheaper than a scan for each.
    package static let batchThreshold = 4
    /// Packed queries stay in the second-level cache.
    private static let packedBytes = 512 << 10
    /// Candidates of all queries packed together, unless ``queryBounds`` says otherwise.
    private static let keptCandidates = 1 << 20
    /// Queries packed together: the more, the less often a row is fetched.
    private static let queryBounds = 64...1024

    /// The `k` closest visible rows for each of several queries. The answers are those of ``search(_:k:in:_:hidesRows:)``.
    ///
    /// Rows that have ``codes`` cost about a third of the others. Memory, of the queries packed together (at most 1,024): 1.5 KB and
    /// `k` words each, and about twice their own size.
    package func searchBatch(
        _ queries: UnsafePointer<Float>, count: Int, k: Int, in range: Range<Int>, _ visibility: Visibility, hidesRows: Bool
    ) -> [[Neighbor]] {
        let dimension = rows.dimension
        guard count >= Self.batchThreshold, k > 0, Self.hasTiles(rows) else {
            return (0..<count).map { search(queries + $0 * dimension, k: k, in: range, visibility, hidesRows: hidesRows) }
        }
        let component = codes.count > 0 && kernels.multipliesBytes ? 1 : MemoryLayout<Float>.stride
        let fitting = Self.packedBytes / max(1, dimension * component) / 64 * 64
        let together = min(max(min(fitting, Self.keptCandidates / k), Self.queryBounds.lowerBound), Self.queryBounds.upperBound)
        var answers: [[Neighbor]] = []
        answers.reserveCapacity(count)
        for start in Swift.stride(from: 0, to: count, by: together) {
            var batch = BatchScan(
                queries: queries + start * dimension, count: min(together, count - start), k: k, rows: rows, distance: distance,
                kernels: kernels)
            batch.scan(range, codes: codes, visibility, hidesRows: hidesRows)
            answers += batch.take()
        }
        return answers
    }

    /// Tiles make products of f32, and distances of products.
    private static func hasTiles(_ rows: RowSource) -> Bool {
        rows.elementType == .float32 && Metric.ofProducts.contains(rows.metric)
    }
}
