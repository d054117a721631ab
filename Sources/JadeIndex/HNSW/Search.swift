package import JadeCore
extension HNSWIndex {
    package func search(
        _ query: UnsafePointer<Float>, k: Int, ef: Int, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor] {
        guard let entry = graph.entry, k > 0 else { return [] }
        return contexts.withContext { context in
            let scale = distance.scale(of: query)
            let start = descend(query, scale: scale, from: entry, to: 0, context)
            let ef = max(ef, k)
            if hidden <= Self.fewHidden {
                let widened = Int(Double(ef) / (1 - hidden))
                searchLayer(query, scale: scale, from: start, level: 0, ef: widened, context)
                let found = Self.take(k, from: context.pool, below: limit, hidden > 0 ? visibility : nil)
                // Rows that this caller must not see may have taken places of others: then look again, passing them over.
                if found.count == k || !context.pool.isFull { return found }
            }
            searchAdmitted(query, scale: scale, from: start, level: 0, ef: ef, context) { visibility.contains($0) }
            return Self.take(k, from: context.results, below: limit, nil)
        }
    }

    /// Up to this share of hidden rows a wider search that sorts them out at the end is cheaper than one that asks at each step.
    private static let fewHidden = 0.5

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
