internal import JadeCore
internal import JadeKernels
internal import Synchronization

extension HNSWIndex {
    package func removal(of ordinals: [UInt32]) -> (any IndexRemoval)? {
        let end = extent.load(ordering: .acquiring)
        let present = Set(ordinals).filter { Int($0) < end && graph.contains($0) }.sorted()
        leaving.begin(present, below: end)
        return GraphRemoval(index: self, end: end)
    }
}

/// Takes nodes out of the graph: every list that leads to one of them keeps its other links and is filled up from that node's
/// neighbours, first with those that the heuristic of insertion accepts, then with the closest, and those link back. (Choosing the
/// whole list anew, as FreshDiskANN does, arXiv:2105.09613, costs 0.04 of recall at `ef` 10 once all rows have been replaced a few times;
/// leaving the links back out, 0.01.)
///
/// A step sweeps a range of lists, so that insertions can come in between; those choose no node that leaves. Once all lists are
/// swept nothing leads to the nodes, and they go.
///
/// Complexity: a look at every list, and for each list that led to a node that leaves some tens of distances. With a thirtieth of
/// the nodes leaving at once that is about as much as an insertion for each.
final class GraphRemoval: IndexRemoval {
    private let index: HNSWIndex
    private let end: Int
    private let next = Atomic(0)

    private static let listsPerStep = 8192
    private static let listsPerTurn = 64

    init(index: HNSWIndex, end: Int) {
        self.index = index
        self.end = end
    }

    func advance(workers: BuildWorkers) -> Bool {
        let start = next.load(ordering: .relaxed)
        let stop = min(start + Self.listsPerStep, end)
        if !index.leaving.isEmpty, start < stop {
            workers.perform { [self] in
                while true {
                    let first = next.wrappingAdd(Self.listsPerTurn, ordering: .relaxed).oldValue
                    guard first < stop else { return }
                    index.contexts.withContext { context in
                        for node in first..<min(first + Self.listsPerTurn, stop) { index.repairLists(of: UInt32(node), context) }
                    }
                }
            }
            next.store(stop, ordering: .relaxed)
            if stop < end { return false }
        }
        index.finishRemoval()
        return true
    }
}

