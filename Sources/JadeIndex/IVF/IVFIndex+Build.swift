package import JadeCore
package import JadeKernels
internal import JadeQuantization
internal import Synchronization

extension IVFIndex {
    package func build(
        _ range: Range<Int>, workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool,
        progress: (@Sendable (Int) -> Void)?
    ) throws(JadeError) {
        guard !range.isEmpty else { return }
        try reserve(rows: range.upperBound)
        let states = states
        let done = Atomic(0)
        workers.forEachBlock(of: Self.blockOfRows, in: range.count) { [self] _, part in
            insert(part.map { UInt32(range.lowerBound + $0) }.filter(include), into: states)
            progress?(done.wrappingAdd(part.count, ordering: .relaxed).newValue)
        }
    }

    /// Adds the rows of a list that `include` admits.
    package func build(
        _ ordinals: [UInt32], workers: BuildWorkers, include: @escaping @Sendable (UInt32) -> Bool
    ) throws(JadeError) {
        guard let largest = ordinals.max() else { return }
        try reserve(rows: Int(largest) + 1)
        let states = states
        workers.forEachBlock(of: Self.blockOfRows, in: ordinals.count) { [self] _, part in
            insert(ordinals[part].filter(include), into: states)
        }
    }

    /// The state that searches work on, and the one that a training under way fills.
    private var states: (current: IVFState, incoming: IVFState?) { (state, incomingState) }

    private func insert(_ ordinals: [UInt32], into states: (current: IVFState, incoming: IVFState?)) {
        guard !ordinals.isEmpty else { return }
        let points = IVFModel.copy(rows, ordinals)
        states.current.insert(ordinals, points) { noteAdded($0, count: ordinals.count) }
        states.incoming?.insert(ordinals, points) { _ in }
        entries.wrappingAdd(ordinals.count, ordering: .relaxed)
        changed.wrappingAdd(ordinals.count, ordering: .relaxed)
    }

    /// Rows that a thread takes at a time: enough for tiles.
    static let blockOfRows = 512
    /// An index with fewer rows is not worth lists.
    package static let leastRows = 256
}

extension IVFState {
    /// Puts rows at the end of their lists. Their ordinals are reserved, and no list holds them.
    ///
    /// - Parameters:
    ///   - points: the rows, of length 1 for cosine.
    ///   - told: of the squared distances of the points from their centroids.
    func insert(_ ordinals: [UInt32], _ points: FloatMatrix, _ told: (UnsafePointer<Float>) -> Void) {
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
        told(distances)
        let encoder = EntryEncoder(model)
        for (index, ordinal) in ordinals.enumerated() {
            let list = Int(labels[index])
            encoder.encode(points.row(index), list: list, into: code)
            place(ordinal).storeRelaxed(labels[index] + 1)
            withUnsafePointer(to: ordinal) { table.append(list, ordinals: $0, codes: code, count: 1) }
        }
    }
}
