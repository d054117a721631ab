internal import JadeCore
internal import JadeKernels

extension HNSWIndex {
    /// The heuristic of the paper's algorithm 4: goes through candidates, closest first, and keeps each that is closer to
    /// the node than to any kept so far, so that links point in different directions. Nodes that leave are passed over.
    ///
    /// By dot product a long vector is closer to everything than anything else is, itself included: it alone would be kept. Where fewer
    /// than half of the links are taken, the closest of the others come in.
    ///
    /// - Parameters:
    ///   - candidates: sorted words of a ``CandidatePool``.
    ///   - kept: room for `limit` ordinals.
    /// - Returns: how many were kept.
    func selectNeighbours(
        _ candidates: UnsafePointer<UInt64>, count: Int, limit: Int, into kept: UnsafeMutablePointer<UInt32>,
        _ context: SearchContext
    ) -> Int {
        var keptCount = 0
        var index = 0
        while index < count, keptCount < limit {
            let candidate = CandidatePool.ordinal(candidates[index])
            let toNode = CandidatePool.distance(candidates[index])
            if index &+ 1 < count { distance.fetch(CandidatePool.ordinal(candidates[index &+ 1])) }
            index &+= 1
            if !leaving.contains(candidate), isDiverse(candidate, toNode, kept, keptCount, context) {
                kept[keptCount] = candidate
                keptCount &+= 1
            }
        }
        return rows.metric == .dot ? filled(kept, keptCount, candidates, count, upTo: limit / 2) : keptCount
    }

    /// Adds the closest candidates that were not kept; how many are kept then.
    private func filled(
        _ kept: UnsafeMutablePointer<UInt32>, _ keptCount: Int, _ candidates: UnsafePointer<UInt64>, _ count: Int, upTo limit: Int
    ) -> Int {
        var (keptCount, index) = (keptCount, 0)
        while index < count, keptCount < limit {
            let candidate = CandidatePool.ordinal(candidates[index])
            index &+= 1
            if leaving.contains(candidate) || (0..<keptCount).contains(where: { kept[$0] == candidate }) { continue }
            kept[keptCount] = candidate
            keptCount &+= 1
        }
        return keptCount
    }

    /// Whether the candidate is no closer to any kept node than to the node itself; in blocks, since the first few kept
    /// nodes decide most often.
    @inline(__always)
    func isDiverse(
        _ candidate: UInt32, _ toNode: Float, _ kept: UnsafePointer<UInt32>, _ keptCount: Int, _ context: SearchContext
    ) -> Bool {
        let probe = distance.probe(inner: candidate, context)
        let distances = context.distances
        var start = 0
        while start < keptCount {
            let size = min(4, keptCount &- start)
            distance.gather(probe, kept + start, count: size, into: distances)
            for index in 0..<size where distances[index] < toNode { return false }
            start &+= size
        }
        return true
    }
}
