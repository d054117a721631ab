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
    /// Rows that have ``codes`` cost about a third of the others; by the metric manhattan there are none. Memory, of the queries packed together (at most 1,024): 1.5 KB and
    /// `k` words each, and about twice their own size.
    package func searchBatch(
        _ queries: UnsafePointer<Float>, count: Int, k: Int, in range: Range<Int>, _ visibility: Visibility, hidesRows: Bool
    ) -> [[Neighbor]] {
        let dimension = rows.dimension
        guard count >= Self.batchThreshold, k > 0, Self.hasTiles(rows, hidesRows: hidesRows) else {
            return (0..<count).map { search(queries + $0 * dimension, k: k, in: range, visibility, hidesRows: hidesRows) }
        }
        let component = codes.count > 0 && kernels.multipliesBytes ? 1 : MemoryLayout<Float>.stride
        let fitting = Self.packedBytes / max(1, dimension * component) / 64 * 64
        let together = min(max(min(fitting, Self.keptCandidates / k), Self.queryBounds.lowerBound), Self.queryBounds.upperBound)
        var answers: [[Neighbor]] = []
        answers.reserveCapacity(count)
        for start in Swift.stride(from: 0, to: count, by: together) {
            if rows.metric == .manhattan {
                answers += searchMagnitudes(queries + start * dimension, count: min(together, count - start), k: k, in: range)
                continue
            }
            var batch = BatchScan(
                queries: queries + start * dimension, count: min(together, count - start), k: k, rows: rows, distance: distance,
                kernels: kernels)
            batch.scan(range, codes: codes, visibility, hidesRows: hidesRows)
            answers += batch.take()
        }
        return answers
    }

    /// Sums of magnitudes have no bound that could screen rows: the distances of the tiles are offered to the selections as they are.
    private func searchMagnitudes(_ queries: UnsafePointer<Float>, count: Int, k: Int, in range: Range<Int>) -> [[Neighbor]] {
        let batch = QueryBatch(
            .f32, for: .l1, queries, strideBytes: rows.dimension * MemoryLayout<Float>.stride, count: count, dimension: rows.dimension,
            kernels: kernels)
        var found = TopKBatch(count: count, capacity: k)
        let first = UInt32(range.lowerBound)
        batch.search(
            .l1, base: rows.address(first), strideBytes: rows.stride, rows: range.count, firstOrdinal: first, into: found)
        return (0..<count).map { found.takeSorted($0) }
    }

    /// Of f32: products, and distances of products; magnitudes where no row is hidden, since hidden ones would take places of the closest.
    private static func hasTiles(_ rows: RowSource, hidesRows: Bool) -> Bool {
        guard rows.elementType == .float32 else { return false }
        return Metric.ofProducts.contains(rows.metric) || (rows.metric == .manhattan && !hidesRows)
    }
}
