internal import JadeCore
internal import JadeIndex

extension ShardSearch {
    /// All results within a score, closest first, and how they were found: as many as there may be are asked of the index, and more
    /// each time that all of them are within; all rows are compared where that is cheaper.
    func within(_ radius: Float, _ query: UnsafeRawPointer, _ visibility: Visibility) -> (found: [Neighbor], plan: Plan) {
        // A little more than the score says: scores are compared at the end, and rounding must not lose any before.
        let exactly = shard.context.field.metric.distance(fromScore: radius)
        let distance = exactly + abs(exactly) * 1e-5 + .leastNormalMagnitude
        var plan = plan
        let count = matching ?? snapshot.liveCount
        var wanted = max(request.offset + request.topK, Self.firstWanted) + 1
        while plan.strategy != .exact, plan.strategy != .exactFiltered, wanted < count / Self.scannedPart {
            let found = find(query, visibility, plan, wanted)
            guard found.count == wanted, let last = found.last, last.distance <= distance else { return (found, plan) }
            wanted *= Self.growth
            plan.efSearch = plan.efSearch.map { max($0, wanted) }
            plan.nprobe = plan.nprobe.map { min($0 * Self.growth, max(shard.index.listCount, 1)) }
        }
        let all = shard.scan.within(
            distance, of: query, in: 0..<snapshot.rowEnd, visibility, hidesRows: snapshot.hasDeadRows)
        let strategy: SearchPlan.Strategy = matching == nil ? .exact : .exactFiltered
        return (all.sorted { $0.key < $1.key }, Plan(strategy: strategy))
    }

    private static var firstWanted: Int { 64 }
    private static var growth: Int { 4 }
    /// With more than this part of the rows asked of it, an index takes longer than comparing all.
    private static var scannedPart: Int { 16 }
}
