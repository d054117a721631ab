internal import JadeCore
internal import JadeIndex
internal import JadeIO
internal import JadeJSON
internal import JadeKernels
internal import JadeMetadata
internal import JadeStorage

extension Shard {
    /// Answers one search on the calling thread.
    ///
    /// - Parameter stop: A search that is told to stop gives `cancelled`.
    func search(_ asked: SearchRequest, _ stop: SearchStop = SearchStop()) throws(JadeError) -> SearchResponse {
        try stop.check()
        let started = context.clock.monotonicNanoseconds
        return try snapshots.reading { (snapshot) throws(JadeError) in
            let request = calibrated(asked, snapshot)
            // All within the read: a slot that it meets is not given to another row meanwhile.
            let query = try resolve(request.query, snapshot)
            let allowed = try request.filter.map { (filter) throws(JadeError) in try matching(filter) }
            let search = ShardSearch(
                shard: self, snapshot: snapshot, request: request, query: query, allowed: allowed, stop: stop)
            let (neighbors, plan, total) = search.run()
            try stop.check()
            let results = try hits(neighbors, request.parts)
            guard request.explain else { return SearchResponse(results: results, total: total) }
            let nanoseconds = context.clock.monotonicNanoseconds - started
            return SearchResponse(
                results: results,
                plan: SearchPlan(
                    strategy: plan.strategy, efSearch: plan.efSearch, visible: snapshot.liveCount, matching: search.countMatching(),
                    tail: snapshot.pending, microseconds: Int(nanoseconds / 1000), nprobe: plan.nprobe),
                total: total)
        }
    }

    /// The request with the effort that the recall takes which it asks for.
    private func calibrated(_ asked: SearchRequest, _ snapshot: Snapshot) -> SearchRequest {
        guard let recall = asked.recall, !asked.exact, let effort = calibration.effort(for: recall, self, snapshot) else { return asked }
        var request = asked
        if context.settings.kind == .ivf { request.nprobe = effort } else { request.efSearch = effort }
        return request
    }

    /// The rows that a filter admits, dead ones possibly among them.
    func matching(_ filter: Filter) throws(JadeError) -> OrdinalBitmap {
        let index: AttributeIndex
        if let current = attributes.current {
            index = current
        } else {
            index = try writer.performNow { [attributes, storage, held, context] () throws(JadeError) in
                if let made = attributes.current { return made }
                // About twice the text that it is made from.
                let bytes = try context.files.fileSize(storage.metadata.path) ?? 0
                try held.hold(bytes: 2 * bytes, for: "the index of attributes")
                return try attributes.make(from: storage.metadata)
            }
        }
        return index.matching(filter, universe: snapshots.current.rowEnd)
    }

    private func resolve(_ query: SearchRequest.Query, _ snapshot: Snapshot) throws(JadeError) -> ResolvedQuery {
        switch query {
        case .values(let values): return ResolvedQuery(values: values, excluded: nil)
        case .id(let id):
            guard let ordinal = try storage.metadata.lookup([id])[0], !snapshot.hasExpired(ordinal, facts) else {
                throw .notFound("vector \(id.text.debugDescription) does not exist in database \"\(context.name)\"")
            }
            try storage.rows.verify(id, at: Int(ordinal))
            return ResolvedQuery(values: values(of: ordinal), excluded: ordinal)
        }
    }

    func values(of ordinal: UInt32) -> [Float] {
        codec.decode(rows.address(ordinal))
    }

    private func hits(_ neighbors: [Neighbor], _ parts: VectorParts) throws(JadeError) -> [SearchHit] {
        let metadata =
            parts.contains(.metadata) ? try storage.metadata.metadata(of: neighbors.map(\.ordinal)) : nil
        var hits: [SearchHit] = []
        hits.reserveCapacity(neighbors.count)
        for (index, neighbor) in neighbors.enumerated() {
            hits.append(
                SearchHit(
                    id: try storage.rows.verifiedID(of: Int(neighbor.ordinal)),
                    score: context.field.metric.score(fromDistance: neighbor.distance),
                    values: parts.contains(.values) ? values(of: neighbor.ordinal) : nil,
                    metadata: try metadata.map { (all) throws(JadeError) in
                        try all[index].map { (bytes) throws(JadeError) in try MetadataJSON.decode(bytes) } ?? [:]
                    }))
        }
        return hits
    }
}

struct ResolvedQuery {
    var values: [Float]
    /// The row that the query is: it is not among its own results.
    var excluded: UInt32?
}

/// One search over one snapshot.
struct ShardSearch {
    let shard: Shard
    let snapshot: Snapshot
    let request: SearchRequest
    let query: ResolvedQuery
    let allowed: OrdinalBitmap?
    /// Rows that the filter admits, at most: dead ones and those that came later may be among them.
    let matching: Int?
    let stop: SearchStop
    let plan: Plan

    init(
        shard: Shard, snapshot: Snapshot, request: SearchRequest, query: ResolvedQuery, allowed: OrdinalBitmap?, stop: SearchStop
    ) {
        self.stop = stop
        self.shard = shard
        self.snapshot = snapshot
        self.request = request
        self.query = query
        self.allowed = allowed
        let settings = shard.context.settings
        matching = allowed?.count
        plan = Plan.choose(
            PlanInputs(
                settings: settings, visible: snapshot.liveCount, matching: matching, indexed: snapshot.indexedEnd,
                lists: shard.index.listCount, topK: request.topK, efSearch: request.efSearch ?? settings.efSearch,
                nprobe: request.nprobe ?? settings.nprobe, exact: request.exact))
    }

