internal import JadeCore
internal import JadeKernels
internal import Synchronization

extension HNSWIndex {
    /// Links nodes that no path of the lowest layer leads to from the entry, as it happens when lists are pruned: each gets links
    /// from the closest nodes that are reached and have room. Insertions must be kept away; searches go on.
    ///
    /// - Returns: how many there were.
    ///
    /// Complexity: a look at every link, and a search for each node that is not reached.
    @discardableResult
    package func linkUnreached() -> Int {
        guard let entry = graph.entry else { return 0 }
        let end = extent.load(ordering: .acquiring)
        var reached = ReachedNodes(size: end)
        reached.follow(from: entry.ordinal, graph)
        var count = 0
        for node in 0..<UInt32(end) where graph.contains(node) && !reached.contains(node) {
            contexts.withContext { linkFromNearest(node, entry, reached, $0) }
            reached.follow(from: node, graph)
            count += 1
        }
        return count
    }

    /// Makes every node of the upper layers the end of the walk that looks for it: where the walk stops short of it, there a link to it
    /// begins. Insertions must be kept away; searches go on.
    ///
    /// Complexity: a walk for each node of the upper layers, which is one of `m` nodes.
    func linkStranded() {
        guard let entry = graph.entry else { return }
        let end = UInt32(extent.load(ordering: .acquiring))
        contexts.withContext { context in
            for level in stride(from: entry.level, through: 1, by: -1) {
                for node in 0..<end where Int(graph.levels[Int(node)]) > level && graph.contains(node) {
                    let stop = descend(distance.probe(of: node, context), from: entry, to: level - 1, context)
                    if stop.ordinal != node { link(stop.ordinal, toStranded: node, level: level, context) }
                }
            }
        }
    }

    private func link(_ stop: UInt32, toStranded node: UInt32, level: Int, _ context: SearchContext) {
        let count = graph.copyLinks(stop, level: level, into: context.ordinals)
        if (0..<count).contains(where: { context.ordinals[$0] == node }) { return }
        if count < graph.capacity(level: level) {
            (graph.links(stop, level: level) + count).storeRelease(node &+ 1)
        } else {
            graph.makeRoom(for: node, at: stop, level: level, context.ordinals)
        }
    }

    private func linkFromNearest(
        _ node: UInt32, _ entry: (ordinal: UInt32, level: Int), _ reached: ReachedNodes, _ context: SearchContext
    ) {
        let probe = distance.probe(of: node, context)
        let start = descend(probe, from: entry, to: 0, context)
        let from = reached.contains(start.ordinal) ? start : Neighbor(ordinal: entry.ordinal, distance: .infinity)
        searchLayer(probe, from: from, level: 0, ef: settings.efConstruction, context)
        let capacity = graph.capacity(level: 0)
        var links = 0
        for index in 0..<context.pool.count where links < Self.linksToUnreached {
            let near = context.pool.neighbor(index).ordinal
            guard near != node, reached.contains(near) else { continue }
            let count = graph.copyLinks(near, level: 0, into: context.ordinals)
            guard count < capacity else { continue }
            (graph.links(near, level: 0) + count).storeRelease(node &+ 1)
            links += 1
        }
        // Where all lists are full, the closest gives its farthest link away.
        if links == 0 { graph.makeRoom(for: node, at: from.ordinal, level: 0, context.ordinals) }
    }

    /// Links that lead to a node found without any.
    private static let linksToUnreached = 3
}

extension Graph {
    /// Puts `newcomer` into a list that is full, in the place of its last link, which the newcomer takes over.
    fileprivate func makeRoom(for newcomer: UInt32, at node: UInt32, level: Int, _ scratch: UnsafeMutablePointer<UInt32>) {
        let last = links(node, level: level) + (capacity(level: level) - 1)
        let displaced = last.loadAcquire()
        let count = copyLinks(newcomer, level: level, into: scratch)
        let place = min(count, capacity(level: level) - 1)
        (links(newcomer, level: level) + place).storeRelease(displaced)
        last.storeRelease(newcomer &+ 1)
    }
}

/// Nodes to which links of the lowest layer lead.
private struct ReachedNodes {
    private var words: [UInt64]
    private var open: [UInt32] = []

    init(size: Int) { words = [UInt64](repeating: 0, count: (size + 63) / 64) }

    func contains(_ node: UInt32) -> Bool { words[Int(node) >> 6] >> UInt64(node & 63) & 1 == 1 }

    /// Adds a node and all that its links lead to.
    mutating func follow(from node: UInt32, _ graph: Graph) {
        add(node)
        while let next = open.popLast() {
            let block = graph.links(next, level: 0)
            for index in 0..<graph.capacity(level: 0) {
                let word = (block + index).loadAcquire()
                if word == 0 { break }
                if !contains(word &- 1) { add(word &- 1) }
            }
        }
    }

    private mutating func add(_ node: UInt32) {
        words[Int(node) >> 6] |= 1 << UInt64(node & 63)
        open.append(node)
    }
}
