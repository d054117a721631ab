internal import JadeCore
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
        let leaving = Set(ordinals.filter(contains))
        guard !leaving.isEmpty else { return 0 }
        replace(state.without(leaving))
        if let incoming = incomingState { setIncoming(incoming.without(leaving)) }
        entries.wrappingSubtract(leaving.count, ordering: .relaxed)
        changed.wrappingAdd(leaving.count, ordering: .relaxed)
        return leaving.count
    }

    package func removal(of ordinals: [UInt32]) -> (any IndexRemoval)? {
        let state = state
        return ListRemoval(
            self, Set(ordinals).filter(contains).sorted { (state.place($0).loadRelaxed(), $0) < (state.place($1).loadRelaxed(), $1) })
    }
}

/// Takes rows out list by list, some lists a step.
private final class ListRemoval: IndexRemoval {
    private let index: IVFIndex
    /// In the order of their lists.
    private let ordinals: [UInt32]
    private let done = Atomic(0)

    private static let rowsPerStep = 2048

    init(_ index: IVFIndex, _ ordinals: [UInt32]) { (self.index, self.ordinals) = (index, ordinals) }

    func advance(workers: BuildWorkers) -> Bool {
        let start = done.load(ordering: .relaxed)
        let end = min(start + Self.rowsPerStep, ordinals.count)
        index.remove(Array(ordinals[start..<end]))
        done.store(end, ordering: .relaxed)
        return end == ordinals.count
    }
}
