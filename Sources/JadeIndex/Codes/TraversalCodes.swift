internal import JadeCore
internal import JadeIO
internal import JadeKernels
internal import JadeQuantization
internal import Synchronization

/// Product or RaBitQ codes of all rows of a graph, by ordinal, or what a reduction leaves of the rows, for searches to read instead of them.
/// The graph is built by the rows themselves: what is lost in codes so short would be lost in its links for good.
///
/// The coder is learnt once, when there are rows enough; until then, and after a start until the builder comes to it, searches read the
/// rows. Codes are not saved: they are made again from the rows.
///
/// `@unchecked Sendable`: the coder is set before ``isReady`` and never after; a row's code is written before its node is linked.
final class TraversalCodes: @unchecked Sendable {
    private let settings: IndexSettings
    private let rows: RowSource
    private let kernels: Kernels
    let stride: Int
    let memory: ReservedMemory
    private var coder: TraversalCoder?
    private let ready = Atomic(false)

    /// Rows that are enough to learn from: principal axes of few rows are those of their noise.
    let leastSample: Int
    private static let goodSample = 1024
    private static let sampleOfDimension = 8
    /// Those that are learnt from at most.
    private static let largestSample = 16_384

    init?(_ settings: IndexSettings, rows: RowSource, kernels: Kernels) throws(JadeError) {
        guard settings.isForTraversal else { return nil }
        (self.settings, self.rows, self.kernels) = (settings, rows, kernels)
        stride = Self.stride(settings, dimension: rows.dimension)
        leastSample =
            settings.reduction == .pca
            ? min(max(Self.goodSample, Self.sampleOfDimension * rows.dimension), Self.largestSample) : Self.goodSample
        memory = try ReservedMemory(reserve: Limits.maximumVectorsPerShard * stride, usesHugePages: true)
    }

    static func stride(_ settings: IndexSettings, dimension: Int) -> Int {
        settings.isForTraversal ? TraversalCoder.stride(settings, dimension: dimension) : 0
    }

    /// Whether searches may go by the codes.
    var isReady: Bool { ready.load(ordering: .acquiring) }

    func reserve(rows count: Int) throws(JadeError) {
        try memory.commit(upTo: (count * stride).roundedUp(to: 1 << 20))
    }

    /// Learns from the rows named and codes those that are nodes already. Excludes insertions; the sample's rows are complete.
    func learn(from sample: [UInt32], nodes: [UInt32], workers: BuildWorkers) throws(JadeError) {
        let step = max(sample.count / Self.largestSample, 1)
        let points = IVFModel.copy(rows, Swift.stride(from: 0, to: sample.count, by: step).map { sample[$0] })
        coder = try TraversalCoder.train(points, settings, metric: rows.metric, kernels: kernels, workers: workers)
        workers.forEachBlock(of: 1024, in: nodes.count) { [self] _, part in
            for node in nodes[part] { write(node) }
        }
        ready.store(true, ordering: .releasing)
    }

    /// Codes a row whose node is about to come; nothing before ``learn(from:nodes:workers:)``.
    func set(_ ordinal: UInt32) { if isReady { write(ordinal) } }

    private func write(_ ordinal: UInt32) {
        guard let coder else { return }
        coder.encode(rows.row(ordinal), scale: rows.scales?[Int(ordinal)] ?? 1, into: memory.base + Int(ordinal) * stride)
    }

    /// A query to be compared with codes, in the memory of `context`.
    func probe(_ query: UnsafePointer<Float>, scale: Float, _ context: SearchContext) -> Probe {
        guard let coder else { preconditionFailure("codes are asked before they are ready") }
        let prepared = context.prepared
        coder.prepare(query, scale: scale, prepared, context.scratch)
        return Probe(
            vector: UnsafeRawPointer(query), scale: scale, offset: 0,
            codes: Probe.Codes(query: .passUnretained(prepared), base: UnsafeRawPointer(memory.base), stride: stride))
    }
}

extension HNSWIndex {
    /// Learns the codes of traversals once there are rows enough: those of the graph and those that `ordinal` names for each index
    /// below `count`. Excludes insertions.
    func learnTraversalCodes(_ count: Int, workers: BuildWorkers, _ ordinal: (Int) -> UInt32?) throws(JadeError) {
        guard let traversal, !traversal.isReady, self.count + count >= traversal.leastSample else { return }
        let nodes = (0..<UInt32(extent.load(ordering: .acquiring))).filter { graph.contains($0) }
        let sample = nodes + (0..<count).compactMap(ordinal)
        guard sample.count >= traversal.leastSample else { return }
        try traversal.learn(from: sample, nodes: nodes, workers: workers)
    }
}
