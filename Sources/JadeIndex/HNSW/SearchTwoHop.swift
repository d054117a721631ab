internal import JadeCore
internal import JadeKernels
internal import Synchronization

/// What a search that may not return every row is expected to cost, in distances: the one model by which a shard chooses between
/// comparing all that match and the graph, and the graph its way of passing the others over.
package enum HiddenRows {
    /// How a graph passes rows over that a search may not return.
    package enum Way: Sendable {
        /// A wider search that sorts them out at the end.
        case overfetch
        /// From each node to those neighbours that may be returned, and through the others to theirs (as ACORN does, Patel et al.
        /// 2024, arXiv:2403.04871): hidden rows are not compared at all.
        case twoHops
        /// Through hidden rows, which are compared as well.
        case through
    }

    /// - Parameter share: of rows that are hidden.
    package static func way(share: Double) -> Way {
        if share <= mostOverfetched { return .overfetch }
        return share <= mostSkipped ? .twoHops : .through
    }

    /// What a graph search that keeps `ef` candidates costs, in rows of a scan that compares all that match.
    package static func graphCost(ef: Int, m: Int, share: Double) -> Double {
        switch way(share: share) {
        case .overfetch, .through: Double(ef * m) / max(1 - share, .leastNormalMagnitude) * stepCost
        case .twoHops: Double((ef + seeds(share: share)) * m) * twoHopCost
        }
    }

    /// Nodes at which a search through two hops begins: enough for some of them to be visible.
    static func seeds(share: Double) -> Int {
        Int(min(max(visibleSeeds / max(1 - share, .leastNormalMagnitude), fewestSeeds), mostSeeds))
    }

    private static let mostOverfetched = 0.5
    /// Beyond it, nodes that may be returned have too few of their kind within two hops for all of them to be reached.
    private static let mostSkipped = 0.96
    /// Rows of a graph lie anywhere in memory, where a scan's come one after the other, and candidates are kept in order: measured on
    /// 61,666 × 384.
    private static let stepCost = 3.0
    /// Besides, twice a list's distances at each node, and the lists behind its hidden neighbours to look through.
    private static let twoHopCost = 10.0
    private static let visibleSeeds = 8.0
    private static let (fewestSeeds, mostSeeds) = (16.0, 64.0)
}

extension HNSWIndex {
    /// Best-first search of the lowest layer among visible nodes, with links led through hidden ones; `context.results` has what it
    /// finds.
    ///
    /// - Returns: false if no node around the query is visible, or the way ended before `ef` were found: then there may be others
    ///   that it does not lead to.
    func searchTwoHops(
        _ probe: Probe, from entry: Neighbor, ef: Int, hidden: Double, _ visibility: Visibility, _ context: SearchContext
    ) -> Bool {
        // Hidden or not, these are where the search is to begin.
        searchLayer(probe, from: entry, level: 0, ef: HiddenRows.seeds(share: hidden), context)
        context.visited.reset(size: extent.load(ordering: .acquiring))
        context.results.reset(capacity: ef)
        context.frontier.removeAll()
        for index in 0..<context.pool.count {
            let seed = context.pool.neighbor(index)
            _ = context.visited.insert(seed.ordinal)
            context.frontier.push(seed.key)
            if visibility.contains(seed.ordinal) { _ = context.results.insert(seed.key) }
        }
        // What may be returned lies elsewhere: links that lead there from one side say little about what is closest.
        guard context.results.count > 0 else { return false }
        let capacity = graph.capacity(level: 0)
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity) { hidden in
            while let key = context.frontier.pop() {
                if context.results.isFull, CandidatePool.distance(key) > context.results.worstDistance { return true }
                let count = gatherVisible(
                    CandidatePool.ordinal(key), probe, visibility, hidden.baseAddress.unsafelyUnwrapped, capacity, context)
                guard count > 0 else { continue }
                distance.gather(probe, context.ordinals, count: count, into: context.distances)
                for index in 0..<count
                where context.distances[index] < context.results.worstDistance || !context.results.isFull {
                    let found = CandidatePool.key(distance: context.distances[index], ordinal: context.ordinals[index])
                    context.frontier.push(found)
                    _ = context.results.insert(found)
                }
            }
            return context.results.isFull
        }
    }

    /// Copies to the context's ordinals the visible neighbours of a node that are new, then those of its hidden neighbours, as many
    /// as a list has in all.
    @inline(__always)
    private func gatherVisible(
        _ node: UInt32, _ probe: Probe, _ visibility: Visibility, _ hidden: UnsafeMutablePointer<UInt32>, _ capacity: Int,
        _ context: SearchContext
    ) -> Int {
        var (count, hiddenCount) = (0, 0)
        let block = graph.links(node, level: 0)
        for index in 0..<capacity {
            let word = (block + index).loadAcquire()
            if word == 0 { break }
            guard context.visited.insert(word &- 1) else { continue }
            if visibility.contains(word &- 1) {
                distance.fetch(word &- 1, probe)
                context.ordinals[count] = word &- 1
                count &+= 1
            } else {
                prefetch(UnsafeRawPointer(graph.links(word &- 1, level: 0)))
                hidden[hiddenCount] = word &- 1
                hiddenCount &+= 1
            }
        }
        for place in 0..<hiddenCount where count < capacity {
            let block = graph.links(hidden[place], level: 0)
            for index in 0..<capacity where count < capacity {
                let word = (block + index).loadAcquire()
                if word == 0 { break }
                // A hidden one is not marked: its turn comes when it is a neighbour itself.
                guard visibility.contains(word &- 1), context.visited.insert(word &- 1) else { continue }
                distance.fetch(word &- 1, probe)
                context.ordinals[count] = word &- 1
                count &+= 1
            }
        }
        return count
    }
}
