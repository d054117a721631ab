package import JadeCore

/// What a shard asks of its index. Ordinals are the slot numbers of rows in the index's ``RowSource``.
///
/// Searches may run on any number of threads, beside insertions of other rows.
package protocol VectorIndex: AnyObject, Sendable {
    var settings: IndexSettings { get }
    /// Rows in the index, deleted ones included until they are repaired away.
    var count: Int { get }
    /// Bytes in memory beside the rows.
    var memoryBytes: Int { get }

    /// Adds the rows of a range that `include` admits, by several threads.
    func build(
        _ range: Range<Int>, threads: Int, include: @escaping @Sendable (UInt32) -> Bool, progress: (@Sendable (Int) -> Void)?
    ) throws(JadeError)

    /// The closest rows that the snapshot sees, closest first, ties by ordinal.
    ///
    /// - Parameters:
    ///   - query: as many components as the rows have.
    ///   - ef: candidates to keep; at least `k` are.
    ///   - hidesRows: whether `visibility` may hide any row below `limit`; false takes the faster path.
    ///   - limit: rows from this ordinal on are left out: the caller scans them itself.
    func search(
        _ query: UnsafePointer<Float>, k: Int, ef: Int, _ visibility: Visibility, hidesRows: Bool, below limit: UInt32
    ) -> [Neighbor]
}
