internal import JadeCore
internal import JadeIO
internal import JadeKernels
internal import JadeQuantization
internal import Synchronization

/// Product or RaBitQ codes of all rows of a graph, by ordinal, for searches to read instead of the rows. The graph is built by the rows
/// themselves: what is lost in codes so short would be lost in its links for good.
///
/// The quantizer is learnt once, when there are rows enough; until then, and after a start until the builder comes to it, searches read the
/// rows. Codes are not saved: they are made again from the rows.
///
/// `@unchecked Sendable`: the quantizer is set before ``isReady`` and never after; a row's code is written before its node is linked.
final class TraversalCodes: @unchecked Sendable {
    private let settings: IndexSettings
    private let rows: RowSource
    private let kernels: Kernels
    let stride: Int
    let memory: ReservedMemory
    private var quantizer: Quantizer?
    private let ready = Atomic(false)

    /// Rows that are enough to learn from, and those that are learnt from at most.
    static let goodSample = 1024
    private static let largestSample = 16_384

    init?(_ settings: IndexSettings, rows: RowSource, kernels: Kernels) throws(JadeError) {
        guard settings.quantization.isForTraversal else { return nil }
        (self.settings, self.rows, self.kernels) = (settings, rows, kernels)
        stride = Self.stride(settings, dimension: rows.dimension)
        memory = try ReservedMemory(reserve: Limits.maximumVectorsPerShard * stride, usesHugePages: true)
    }

    static func stride(_ settings: IndexSettings, dimension: Int) -> Int {
        guard settings.quantization.isForTraversal else { return 0 }
        if let code = settings.quantization.binaryCode { return code.byteCount(dimension: dimension).roundedUp(to: 16) }
        return PQCode.pq4.byteCount(subspaces: subspaces(settings, dimension)).roundedUp(to: 16)
    }

    private static func subspaces(_ settings: IndexSettings, _ dimension: Int) -> Int {
        IVFSettings(settings).subspaces(settings.pqSubspaces, dimension: dimension)
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
        if let code = settings.quantization.binaryCode {
            quantizer = .binary(BinaryQuantizer.train(points, code: code, metric: rows.metric, kernels: kernels))
        } else {
            let training = ProductTraining(.pq4, subspaces: Self.subspaces(settings, rows.dimension))
            quantizer = .product(try training.train(points, metric: rows.metric, kernels: kernels, workers: workers))
        }
        workers.forEachBlock(of: 1024, in: nodes.count) { [self] _, part in
            for node in nodes[part] { write(node) }
        }
        ready.store(true, ordering: .releasing)
    }

    /// Codes a row whose node is about to come; nothing before ``learn(from:nodes:workers:)``.
    func set(_ ordinal: UInt32) { if isReady { write(ordinal) } }

    private func write(_ ordinal: UInt32) {
        guard let quantizer else { return }
        quantizer.encode(rows.row(ordinal), scale: rows.scales?[Int(ordinal)] ?? 1, into: memory.base + Int(ordinal) * stride)
    }

    /// A query to be compared with codes; `prepared` belongs to the search.
    func probe(_ query: UnsafePointer<Float>, scale: Float, _ prepared: PreparedQuery) -> Probe {
        guard let quantizer else { preconditionFailure("codes are asked before they are ready") }
        prepared.prepare(query, scale: scale, for: quantizer)
        return Probe(
            vector: UnsafeRawPointer(query), scale: scale, offset: 0,
            codes: Probe.Codes(query: .passUnretained(prepared), base: UnsafeRawPointer(memory.base), stride: stride))
    }
}

extension IndexSettings.Quantization {
    var binaryCode: RaBitQCode? {
        switch self {
        case .rabitq: .rabitq1
        case .rabitq4: .rabitq4
        case .rabitq8: .rabitq8
        case .none, .sq8, .sq4, .pq: nil
        }
    }

    /// Whether a graph is only searched by such codes, and built by the rows.
    var isForTraversal: Bool { self == .pq || binaryCode != nil }
}

extension HNSWIndex {
    /// Learns the codes of traversals once there are rows enough: those of the graph and those that `ordinal` names for each index
    /// below `count`. Excludes insertions.
    func learnTraversalCodes(_ count: Int, workers: BuildWorkers, _ ordinal: (Int) -> UInt32?) throws(JadeError) {
        guard let traversal, !traversal.isReady, self.count + count >= TraversalCodes.goodSample else { return }
        let nodes = (0..<UInt32(extent.load(ordering: .acquiring))).filter { graph.contains($0) }
        let sample = nodes + (0..<count).compactMap(ordinal)
        guard sample.count >= TraversalCodes.goodSample else { return }
        try traversal.learn(from: sample, nodes: nodes, workers: workers)
    }
}
