package import JadeCore
internal import JadeKernels
internal import Synchronization

extension IVFIndex {
    /// Takes rows out of their lists; those it does not hold are passed over. Searches that began before may still read the rows.
    ///
    /// Complexity: a copy of every list that holds one of them.
    ///
    /// - Returns: how many were taken out.
    @discardableResult
    package func remove(_ ordinals: [UInt32]) -> Int {
        var touched: Set<Int> = []
        var leaving: Set<UInt32> = []
        for ordinal in ordinals where contains(ordinal) && leaving.insert(ordinal).inserted {
            touched.insert(Int(place(ordinal).loadRelaxed()) - 1)
        }
        guard !leaving.isEmpty else { return 0 }
        let state = state
        let table = state.table.replacing(touched.sorted(), keeps: { !leaving.contains($0) })
        replace(IVFState(model: state.model, table: table), forgettingAdded: false)
        for ordinal in leaving { place(ordinal).storeRelaxed(0) }
        entries.wrappingSubtract(leaving.count, ordering: .relaxed)
        changed.wrappingAdd(leaving.count, ordering: .relaxed)
        return leaving.count
    }

    package func removal(of ordinals: [UInt32]) -> (any IndexRemoval)? {
        ListRemoval(self, Set(ordinals).filter(contains).sorted { (place($0).loadRelaxed(), $0) < (place($1).loadRelaxed(), $1) })
    }
}

/// Takes rows out list by list, some lists a step.
///
/// `@unchecked`: one thread at a time goes on with a removal.
private final class ListRemoval: IndexRemoval, @unchecked Sendable {
    private let index: IVFIndex
    /// In the order of their lists.
    private let ordinals: [UInt32]
    private var done = 0

    private static let rowsPerStep = 2048

    init(_ index: IVFIndex, _ ordinals: [UInt32]) { (self.index, self.ordinals) = (index, ordinals) }

    func advance(workers: BuildWorkers) -> Bool {
        let end = min(done + Self.rowsPerStep, ordinals.count)
        index.remove(Array(ordinals[done..<end]))
        done = end
        return done == ordinals.count
    }
}
