package import JadeCore
package import JadeKernels
internal import Synchronization

/// The index without structure behind the protocol of all others: every search is exact.
package final class FlatIndex: VectorIndex {
    package let settings: IndexSettings
    private let scan: ExactScan
    private let extent = Atomic(0)

    package init(rows: RowSource, settings: IndexSettings, kernels: Kernels) {
        self.settings = settings
        scan = ExactScan(rows: rows, kernels: kernels)
    }

    package var count: Int { extent.load(ordering: .relaxed) }
    package var memoryBytes: Int { scan.codes.memoryBytes }

    package func build(
        _ range: Range<Int>, workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool, progress: (@Sendable (Int) -> Void)?
    ) throws(JadeError) {
        extent.store(max(range.upperBound, count), ordering: .releasing)
        progress?(range.count)
    }

    package func search(
        _ query: UnsafeRawPointer, k: Int, effort: SearchEffort, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor] {
        let range = 0..<min(extent.load(ordering: .acquiring), Int(limit))
        if visibility.allowed != nil { return scan.searchAllowed(query, k: k, in: range, visibility) }
        return scan.search(query, k: k, in: range, visibility, hidesRows: hidden > 0)
    }

    /// Gives every row a code for ``searchBatch(_:count:k:_:hidden:below:)``; see ``RowCodes`` for what that takes.
    package func prepareBatches() { scan.codes.extend(to: count) }

    /// The `k` closest visible rows for each of `count` queries.
    package func searchBatch(
        _ queries: UnsafePointer<Float>, count queryCount: Int, k: Int, _ visibility: Visibility, hidden: Double,
        below limit: UInt32
    ) -> [[Neighbor]] {
        let range = 0..<min(extent.load(ordering: .acquiring), Int(limit))
        let hidesRows = hidden > 0 || visibility.allowed != nil
        return scan.searchBatch(queries, count: queryCount, k: k, in: range, visibility, hidesRows: hidesRows)
    }

    package func build(
        _ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool
    ) throws(JadeError) {}

    package func contains(_ ordinal: UInt32) -> Bool { Int(ordinal) < count }
    package var changes: Int { 0 }
    package func removal(of ordinals: [UInt32]) -> (any IndexRemoval)? { NothingToRemove() }
}

/// An index without structure has no trace of a row.
private final class NothingToRemove: IndexRemoval {
    func advance(workers: BuildWorkers) -> Bool { true }
}
