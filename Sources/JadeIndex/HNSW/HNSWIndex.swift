package import JadeCore
internal import JadeIO
package import JadeKernels
internal import Synchronization

/// A graph is looked after whenever such a part of its nodes has changed, 1 / n: a look goes through all of it, and is so shared by the
/// changes.
private enum Upkeep {
    /// A worn graph's upper layers: recall falls soonest there.
    static let mendingPart = 32
    /// Nodes without a path, while the graph grows …
    static let linkingPart = 4
    /// … and while the builder has nothing else to do.
    static let settlingPart = 100
}

/// A hierarchical navigable small world graph over the rows of a ``RowSource`` (Malkov and Yashunin 2016,
/// arXiv:1603.09320).
///
/// Searches take no lock and never wait for insertions; any number of threads may insert different ordinals at once.
package final class HNSWIndex: VectorIndex {
    package let settings: IndexSettings
    package let rows: RowSource
    let distance: NodeDistance
    let codes: NodeCodes?
    /// What searches read where the graph is built by the rows and searched by codes.
    let traversal: TraversalCodes?
    let graph: Graph
    let kernels: Kernels
    let contexts: SearchContextPool
    let leaving: LeavingNodes
    /// Of a draft: the index whose graph it builds; see ``draft(adding:)``.
    let owner: HNSWIndex?
    /// Ordinals below this may appear in the graph: what a visited set must cover.
    let extent: Atomic<Int>
    private let nodes: Atomic<Int>
    private let changeCount = Atomic(0)
    /// Changes up to which every node was linked.
    private let linkedChanges = Atomic(0)
    /// Changes up to which every walk down the upper layers ended where it should.
    private let mendedChanges = Atomic(0)
    private let hasLostNodes = Atomic(false)
    /// Levels are drawn from it and the ordinal, so that a build is repeatable.
    let seed: UInt64

    /// An empty index.
    package init(rows: RowSource, settings: IndexSettings, kernels: Kernels, seed: UInt64 = 0x4A41_4445) throws(JadeError) {
        try settings.validate()
        self.settings = settings
        self.rows = rows
        self.seed = seed
        self.kernels = kernels
        (owner, leaving) = (nil, LeavingNodes())
        contexts = SearchContextPool(dimension: rows.dimension)
        codes = try NodeCodes(settings.nodeQuantization, rows: rows, kernels: kernels)
        traversal = try TraversalCodes(settings, rows: rows, kernels: kernels)
        distance = NodeDistance(exact: RowDistance(rows: rows, kernels: kernels), codes: codes)
        graph = Graph(m: settings.m, memory: try GraphMemory(m: settings.m))
        extent = Atomic(0)
        nodes = Atomic(0)
    }

    /// An index read back by `load`.
    init(
        rows: RowSource, settings: IndexSettings, kernels: Kernels, seed: UInt64, graph: Graph, codes: NodeCodes?, extent: Int,
        nodes: Int, traversal: TraversalCodes?
    ) {
        self.traversal = traversal
        self.settings = settings
        self.rows = rows
        self.seed = seed
        self.codes = codes
        self.kernels = kernels
        (owner, leaving) = (nil, LeavingNodes())
        contexts = SearchContextPool(dimension: rows.dimension)
        distance = NodeDistance(exact: RowDistance(rows: rows, kernels: kernels), codes: codes)
        self.graph = graph
        self.extent = Atomic(extent)
        self.nodes = Atomic(nodes)
    }

    /// A draft of the graph of `owner`.
    init(draftOf owner: HNSWIndex, settings: IndexSettings, codes: NodeCodes) {
        (self.owner, self.settings, self.codes, traversal) = (owner, settings, codes, nil)
        (rows, seed, graph, kernels, leaving) = (owner.rows, owner.seed, owner.graph, owner.kernels, owner.leaving)
        contexts = SearchContextPool(dimension: rows.dimension)
        distance = NodeDistance(exact: owner.distance.exact, codes: codes)
        extent = Atomic(owner.extent.load(ordering: .acquiring))
        nodes = Atomic(0)
    }

    package var count: Int { nodes.load(ordering: .relaxed) }

    package var memoryBytes: Int {
        extent.load(ordering: .relaxed) * (graph.baseStride * 4 + 5 + (codes?.stride ?? 0) + (traversal?.stride ?? 0)) + graph.upperBlockCount * graph.upperStride * 4
    }

    package var changes: Int { changeCount.load(ordering: .relaxed) }

    package func contains(_ ordinal: UInt32) -> Bool {
        Int(ordinal) < extent.load(ordering: .acquiring) && graph.contains(ordinal)
    }

    func countNode() {
        if let owner { return owner.countNode() }
        nodes.wrappingAdd(1, ordering: .relaxed)
        changeCount.wrappingAdd(1, ordering: .relaxed)
    }

    func countRemoved(_ count: Int) {
        hasLostNodes.store(true, ordering: .relaxed)
        nodes.wrappingSubtract(count, ordering: .relaxed)
        changeCount.wrappingAdd(count, ordering: .relaxed)
    }

    /// Whether nodes have left since the graph was built or loaded: their far links went with them, and a walk down the layers may end
    /// in the wrong place.
    var isWorn: Bool { (owner ?? self).hasLostNodes.load(ordering: .relaxed) }

    /// Looks for nodes without a path after so many changes that the look costs each of them little.
    func linkUnreachedIfDue() {
        if isWorn, isDue(since: mendedChanges, afterPart: Upkeep.mendingPart) {
            linkStranded()
            mendedChanges.store(changes, ordering: .relaxed)
        }
        linkUnreached(afterPart: Upkeep.linkingPart)
    }

    package func settle() {
        // After a start: codes are made of the rows again. Searches read the rows until then, and for good where it fails.
        try? learnTraversalCodes(0, workers: .system(1)) { _ in nil }
        linkUnreached(afterPart: Upkeep.settlingPart)
    }

    private func linkUnreached(afterPart part: Int) {
        guard isDue(since: linkedChanges, afterPart: part) else { return }
        linkUnreached()
        linkedChanges.store(changes, ordering: .relaxed)
    }

    private func isDue(since last: borrowing Atomic<Int>, afterPart part: Int) -> Bool {
        let since = changes - last.load(ordering: .relaxed)
        // Nodes that leave are about to lose their last link, and shall.
        return leaving.isEmpty && since > 0 && since * part >= count
    }

    package func reserve(rows count: Int) throws(JadeError) {
        try graph.reserve(nodes: count)
        try codes?.reserve(rows: count)
        try traversal?.reserve(rows: count)
        var current = extent.load(ordering: .relaxed)
        while current < count {
            let (exchanged, original) = extent.compareExchange(
                expected: current, desired: count, ordering: .releasing)
            if exchanged { break }
            current = original
        }
    }

    /// The highest layer of a node: geometric with mean `1 / ln m`.
    func level(of ordinal: UInt32) -> Int {
        var state = seed &+ UInt64(ordinal) &* 0x9E37_79B9_7F4A_7C15
        state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
        state ^= state >> 31
        var level = 0
        // Each step up keeps one node in m: compared in integers, so that every platform draws the same levels.
        let step = UInt64.max / UInt64(settings.m)
        while level < Graph.maximumLevel, state < step {
            level += 1
            state = state &* UInt64(settings.m) &+ UInt64(level)
        }
        return level
    }
}
