package import JadeCore
package import JadeIO
package import JadeKernels
package import JadeQuantization
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
    /// By ordinal, the row's list + 1, or 0.
    let places: ReservedMemory
    /// Ordinals below it may be in the index.
    let extent: Atomic<Int>
    let entries: Atomic<Int>
    /// Rows added and taken out.
    let changed = Atomic(0)
    let trainingFailures = Atomic(0)
    private let added: Mutex<AddedRows>

    /// How far rows came to lie from their centroids since training.
    struct AddedRows {
        var count = 0
        var sum = 0.0
    }

    /// An empty index.
    package init(rows: RowSource, settings: IndexSettings, lists: IVFSettings, kernels: Kernels) throws(JadeError) {
        try lists.validate()
        guard rows.elementType == .float32 else {
            throw .invalidArgument("inverted lists hold vectors of element type float32, not \(rows.elementType.name)")
        }
        (self.settings, self.lists, self.rows, self.kernels) = (settings, lists, rows, kernels)
        distance = RowDistance(rows: rows, kernels: kernels)
        current = Mutex(IVFState(model: .untrained(rows, kernels: kernels)))
        places = try ReservedMemory(reserve: Limits.maximumVectorsPerShard * MemoryLayout<UInt32>.stride)
        extent = Atomic(0)
        entries = Atomic(0)
        added = Mutex(AddedRows())
    }

    var state: IVFState { current.withLock { $0 } }

    func replace(_ state: IVFState, forgettingAdded: Bool) {
        current.withLock { $0 = state }
        if forgettingAdded { added.withLock { $0 = AddedRows() } }
    }

    package var model: IVFModel { state.model }
    package var changes: Int { changed.load(ordering: .relaxed) }
    package var count: Int { entries.load(ordering: .relaxed) }

    package var memoryBytes: Int {
        let state = state
        return state.table.memoryBytes + state.model.memoryBytes + extent.load(ordering: .relaxed) * 4
    }

    /// The list of a row + 1, or 0 if the index does not hold it.
    func place(_ ordinal: UInt32) -> UnsafeMutablePointer<UInt32> {
        places.base.assumingMemoryBound(to: UInt32.self) + Int(ordinal)
    }

    package func contains(_ ordinal: UInt32) -> Bool {
        Int(ordinal) < extent.load(ordering: .acquiring) && place(ordinal).loadRelaxed() != 0
    }

    func reserve(rows count: Int) throws(JadeError) {
        try places.commit(upTo: count * MemoryLayout<UInt32>.stride)
        if extent.load(ordering: .relaxed) < count { extent.store(count, ordering: .releasing) }
    }

    func noteAdded(_ distances: UnsafePointer<Float>, count: Int) {
        var sum = 0.0
        for index in 0..<count { sum += Double(distances[index]) }
        added.withLock { added in
            added.count += count
            added.sum += sum
        }
    }

    /// Mean squared distance from their centroids of the rows added since training; nil before any.
    var addedError: Double? { added.withLock { $0.count > 0 ? $0.sum / Double($0.count) : nil } }
}

/// What a search works on: it keeps a state alive as long as it needs it.
final class IVFState: Sendable {
    let model: IVFModel
    let table: ListTable

    init(model: IVFModel, table: ListTable? = nil) {
        self.model = model
        self.table = table ?? ListTable(count: model.nlist, layout: model.layout)
    }
}
