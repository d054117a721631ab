package import JadeCore

extension IVFIndex {
    /// The answers of ``search(_:k:nprobe:candidates:rescore:_:hidden:below:)`` for several queries, `dimension` components each: a list that
    /// several of them probe is read once for all, while it is in the cache.
    package func searchBatch(
        _ queries: UnsafePointer<Float>, count: Int, k: Int, nprobe: Int, candidates: Int, _ visibility: Visibility, hidden: Double,
        below limit: UInt32
    ) -> [[Neighbor]] {
        guard k > 0, count > 0 else { return Array(repeating: [], count: count) }
        let state = state
        let searches = (0..<count).map { number in
            let query = queries + number * rows.dimension
            return ListSearch(
                index: self, state: state, context: contexts.take(), query: query, scale: distance.scale(of: query), k: k,
                visibility: visibility, hidesRows: hidden > 0, limit: limit, rescores: true)
        }
        defer { for search in searches { contexts.give(search.context) } }
        var visits: [Visit] = []
        for (number, search) in searches.enumerated() {
            search.prepare(candidates: candidates)
            search.rank(min(nprobe, state.model.nlist))
            for place in 0..<search.context.probes.count {
                let list = search.context.probes.neighbor(place)
                // The nearest list of each query comes first of all: what it holds keeps most of the others' rows out.
                visits.append(Visit(isLater: place > 0, list: list.ordinal, query: number, distance: list.distance))
            }
        }
        visits.sort { $0.order < $1.order }
        for visit in visits { searches[visit.query].scan(Int(visit.list), distance: visit.distance) }
        return searches.map { search in
            search.widen()
            return search.finish()
        }
    }

    private struct Visit {
        let isLater: Bool
        let list: UInt32
        let query: Int
        let distance: Float

        var order: UInt64 { (isLater ? 1 << 63 : 0) | UInt64(list) << 31 | UInt64(query) }
    }
}
