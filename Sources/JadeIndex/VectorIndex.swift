package import JadeCore
package import JadeKernels

/// What a shard asks of its index. Ordinals are the slot numbers of rows in the index's ``RowSource``.
///
/// Searches may run on any number of threads, beside insertions of other rows.
package protocol VectorIndex: AnyObject, Sendable {
    var settings: IndexSettings { get }
    /// Rows in the index, deleted ones included until they are repaired away.
    var count: Int { get }
    /// Bytes in memory beside the rows.
    var memoryBytes: Int { get }

    /// Adds the rows of a range that `include` admits.
    func build(
        _ range: Range<Int>, workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool, progress: (@Sendable (Int) -> Void)?
    ) throws(JadeError)

    /// The closest rows that the snapshot sees, closest first, ties by ordinal.
    ///
    /// - Parameters:
    ///   - query: as many components as the rows have.
    ///   - ef: candidates to keep; at least `k` are.
    ///   - hidden: the share of rows below `limit` that `visibility` is expected to hide; 0 promises that it hides none.
    ///   - limit: rows from this ordinal on are left out: the caller scans them itself.
    func search(
        _ query: UnsafePointer<Float>, k: Int, ef: Int, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor]
}