    /// Rows that the filter admits and the snapshot sees; nil without a filter.
    ///
    /// Complexity: a look at the stamp of each row that the filter admits.
    func countMatching() -> Int? {
        allowed.map { bitmap in
            bitmap.withUnsafeWords { snapshot.visibility(shard.facts, allowed: $0).count(below: snapshot.rowEnd) }
        }
    }

    func run() -> (neighbors: [Neighbor], plan: Plan, total: Int?) {
        shard.codec.withEncoded(query.values) { base in
            guard let allowed else { return answer(base, snapshot.visibility(shard.facts)) }
            return allowed.withUnsafeWords { answer(base, snapshot.visibility(shard.facts, allowed: $0)) }
        }
    }

    private func answer(_ query: UnsafeRawPointer, _ visibility: Visibility) -> (neighbors: [Neighbor], plan: Plan, total: Int?) {
        if let radius = request.radius {
            let (found, plan) = within(radius, query, visibility)
            let all = restrict(found)
            return (Array(all.dropFirst(request.offset).prefix(request.topK)), plan, all.count)
        }
        // One more where the query's own row will be taken out.
        let wanted = request.topK + (self.query.excluded == nil ? 0 : 1)
        return (Array(restrict(find(query, visibility, plan, wanted)).prefix(request.topK)), plan, nil)
    }

    func find(_ query: UnsafeRawPointer, _ visibility: Visibility, _ plan: Plan, _ wanted: Int) -> [Neighbor] {
        let all = 0..<snapshot.rowEnd
        switch plan.strategy {
        case .exact:
            return scanAll(query, visibility, wanted)
        case .exactFiltered:
            return shard.scan.searchAllowed(query, k: wanted, in: all, visibility)
        case .graph, .graphFiltered, .lists, .listsFiltered:
            let found = traverse(query, visibility, plan, wanted)
            // An index may fail to reach rows; the promise of k results is kept by looking at all of them.
            if found.count >= min(wanted, matching ?? snapshot.liveCount) { return found }
            return matching == nil
                ? scanAll(query, visibility, wanted)
                : shard.scan.searchAllowed(query, k: wanted, in: all, visibility)
        }
    }

    /// Every row, piece by piece, as long as somebody waits.
    private func scanAll(_ query: UnsafeRawPointer, _ visibility: Visibility, _ wanted: Int) -> [Neighbor] {
        var found: [Neighbor] = []
        var start = 0
        while start < snapshot.rowEnd, !stop.isSet {
            let end = min(start + Limits.searchPieceRows, snapshot.rowEnd)
            let piece = shard.scan.search(query, k: wanted, in: start..<end, visibility, hidesRows: snapshot.hasDeadRows)
            found = found.isEmpty ? piece : Array((found + piece).sorted { $0.key < $1.key }.prefix(wanted))
            start = end
        }
        return found
    }

    /// The part of the index's rows that this search may not return; 0 only if it may return all.
    private var hiddenShare: Double {
        guard matching != nil || snapshot.hasDeadRows else { return 0 }
        let share = 1 - Double(matching ?? snapshot.liveCount) / Double(max(shard.index.count, 1))
        return max(share, 1e-6)
    }

    /// The index for what it holds, a scan for the rows behind.
    private func traverse(_ query: UnsafeRawPointer, _ visibility: Visibility, _ plan: Plan, _ wanted: Int) -> [Neighbor] {
        let limit = min(snapshot.indexedEnd, snapshot.rowEnd)
        let filtered = matching != nil
        let effort = SearchEffort(
            shard.context.settings, ef: plan.efSearch ?? wanted, nprobe: plan.nprobe, rescore: request.rescore,
            oversampling: request.oversampling)
        let found = shard.index.search(
            query, k: wanted, effort: effort, visibility, hidden: hiddenShare, below: UInt32(limit))
        guard snapshot.pending > 0 else { return found }
        let tail = limit..<snapshot.rowEnd
        let rest =
            filtered
            ? shard.scan.searchAllowed(query, k: wanted, in: tail, visibility)
            : shard.scan.search(query, k: wanted, in: tail, visibility, hidesRows: snapshot.hasDeadRows)
        let waiting = shard.scan.search(query, k: wanted, among: snapshot.waiting, visibility)
        return merge(found + rest, waiting, wanted)
    }

    /// Rows that waited when the search began may be in the index by now, and found twice.
    private func merge(_ found: [Neighbor], _ waiting: [Neighbor], _ wanted: Int) -> [Neighbor] {
        let known = waiting.isEmpty ? [] : Set(found.map(\.ordinal))
        let all = found + waiting.filter { !known.contains($0.ordinal) }
        return Array(all.sorted { $0.key < $1.key }.prefix(wanted))
    }

    private func restrict(_ found: [Neighbor]) -> [Neighbor] {
        let metric = shard.context.field.metric
        var kept = found
        if let excluded = query.excluded { kept.removeAll { $0.ordinal == excluded } }
        for case let bound? in [request.threshold, request.radius] {
            kept.removeAll { !metric.isWithin(metric.score(fromDistance: $0.distance), bound) }
        }
        return kept
    }
}
