package import JadeCore
internal import JadeIO
package import JadeKernels
internal import JadeQuantization
internal import Synchronization

/// Inverted lists over the rows of a ``RowSource``: a row lies in the list of its nearest centroid, as a code or by name alone, and a
/// search looks through the lists nearest to the query and compares the best candidates exactly.
///
/// An index begins untrained, with one list without codes, where every search is exact; ``train(workers:watch:)`` learns from
/// what it holds and sorts it anew, then and whenever ``condition`` says that the rows have become others. Searches take one lock, for
/// the state they work on, and run beside everything else. Building, removing, training and saving exclude each other: the caller
/// sees to it.
package final class IVFIndex: VectorIndex {
    package let settings: IndexSettings
    package let lists: IVFSettings
    package let rows: RowSource
    let kernels: Kernels
    let distance: RowDistance
    let contexts = ListContextPool()
    private let current: Mutex<IVFState>
    /// What a training under way fills, to be the current state when it holds all rows.
    private let incoming = Mutex<IVFState?>(nil)
    private let progress = Mutex<TrainingProgress?>(nil)
    /// Ordinals below it may be in the index.
    let extent: Atomic<Int>
    let entries: Atomic<Int>
    /// Rows added and taken out, or sorted anew.
    let changed = Atomic(0)
    let trainings = Atomic(0)
    let trainingFailures = Atomic(0)
    private let addedRows: Mutex<AddedRows>

    /// What came after training.
    struct AddedRows {
        var count = 0
        var sum = 0.0
        /// How uneven the lists were before.
        var firstImbalance = 1.0

        /// Mean squared distance of the rows from their centroids; nil before any.
        var error: Double? { count > 0 ? sum / Double(count) : nil }
    }

    /// An empty index.
    package init(rows: RowSource, settings: IndexSettings, lists: IVFSettings, kernels: Kernels) throws(JadeError) {
        try lists.validate()
        guard rows.elementType == .float32 else {
            throw .invalidArgument("inverted lists hold vectors of element type float32, not \(rows.elementType.name)")
        }
        (self.settings, self.lists, self.rows, self.kernels) = (settings, lists, rows, kernels)
        distance = RowDistance(rows: rows, kernels: kernels)
        current = Mutex(try IVFState(model: .untrained(rows, kernels: kernels)))
        extent = Atomic(0)
        entries = Atomic(0)
        addedRows = Mutex(AddedRows())
    }

    var state: IVFState { current.withLock { $0 } }
    var incomingState: IVFState? { incoming.withLock { $0 } }
    var added: AddedRows { addedRows.withLock { $0 } }
    var trainingProgress: TrainingProgress? { progress.withLock { $0 } }

    func replace(_ state: IVFState) { current.withLock { $0 = state } }
    func setIncoming(_ state: IVFState?) { incoming.withLock { $0 = state } }
    func setProgress(_ new: TrainingProgress?) { progress.withLock { $0 = new } }

    /// Works by `state`, whose lists hold all rows, from now on.
    func begin(with state: IVFState) {
        replace(state)
        let sizes = (0..<state.table.count).map { state.table.size($0) }
        addedRows.withLock { $0 = AddedRows(firstImbalance: Clustering.imbalance(of: sizes)) }
    }

    package var model: IVFModel { state.model }
    package var changes: Int { changed.load(ordering: .relaxed) }
    package var count: Int { entries.load(ordering: .relaxed) }

    package var memoryBytes: Int {
        let state = state
        return state.table.memoryBytes + state.model.memoryBytes + extent.load(ordering: .relaxed) * 4
    }

    package func contains(_ ordinal: UInt32) -> Bool {
        Int(ordinal) < extent.load(ordering: .acquiring) && state.place(ordinal).loadRelaxed() != 0
    }

    func reserve(rows count: Int) throws(JadeError) {
        try state.reserve(rows: count)
        try incomingState?.reserve(rows: count)
        if extent.load(ordering: .relaxed) < count { extent.store(count, ordering: .releasing) }
    }

    func noteAdded(_ distances: UnsafePointer<Float>, count: Int) {
        var sum = 0.0
        for index in 0..<count { sum += Double(distances[index]) }
        addedRows.withLock { added in
            added.count += count
            added.sum += sum
        }
    }
}

/// What a search works on: it keeps a state alive as long as it needs it.
final class IVFState: Sendable {
    let model: IVFModel
    let table: ListTable
    /// By ordinal, the row's list + 1, or 0.
    let places: ReservedMemory

    init(model: IVFModel) throws(JadeError) {
        (self.model, table) = (model, ListTable(count: model.nlist, layout: model.layout))
        places = try ReservedMemory(reserve: Limits.maximumVectorsPerShard * MemoryLayout<UInt32>.stride)
    }

    init(model: IVFModel, table: ListTable, places: ReservedMemory) {
        (self.model, self.table, self.places) = (model, table, places)
    }

    func reserve(rows count: Int) throws(JadeError) { try places.commit(upTo: count * MemoryLayout<UInt32>.stride) }

    func place(_ ordinal: UInt32) -> UnsafeMutablePointer<UInt32> {
        places.base.assumingMemoryBound(to: UInt32.self) + Int(ordinal)
    }

    /// The same rows but for `leaving`, in another table: this one may still be read.
    func without(_ leaving: Set<UInt32>) -> IVFState {
        var touched: Set<Int> = []
        for ordinal in leaving where place(ordinal).loadRelaxed() != 0 { touched.insert(Int(place(ordinal).loadRelaxed()) - 1) }
        guard !touched.isEmpty else { return self }
        let table = table.replacing(touched.sorted(), keeps: { !leaving.contains($0) })
        for ordinal in leaving { place(ordinal).storeRelaxed(0) }
        return IVFState(model: model, table: table, places: places)
    }
}
