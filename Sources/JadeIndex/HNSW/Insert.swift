package import JadeCore
internal import JadeKernels
internal import Synchronization

extension HNSWIndex {
    /// Adds one row; its ordinal must be reserved and not in the graph yet.
    package func insert(_ ordinal: UInt32) throws(JadeError) {
        precondition(Int(ordinal) < extent.load(ordering: .relaxed), "ordinal \(ordinal) was not reserved")
        precondition(!graph.contains(ordinal), "ordinal \(ordinal) is in the graph already")
        let level = level(of: ordinal)
        if let codes {
            contexts.withContext { context in
                codes.set(ordinal, rows.row(ordinal), scale: distance.exact.scale(ofRow: ordinal), context.scratch)
            }
        }
        (owner ?? self).traversal?.set(ordinal)
        try graph.addNode(ordinal, level: level)
        countNode()
        if graph.claimFirst(ordinal, level: level) { return }
        guard let entry = graph.entry else { preconditionFailure("a graph with nodes has an entry") }
        contexts.withContext { context in connect(ordinal, level: level, entry: entry, context) }
        if level > entry.level { graph.offerEntry(ordinal, level: level) }
    }

    /// Finds the node's neighbours on all layers first, then links back from the lowest layer up: whoever meets the node
    /// on some layer finds its links complete on that layer and below.
    private func connect(_ ordinal: UInt32, level: Int, entry: (ordinal: UInt32, level: Int), _ context: SearchContext) {
        let probe = distance.probe(of: ordinal, context)
        let top = min(level, entry.level)
        var start = isWorn
            ? descendWidely(probe, from: entry, to: level, context) : descend(probe, from: entry, to: level, context)
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: (settings.m + 1) * (top + 1)) { lists in
            let lists = lists.baseAddress.unsafelyUnwrapped
            for layer in Swift.stride(from: top, through: 0, by: -1) {
                let found = candidates(probe, from: &start, level: layer, context)
                let list = lists + layer * (settings.m + 1)
                let count = selectNeighbours(
                    found.entries, count: found.count, limit: settings.m, into: list + 1, context)
                list[0] = UInt32(count)
                graph.setLinks(ordinal, level: layer, list + 1, count: count)
            }
            for layer in 0...top {
                let list = lists + layer * (settings.m + 1)
                for index in 1..<Int(list[0]) + 1 { link(list[index], to: ordinal, level: layer, context) }
            }
        }
    }

    /// Walks down as ``descend`` does, with some places in view on every layer instead of one: where far links are missing, a node that ended
    /// in the wrong cluster would be linked to nodes of that cluster alone, and found by nobody.
    private func descendWidely(
        _ probe: Probe, from entry: (ordinal: UInt32, level: Int), to target: Int, _ context: SearchContext
    ) -> Neighbor {
        var best = descend(probe, from: entry, to: entry.level, context)
        for level in Swift.stride(from: entry.level, to: target, by: -1) {
            searchLayer(probe, from: best, level: level, ef: settings.m, context)
            best = context.pool.neighbor(0)
        }
        return best
    }

    /// The closest nodes of a layer that a new node may link to; `start` becomes the closest of all.
    private func candidates(
        _ probe: Probe, from start: inout Neighbor, level: Int, _ context: SearchContext
    ) -> CandidatePool {
        let ef = settings.efConstruction
        guard leaving.isEmpty else {
            searchAdmitted(probe, from: start, level: level, ef: ef, context) { !leaving.contains($0) }
            if context.results.count > 0 { start = context.results.neighbor(0) }
            return context.results
        }
        searchLayer(probe, from: start, level: level, ef: ef, context)
        start = context.pool.neighbor(0)
        return context.pool
    }

    /// Adds a link back; a full list is chosen anew from its links and the newcomer.
    func link(_ node: UInt32, to newcomer: UInt32, level: Int, _ context: SearchContext) {
        let capacity = graph.capacity(level: level)
        graph.withLock(node) {
            let ordinals = context.ordinals
            let count = graph.copyLinks(node, level: level, into: ordinals)
            if (0..<count).contains(where: { ordinals[$0] == newcomer }) { return }
            if count < capacity {
                (graph.links(node, level: level) + count).storeRelease(newcomer &+ 1)
                return
            }
            ordinals[count] = newcomer
            distance.gather(distance.probe(of: node, context), ordinals, count: count + 1, into: context.distances)
            context.results.reset(capacity: count + 1)
            for index in 0...count {
                _ = context.results.insert(CandidatePool.key(distance: context.distances[index], ordinal: ordinals[index]))
            }
            let kept = selectNeighbours(
                context.results.entries, count: count + 1, limit: capacity, into: ordinals, context)
            graph.setLinks(node, level: level, ordinals, count: kept)
        }
    }
}
