extension HNSWIndex {
    package func search(
        _ query: UnsafePointer<Float>, k: Int, ef: Int, _ visibility: Visibility, hidesRows: Bool, below limit: UInt32
    ) -> [Neighbor] {
        guard let entry = graph.entry, k > 0 else { return [] }
        return contexts.withContext { context in
            let scale = distance.scale(of: query)
            let start = descend(query, scale: scale, from: entry, to: 0, context)
            let ef = max(ef, k)
            if !hidesRows {
                searchLayer(query, scale: scale, from: start, level: 0, ef: ef, context)
                let found = Self.take(k, from: context.pool, below: limit)
                // Rows too new for the caller may have taken places of older ones: then look again, passing them over.
                if found.count == k || !context.pool.isFull { return found }
            }
            searchVisible(query, scale: scale, from: start, ef: ef, visibility, context)
            return Self.take(k, from: context.results, below: limit)
        }
    }

    private static func take(_ k: Int, from pool: CandidatePool, below limit: UInt32) -> [Neighbor] {
        var found: [Neighbor] = []
        found.reserveCapacity(min(k, pool.count))
        var index = 0
        while index < pool.count, found.count < k {
            let neighbor = pool.neighbor(index)
            if neighbor.ordinal < limit { found.append(neighbor) }
            index += 1
        }
        return found
    }
}
