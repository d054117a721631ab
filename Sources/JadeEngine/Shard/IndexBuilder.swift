internal import Dispatch
internal import Glibc
internal import JadeCore
internal import JadeIndex
internal import JadeStorage
internal import Logging
internal import Synchronization

/// Brings new rows into the index, in the background, by the engine's building threads.
final class IndexBuilder: Sendable {
    private struct State {
        var scheduled = false
        var stopped = false
    }

    /// Rows between two publications: those behind the last one are scanned by every search.
    private static let chunk = 4096

    private let index: any VectorIndex
    private let facts: RowFacts
    private let snapshots: Snapshots
    private let context: Shard.Context
    private let queue: DispatchQueue
    private let state = Mutex(State())

    init(index: any VectorIndex, facts: RowFacts, snapshots: Snapshots, context: Shard.Context) {
        self.index = index
        self.facts = facts
        self.snapshots = snapshots
        self.context = context
        queue = DispatchQueue(label: "jade.index.\(context.name)", qos: .utility)
    }

    /// Rows that wait for the index.
    var pending: Int {
        let snapshot = snapshots.current
        return snapshot.rowEnd - snapshot.indexedEnd
    }

    /// Looks for rows to add, unless that is under way already.
    func start() {
        let wanted = state.withLock { state in
            guard !state.scheduled, !state.stopped else { return false }
            state.scheduled = true
            return true
        }
        if wanted { queue.async { self.run() } }
    }

    /// Waits until another chunk is in the index, or for the time given.
    func waitForProgress(milliseconds: Int) {
        let before = snapshots.current.indexedEnd
        for _ in 0..<milliseconds where snapshots.current.indexedEnd == before && !state.withLock({ $0.stopped }) {
            usleep(1000)
        }
    }

    /// Returns once nothing more will be added.
    func stop() {
        state.withLock { $0.stopped = true }
        queue.sync {}
    }

    /// Runs `body` while the index does not change.
    func whileQuiet<Value: Sendable>(_ body: @Sendable () -> Value) -> Value { queue.sync { body() } }

    /// One chunk; the next one queues behind whatever else waits for the index, a save for instance.
    private func run() {
        // Under the lock, so that rows published since are either seen here or find nothing scheduled.
        let work = state.withLock { state -> (range: Range<Int>, snapshot: Snapshot)? in
            let snapshot = snapshots.current
            let range = snapshot.indexedEnd..<min(snapshot.rowEnd, snapshot.indexedEnd + Self.chunk)
            if range.isEmpty || state.stopped { state.scheduled = false }
            return state.scheduled ? (range, snapshot) : nil
        }
        guard let (range, snapshot) = work else { return }
        guard extend(range, snapshot) else {
            state.withLock { $0.stopped = true }
            return
        }
        queue.async { self.run() }
    }

    private func extend(_ range: Range<Int>, _ snapshot: Snapshot) -> Bool {
        let visibility = SendableVisibility(Visibility(stamps: facts.stamps, sequence: snapshot.sequence))
        do throws(JadeError) {
            try index.build(
                range, workers: context.builders, include: { visibility.value.contains($0) }, progress: nil)
        } catch {
            context.logger.error("the index cannot grow; searches scan what it lacks", metadata: [
                "database": "\(context.name)", "error": "\(error)",
            ])
            return false
        }
        snapshots.publish { $0.indexedEnd = range.upperBound }
        return true
    }
}

/// `@unchecked Sendable`: the stamps outlive the builder, and are read atomically.
private struct SendableVisibility: @unchecked Sendable {
    let value: Visibility
    init(_ value: Visibility) { self.value = value }
}
