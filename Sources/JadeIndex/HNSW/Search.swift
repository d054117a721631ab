package import JadeCore
extension HNSWIndex {
    package func search(
        _ query: UnsafeRawPointer, k: Int, effort: SearchEffort, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor] {
        guard let entry = graph.entry, k > 0 else { return [] }
        // Codes may put the closest a few places back; the best of their order are compared exactly.
        let traversal = traversal.flatMap { $0.isReady ? $0 : nil }
        let rescores = (codes != nil || traversal != nil) && effort.rescore
        let wanted = rescores ? effort.candidates(k) : k
        return contexts.withContext { context in
            let probe =
                traversal?.probe(
                    query.assumingMemoryBound(to: Float.self), scale: distance.exact.scale(of: query), context)
                ?? distance.probe(query, context)
            let start = descend(probe, from: entry, to: 0, context)
            let ef = max(effort.ef, wanted)
            switch HiddenRows.way(share: hidden) {
            case .overfetch:
                let widened = Int(Double(ef) / (1 - hidden))
                searchLayer(probe, from: start, level: 0, ef: widened, context)
                let found = Self.take(wanted, from: context.pool, below: limit, hidden > 0 ? visibility : nil)
                // Rows that this caller must not see may have taken places of others: then look again, passing them over.
                if found.count >= k || !context.pool.isFull { return rescores ? rescored(found, query, k: k, context) : found }
                searchAdmitted(probe, from: start, level: 0, ef: ef, context) { visibility.contains($0) }
            case .twoHops:
                // Too few found, and the caller looks at all that there are.
                guard searchTwoHops(probe, from: start, ef: ef, hidden: hidden, visibility, context) else { return [] }
            case .through:
                searchAdmitted(probe, from: start, level: 0, ef: ef, context) { visibility.contains($0) }
            }
            let found = Self.take(wanted, from: context.results, below: limit, nil)
            return rescores ? rescored(found, query, k: k, context) : found
        }
    }

    /// The `k` closest of what codes found, by their rows.
    private func rescored(
        _ found: [Neighbor], _ query: UnsafeRawPointer, k: Int, _ context: SearchContext
    ) -> [Neighbor] {
        guard !found.isEmpty else { return found }
        let scale = distance.exact.scale(of: query)
        context.results.reset(capacity: k)
        for start in Swift.stride(from: 0, to: found.count, by: SearchContext.blockCapacity) {
            let count = min(SearchContext.blockCapacity, found.count - start)
            for index in 0..<count { context.ordinals[index] = found[start + index].ordinal }
            distance.exact.gather(query, scale: scale, context.ordinals, count: count, into: context.distances)
            for index in 0..<count {
                _ = context.results.insert(
                    CandidatePool.key(distance: context.distances[index], ordinal: context.ordinals[index]))
            }
        }
        return Self.take(k, from: context.results, below: .max, nil)
    }

    private static func take(_ k: Int, from pool: CandidatePool, below limit: UInt32, _ visibility: Visibility?) -> [Neighbor] {
        var found: [Neighbor] = []
        found.reserveCapacity(min(k, pool.count))
        var index = 0
        while index < pool.count, found.count < k {
            let neighbor = pool.neighbor(index)
            if neighbor.ordinal < limit, visibility?.contains(neighbor.ordinal) ?? true { found.append(neighbor) }
            index += 1
        }
        return found
    }
}
