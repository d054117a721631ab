import JadeCore
import JadeIndex

/// An index over all rows of a file, and what building it took.
struct BuiltIndex {
    let index: AcceleratedIndex
    let rowCount: Int
    let buildSeconds: Double
    let buildCPUSeconds: Double

    var dimension: Int { index.dimension }

    /// Rows and index.
    var bytesPerVector: Double { Double(dimension * 4) + Double(index.memoryBytes) / Double(max(rowCount, 1)) }

    init(rows: Matrix, metric: Metric, settings: IndexSettings, threads: Int) throws(JadeError) {
        index = try AcceleratedIndex(dimension: rows.dimension, metric: metric, settings: settings)
        rowCount = rows.rowCount
        let watch = Stopwatch()
        _ = try index.add(rows: rows.values, threads: threads)
        buildSeconds = watch.seconds
        buildCPUSeconds = watch.cpuSeconds
    }

    /// The true neighbours of the queries.
    func exact(_ queries: Matrix, topK: Int) throws(JadeError) -> Truth {
        let matches = try index.exactSearch(batch: queries.values, topK: topK)
        let depth = min(topK, rowCount)
        return Truth(rowCount: queries.rowCount, depth: depth, neighbours: matches.flatMap { $0.prefix(depth).map { Int($0.ordinal) } })
    }
}
