internal import JadeCore
internal import JadeIndex
internal import JadeKernels
internal import Synchronization

/// How much a shard's index finds with how much effort, measured when a search first asks for a recall, and again once the index has
/// become another.
final class Calibration: Sendable {
    private struct State {
        var status: CalibrationStatus?
        /// Of the index, when it was measured.
        var changes = 0
    }

    private let state = Mutex(State())
    /// Held while somebody measures: others who want the same wait for it.
    private let measuring = Mutex(())

    var status: CalibrationStatus? { state.withLock { $0.status } }

    /// The `ef_search` or `nprobe` that finds a part of the true results; nil where every search is exact.
    ///
    /// Complexity: nothing as a rule; the first time, and after a quarter of the rows have changed, an exact search for each of
    /// some queries and searches of the index for all of them with rising effort.
    func effort(for recall: Double, _ shard: Shard, _ snapshot: Snapshot) -> Int? {
        guard shard.index.settings.kind != .flat, snapshot.liveCount > Plan.exactBelow else { return nil }
        if let known = current(shard)?.effort(for: recall) { return known }
        return measuring.withLock { _ in
            if let known = current(shard)?.effort(for: recall) { return known }
            let changes = shard.index.changes
            let status = CalibrationRun(shard, snapshot).perform()
            state.withLock { $0 = State(status: status, changes: changes) }
            return status.effort(for: recall)
        }
    }

    private func current(_ shard: Shard) -> CalibrationStatus? {
        let (changes, count) = (shard.index.changes, shard.index.count)
        return state.withLock { state in
            abs(changes - state.changes) > max(count / Self.changedPart, 1) ? nil : state.status
        }
    }

    private static let changedPart = 4
}

/// One measurement over one snapshot.
private struct CalibrationRun {
    private static let queries = 128
    private static let topK = 10
    /// Efforts are tried up to what is as good as all.
    private static let enough = 0.999
    private static let largestEf = 2048

    private let shard: Shard
    private let snapshot: Snapshot
    private let visibility: Visibility
    private let limit: Int
    private let hidden: Double

    init(_ shard: Shard, _ snapshot: Snapshot) {
        (self.shard, self.snapshot) = (shard, snapshot)
        visibility = snapshot.visibility(shard.facts)
        limit = min(snapshot.indexedEnd, snapshot.rowEnd)
        hidden = snapshot.hasDeadRows ? max(1 - Double(snapshot.liveCount) / Double(max(shard.index.count, 1)), 1e-6) : 0
    }

    func perform() -> CalibrationStatus {
        let queries = chosen().map(between)
        let bounds = queries.map { query in
            shard.codec.withEncoded(query) {
                shard.scan.search($0, k: Self.topK, in: 0..<limit, visibility, hidesRows: snapshot.hasDeadRows)
            }.last?.distance ?? -.infinity
        }
        var points: [CalibrationStatus.Point] = []
        for effort in efforts {
            let recall = recall(of: queries, bounds, effort)
            points.append(CalibrationStatus.Point(effort: effort, recall: recall))
            if recall >= Self.enough { break }
        }
        return CalibrationStatus(queries: queries.count, vectors: shard.index.count, points: points)
    }

    /// 1, 2, 3, 4, 6, 8, 12, 16 and so on: lists up to all of them, candidates from as many as are wanted.
    private var efforts: [Int] {
        let isIVF = shard.index.settings.kind == .ivf
        let (first, last) = isIVF ? (1, shard.index.listCount) : (Self.topK, Self.largestEf)
        let steps = (0..<17).flatMap { [1 << $0, 3 << $0] }.sorted().filter { $0 > first && $0 < last }
        return [first] + steps + [last]
    }

    private func chosen() -> [UInt32] {
        let step = max(limit / (4 * Self.queries), 1)
        let visible = stride(from: 0, to: limit, by: step).lazy.map(UInt32.init).filter(visibility.contains)
        return Array(visible.prefix(Self.queries))
    }

    /// A vector that the database does not hold and that might be asked for: halfway between one and a neighbour of it; the vector
    /// itself where elements are whole numbers.
    private func between(_ ordinal: UInt32) -> [Float] {
        let values = shard.values(of: ordinal)
        guard [.float32, .float16, .bfloat16].contains(shard.context.field.elementType) else { return values }
        let near = shard.codec.withEncoded(values) { search($0, SearchEffort(shard.index.settings)) }
        guard let other = near.last(where: { $0.ordinal != ordinal }) else { return values }
        return zip(values, shard.values(of: other.ordinal)).map { ($0 + $1) / 2 }
    }

    private func search(_ query: UnsafeRawPointer, _ effort: SearchEffort) -> [Neighbor] {
        shard.index.search(query, k: Self.topK, effort: effort, visibility, hidden: hidden, below: UInt32(limit))
    }

    private func recall(of queries: [[Float]], _ bounds: [Float], _ value: Int) -> Double {
        let settings = shard.index.settings
        let effort = SearchEffort(settings, ef: value, nprobe: value)
        var found = 0
        for (query, bound) in zip(queries, bounds) {
            // Kernels that compare many rows and few differ in the last bits; what is as near as the last true one counts.
            let most = bound + abs(bound) * 1e-5
            found += shard.codec.withEncoded(query) { search($0, effort) }.count { $0.distance <= most }
        }
        return Double(found) / Double(max(queries.count * min(Self.topK, snapshot.liveCount), 1))
    }
}
