internal import JadeCore
internal import JadeKernels
internal import Synchronization

extension HNSWIndex {
    /// Walks from the entry down to the layer above `target`, always to the closest neighbour.
    @inline(__always)
    func descend(
        _ probe: Probe, from entry: (ordinal: UInt32, level: Int), to target: Int, _ context: SearchContext
    ) -> Neighbor {
        var best = entry.ordinal
        context.ordinals[0] = best
        distance.gather(probe, context.ordinals, count: 1, into: context.distances)
        var bestDistance = context.distances[0]
        var level = entry.level
        while level > target {
            var improved = true
            while improved {
                improved = false
                let count = graph.copyLinks(best, level: level, into: context.ordinals)
                guard count > 0 else { break }
                distance.gather(probe, context.ordinals, count: count, into: context.distances)
                for index in 0..<count where context.distances[index] < bestDistance {
                    bestDistance = context.distances[index]
                    best = context.ordinals[index]
                    improved = true
                }
            }
            level &-= 1
        }
        return Neighbor(ordinal: best, distance: bestDistance)
    }

    /// Best-first search of one layer for the closest nodes, whoever may see them; they are left in `context.pool`.
    ///
    /// The pool is frontier and result in one: the closest entry that is not expanded yet is next, until none is left.
    func searchLayer(
        _ probe: Probe, from entry: Neighbor, level: Int, ef: Int, _ context: SearchContext
    ) {
        context.visited.reset(size: extent.load(ordering: .acquiring))
        context.pool.reset(capacity: ef)
        _ = context.visited.insert(entry.ordinal)
        _ = context.pool.insert(entry.key)

        var pool = context.pool
        let marks = context.visited.marks
        let epoch = context.visited.epoch
        let size = context.visited.size
        let ordinals = context.ordinals
        let distances = context.distances
        let capacity = graph.capacity(level: level)
        let rowBase = probe.codes?.base ?? distance.base
        let rowStride = probe.codes?.stride ?? distance.stride
        var next = 0
        while next < pool.count {
            guard let current = pool.expand(next) else {
                next &+= 1
                continue
            }
            let block = graph.links(current, level: level)
            var count = 0
            var index = 0
            while index < capacity {
                let word = (block + index).loadAcquire()
                if word == 0 { break }
                index &+= 1
                let ordinal = word &- 1
                // Nodes that came after the traversal began are passed over: the marks do not cover them.
                if Int(ordinal) >= size || marks[Int(ordinal)] == epoch { continue }
                marks[Int(ordinal)] = epoch
                prefetch(rowBase + Int(ordinal) &* rowStride)
                ordinals[count] = ordinal
                count &+= 1
            }
            // Most often the runner-up is expanded next: its links travel while this one's rows are scored.
            if next &+ 1 < pool.count {
                prefetch(UnsafeRawPointer(graph.links(CandidatePool.ordinal(pool.entries[next &+ 1]), level: level)))
            }
            next &+= 1
            guard count > 0 else { continue }
            distance.gather(probe, ordinals, count: count, into: distances)
            index = 0
            while index < count {
                if let place = pool.insert(CandidatePool.key(distance: distances[index], ordinal: ordinals[index])),
                    place < next
                {
                    next = place
                }
                index &+= 1
            }
        }
        context.pool = pool
    }

    /// Best-first search of one layer where not every node may be returned: the others carry the traversal, only those that
    /// `admits` enter `context.results`.
    @inline(__always)
    func searchAdmitted(
        _ probe: Probe, from entry: Neighbor, level: Int, ef: Int, _ context: SearchContext,
        admits: (UInt32) -> Bool
    ) {
        context.visited.reset(size: extent.load(ordering: .acquiring))
        context.results.reset(capacity: ef)
        context.frontier.removeAll()
        _ = context.visited.insert(entry.ordinal)
        context.frontier.push(entry.key)
        if admits(entry.ordinal) { _ = context.results.insert(entry.key) }

        while let key = context.frontier.pop() {
            if context.results.isFull, CandidatePool.distance(key) > context.results.worstDistance { break }
            let block = graph.links(CandidatePool.ordinal(key), level: level)
            var count = 0
            for index in 0..<graph.capacity(level: level) {
                let word = (block + index).loadAcquire()
                if word == 0 { break }
                let ordinal = word &- 1
                guard context.visited.insert(ordinal) else { continue }
                distance.fetch(ordinal, probe)
                context.ordinals[count] = ordinal
                count &+= 1
            }
            guard count > 0 else { continue }
            distance.gather(probe, context.ordinals, count: count, into: context.distances)
            for index in 0..<count where context.distances[index] < context.results.worstDistance || !context.results.isFull {
                let found = CandidatePool.key(distance: context.distances[index], ordinal: context.ordinals[index])
                context.frontier.push(found)
                if admits(context.ordinals[index]) { _ = context.results.insert(found) }
            }
        }
    }
}
