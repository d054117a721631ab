package import JadeCore
package import JadeKernels
package import JadeQuantization
internal import Synchronization

extension IVFIndex {
    package func build(
        _ range: Range<Int>, workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool,
        progress: (@Sendable (Int) -> Void)?
    ) throws(JadeError) {
        guard !range.isEmpty else { return }
        try reserve(rows: range.upperBound)
        let state = state
        let done = Atomic(0)
        workers.forEachBlock(of: Self.blockOfRows, in: range.count) { [self] _, part in
            let ordinals = part.map { UInt32(range.lowerBound + $0) }.filter(include)
            insert(ordinals, into: state, isNew: true)
            progress?(done.wrappingAdd(part.count, ordering: .relaxed).newValue)
        }
    }

    /// Adds the rows of a list that `include` admits.
    package func build(
        _ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool
    ) throws(JadeError) {
        guard let largest = ordinals.max() else { return }
        try reserve(rows: Int(largest) + 1)
        let state = state
        workers.forEachBlock(of: Self.blockOfRows, in: ordinals.count) { [self] _, part in
            insert(ordinals[part].filter(include), into: state, isNew: true)
        }
    }

    /// Rows that a thread takes at a time: enough for tiles.
    private static let blockOfRows = 512

    /// Learns from the rows the index holds, sorts them into new lists beside the old ones, and takes those from then on.
    ///
    /// Does nothing with fewer rows than a list should hold. Searches go on meanwhile, with the old lists.
    ///
    /// - Throws: `cancelled` when `watch` gives up; then the index stays as it was.
    package func train(workers: BuildWorkers, watch: TrainingWatch = .none) throws(JadeError) {
        let held = (0..<UInt32(extent.load(ordering: .acquiring))).filter { place($0).loadRelaxed() != 0 }
        guard held.count >= Self.leastRows else { return }
        let model = try IVFModel.train(rows, ordinals: held, settings: lists, kernels: kernels, workers: workers, watch: watch)
        let state = IVFState(model: model)
        let encoded = Atomic(0)
        let given = Atomic(false)
        workers.forEachBlock(of: Self.blockOfRows, in: held.count) { [self] _, part in
            guard !given.load(ordering: .relaxed) else { return }
            insert(Array(held[part]), into: state, isNew: false)
            let done = encoded.wrappingAdd(part.count, ordering: .relaxed).newValue
            if !watch.mayGoOn(TrainingProgress(stage: .encoding, done: done, total: held.count)) { given.store(true, ordering: .relaxed) }
        }
        guard !given.load(ordering: .relaxed) else {
            restorePlaces()
            throw .cancelled("training was given up while \(held.count) rows were encoded")
        }
        replace(state, forgettingAdded: true)
    }

    /// Learns when ``condition`` advises it. Nobody waits then, so it takes its time; a training that fails leaves the index as it was.
    package func settle() {
        guard condition.advice != .none else { return }
        do throws(JadeError) { try train(workers: .system(1)) } catch { trainingFailures.wrappingAdd(1, ordering: .relaxed) }
    }

    /// An index with fewer rows is not worth lists.
    package static let leastRows = 256

    /// Puts rows at the end of their lists. Their ordinals are reserved, and no list of the state holds them.
    private func insert(_ ordinals: [UInt32], into state: IVFState, isNew: Bool) {
        guard !ordinals.isEmpty else { return }
        let model = state.model
        let points = IVFModel.copy(rows, ordinals)
        let labels = UnsafeMutablePointer<UInt32>.allocate(capacity: ordinals.count)
        let distances = UnsafeMutablePointer<Float>.allocate(capacity: ordinals.count)
        let code = UnsafeMutableRawPointer.allocate(byteCount: max(model.layout.rowBytes, 1), alignment: 4)
        defer {
            labels.deallocate()
            distances.deallocate()
            code.deallocate()
        }
        model.nearest.assign(
            points.base, strideBytes: points.strideBytes, count: points.count, centroids: labels, distances: distances)
        if isNew {
            noteAdded(distances, count: points.count)
            entries.wrappingAdd(points.count, ordering: .relaxed)
            changed.wrappingAdd(points.count, ordering: .relaxed)
        }
        let encoder = EntryEncoder(model)
        for (index, ordinal) in ordinals.enumerated() {
            let list = Int(labels[index])
            encoder.encode(points.row(index), list: list, into: code)
            place(ordinal).storeRelaxed(labels[index] + 1)
            withUnsafePointer(to: ordinal) { state.table.append(list, ordinals: $0, codes: code, count: 1) }
        }
    }

    /// What training under way has overwritten.
    private func restorePlaces() {
        let table = state.table
        for list in 0..<table.count {
            table.forEachExtent(list) { extent in
                for index in 0..<extent.published { place(extent.pointee.ordinals[index]).storeRelaxed(UInt32(list) + 1) }
            }
        }
    }
}
