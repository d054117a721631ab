package import JadeCore

extension IVFIndex {
    package func search(
        _ query: UnsafeRawPointer, k: Int, effort: SearchEffort, _ visibility: Visibility, hidden: Double, below limit: UInt32
    ) -> [Neighbor] {
        search(
            query.assumingMemoryBound(to: Float.self), k: k, nprobe: effort.nprobe, candidates: effort.candidates(k),
            rescore: effort.rescore, visibility, hidden: hidden, below: limit)
    }

    /// The closest rows that the snapshot sees, closest first, ties by ordinal.
    ///
    /// - Parameters:
    ///   - nprobe: lists looked through; more, one after the other, while fewer than `k` rows are found that may be returned.
    ///   - candidates: rows by their codes that are compared exactly; at least `k` are.
    ///   - rescore: false takes what codes say for the distances.
    ///
    /// Complexity: a code of each centroid, of each row of the lists, and a row of each candidate.
    package func search(
        _ query: UnsafePointer<Float>, k: Int, nprobe: Int, candidates: Int, rescore: Bool = true, _ visibility: Visibility,
        hidden: Double, below limit: UInt32
    ) -> [Neighbor] {
        guard k > 0 else { return [] }
        let state = state
        return contexts.withContext { context in
            let search = ListSearch(
                index: self, state: state, context: context, query: query, scale: distance.scale(of: query), k: k,
                visibility: visibility, hidesRows: hidden > 0, limit: limit, rescores: rescore)
            search.prepare(candidates: candidates)
            search.rank(min(nprobe, state.model.nlist))
            let probes = context.probes
            for place in 0..<probes.count {
                if place &+ 1 < probes.count { search.fetch(Int(probes.neighbor(place &+ 1).ordinal)) }
                let list = probes.neighbor(place)
                search.scan(Int(list.ordinal), distance: list.distance)
            }
            search.widen()
            return search.finish()
        }
    }
}

extension ListSearch {
    /// Goes on to farther lists while fewer than `k` rows are found.
    func widen() {
        var probed = context.probes.count
        while found < k, probed < state.model.nlist {
            rank(min(probed * 4, state.model.nlist))
            for place in probed..<context.probes.count {
                let list = context.probes.neighbor(place)
                scan(Int(list.ordinal), distance: list.distance)
            }
            guard context.probes.count > probed else { return }
            probed = context.probes.count
        }
    }
}
