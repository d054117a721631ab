package import JadeCore
internal import JadeKernels

extension ExactScan {
    /// Queries of a batch from which tiles for all are cheaper than a scan for each.
    package static let batchThreshold = 4
    /// Packed queries stay in the second-level cache.
    private static let packedBytes = 512 << 10
    /// Queries packed together: the more, the less often a row is fetched.
    private static let queryBounds = 64...1024

    /// The `k` closest visible rows for each of several queries. The answers are those of ``search(_:k:in:_:hidesRows:)``.
    ///
    /// Rows that have ``codes`` cost about a quarter of the others. Memory: 1.5 KB a query, at most 1.5 MiB, and the packed queries.
    package func searchBatch(
        _ queries: UnsafePointer<Float>, count: Int, k: Int, in range: Range<Int>, _ visibility: Visibility, hidesRows: Bool
    ) -> [[Neighbor]] {
        let dimension = rows.dimension
        guard count >= Self.batchThreshold, k > 0 else {
            return (0..<count).map { search(queries + $0 * dimension, k: k, in: range, visibility, hidesRows: hidesRows) }
        }
        let component = codes.count > 0 && kernels.multipliesBytes ? 1 : MemoryLayout<Float>.stride
        let fitting = Self.packedBytes / max(1, dimension * component) / 64 * 64
        let together = min(max(fitting, Self.queryBounds.lowerBound), Self.queryBounds.upperBound)
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
}
