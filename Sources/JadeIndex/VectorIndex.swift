package import JadeCore
package import JadeKernels

/// What a shard asks of its index. Ordinals are the slot numbers of rows in the index's ``RowSource``.
///
/// Searches may run on any number of threads, beside insertions of other rows and removals. Insertions and the steps of removals
/// exclude each other.
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

    /// Adds the rows of a list that `include` admits: slots below the highest row so far that have a new one.
    func build(_ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool) throws(JadeError)

    /// Whether the index holds a row.
    func contains(_ ordinal: UInt32) -> Bool

    /// Rows added and taken out since the index was made or loaded.
    var changes: Int { get }

    /// Begins to take rows out; those it does not hold are passed over. One removal at a time. Nil from an index that keeps what it
    /// has: the slots of its rows are never written again.
    func removal(of ordinals: [UInt32]) -> (any IndexRemoval)?

    /// Called when nothing waits: whatever the index puts off until then. Excludes insertions and removals.
    func settle()

    /// The closest rows that the snapshot sees, closest first, ties by ordinal.
    ///
    /// - Parameters:
    ///   - query: as many components as the rows have, of their element type.
    ///   - ef: candidates to keep; at least `k` are.
    ///   - hidden: the share of rows below `limit` that `visibility` is expected to hide; 0 promises that it hides none.
    ///   - limit: rows from this ordinal on are left out: the caller scans them itself.
    func search(
        _ query: UnsafeRawPointer, k: Int, ef: Int, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor]
}

/// What an index needs that keeps what it has: no slot of its rows is ever written again, so no list of slots comes to be built.
extension VectorIndex {
    package func build(
        _ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool
    ) throws(JadeError) {
        throw .internal("\(ordinals.count) reused slots for an index that lets none go")
    }

    package func contains(_ ordinal: UInt32) -> Bool { Int(ordinal) < count }
    package var changes: Int { count }
    package func removal(of ordinals: [UInt32]) -> (any IndexRemoval)? { nil }
    package func settle() {}
}

/// A removal under way. Its rows have to stay readable until it is done and every search that began before has ended.
package protocol IndexRemoval: AnyObject, Sendable {
    /// Goes on for a bounded time; whether it is done.
    func advance(workers: BuildWorkers) -> Bool
}