extension HNSWIndex {
    /// Replaces the node's links to nodes that leave, on all its layers.
    func repairLists(of node: UInt32, _ context: SearchContext) {
        let layers = Int(graph.levels[Int(node)])
        guard layers > 0, !leaving.contains(node) else { return }
        for level in 0..<layers {
            let capacity = graph.capacity(level: level)
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2 * capacity) { memory in
                var kept = LinkList(memory.baseAddress.unsafelyUnwrapped)
                var lost = LinkList(memory.baseAddress.unsafelyUnwrapped + capacity)
                var stayed = 0
                graph.withLock(node) {
                    for index in 0..<graph.copyLinks(node, level: level, into: context.ordinals) {
                        let neighbour = context.ordinals[index]
                        if leaving.contains(neighbour) { lost.append(neighbour) } else { kept.append(neighbour) }
                    }
                    stayed = kept.count
                    guard lost.count > 0 else { return }
                    findHeirs(of: lost, to: node, kept, level: level, context)
                    fill(&kept, upTo: kept.count + lost.count, context)
                    graph.setLinks(node, level: level, kept.ordinals, count: kept.count)
                }
                for index in stayed..<kept.count { link(kept.ordinals[index], to: node, level: level, context) }
            }
        }
    }

    /// Leaves in the context's results, closest to the node first, the neighbours of those it lost. Where hardly any stay, as in a
    /// cluster that goes as a whole, those around the node are searched for besides: they alone would all be on its own side of
    /// the gap.
    private func findHeirs(of lost: LinkList, to node: UInt32, _ kept: LinkList, level: Int, _ context: SearchContext) {
        let probe = distance.probe(of: node, context)
        var count = gatherHeirs(of: lost, to: node, kept, level: level, passing: false, context)
        if kept.count + count < settings.m / 2 {
            count = gatherHeirs(of: lost, to: node, kept, level: level, passing: true, context)
            let across = (0..<min(count, graph.capacity(level: level))).map { context.ordinals[$0] }
            let start = Neighbor(ordinal: node, distance: 0)
            searchAdmitted(probe, from: start, level: level, ef: settings.m, context) {
                $0 != node && !leaving.contains($0)
            }
            count = context.results.count
            for index in 0..<count { context.ordinals[index] = context.results.neighbor(index).ordinal }
            for heir in across where !(0..<count).contains(where: { context.ordinals[$0] == heir }) {
                context.ordinals[count] = heir
                count += 1
            }
        }
        distance.gather(probe, context.ordinals, count: count, into: context.distances)
        context.results.reset(capacity: count)
        for index in 0..<count {
            _ = context.results.insert(
                CandidatePool.key(distance: context.distances[index], ordinal: context.ordinals[index]))
        }
    }

    /// Copies to the context's ordinals, each once, the neighbours of lost nodes; if `passing`, of those among them that leave too the
    /// neighbours in their stead, and so on. How many there are.
    private func gatherHeirs(
        of lost: LinkList, to node: UInt32, _ kept: LinkList, level: Int, passing: Bool, _ context: SearchContext
    ) -> Int {
        context.visited.reset(size: extent.load(ordering: .acquiring))
        _ = context.visited.insert(node)
        for index in 0..<kept.count { _ = context.visited.insert(kept.ordinals[index]) }
        for index in 0..<lost.count { _ = context.visited.insert(lost.ordinals[index]) }
        return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: Self.followedNodes) { followed in
            var (count, end) = (0, min(lost.count, Self.followedNodes))
            for index in 0..<end { followed[index] = lost.ordinals[index] }
            var next = 0
            while next < end {
                let block = graph.links(followed[next], level: level)
                next &+= 1
                for place in 0..<graph.capacity(level: level) {
                    let word = (block + place).loadAcquire()
                    if word == 0 { break }
                    guard context.visited.insert(word &- 1) else { continue }
                    if !leaving.contains(word &- 1) {
                        if count == SearchContext.blockCapacity { return count }
                        context.ordinals[count] = word &- 1
                        count &+= 1
                    } else if passing, end < Self.followedNodes {
                        followed[end] = word &- 1
                        end &+= 1
                    }
                }
            }
            return count
        }
    }

    /// Nodes that leave whose neighbours are looked at for one node's list: the lost ones, and those behind them.
    private static let followedNodes = 256

    /// Adds to a list, from the context's results, what the heuristic accepts, then what is closest.
    private func fill(_ list: inout LinkList, upTo wanted: Int, _ context: SearchContext) {
        let results = context.results
        for mustBeDiverse in [true, false] {
            var index = 0
            while index < results.count, list.count < wanted {
                let heir = results.neighbor(index)
                index &+= 1
                if list.contains(heir.ordinal) { continue }
                if mustBeDiverse, !isDiverse(heir.ordinal, heir.distance, list.ordinals, list.count, context) { continue }
                list.append(heir.ordinal)
            }
        }
    }

    /// Nothing links to the nodes any more: they go.
    func finishRemoval() {
        let gone = leaving.ordinals
        if let entry = graph.entry, leaving.contains(entry.ordinal) { graph.moveEntry(to: highestStaying()) }
        for ordinal in gone { graph.removeNode(ordinal) }
        leaving.end()
        countRemoved(gone.count)
        linkUnreachedIfDue()
    }

    private func highestStaying() -> (ordinal: UInt32, level: Int)? {
        var highest: (ordinal: UInt32, level: Int)?
        for node in 0..<UInt32(extent.load(ordering: .acquiring)) where graph.contains(node) && !leaving.contains(node) {
            let level = Int(graph.levels[Int(node)]) - 1
            if level > highest?.level ?? -1 { highest = (node, level) }
        }
        return highest
    }
}

/// The neighbours of a node in memory of the caller's, which has room for a whole list.
private struct LinkList {
    let ordinals: UnsafeMutablePointer<UInt32>
    private(set) var count = 0

    init(_ memory: UnsafeMutablePointer<UInt32>) { ordinals = memory }

    mutating func append(_ ordinal: UInt32) {
        ordinals[count] = ordinal
        count &+= 1
    }

    func contains(_ ordinal: UInt32) -> Bool { (0..<count).contains { ordinals[$0] == ordinal } }
}
