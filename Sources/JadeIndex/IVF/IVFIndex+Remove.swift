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
        return leaving.count
    }
}
