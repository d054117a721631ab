internal import JadeCore
internal import JadeIO
internal import JadeIndex
internal import Synchronization

/// What one read sees of a shard: rows alive at a sequence number, and how far the index was at that moment.
struct Snapshot: Sendable {
    var sequence: UInt64 = 0
    /// Rows written so far, dead ones included.
    var rowEnd = 0
    /// Rows below this are in the index, unless they were dead when it came to them or are in ``waiting``.
    var indexedEnd = 0
    /// Rows below ``indexedEnd`` that the index may not hold yet: new ones in slots of old ones.
    var waiting: [UInt32] = []
    /// Rows that nobody has deleted, expired ones included.
    var storedCount = 0
    /// Of these, rows that have expired.
    var expiredCount = 0
    /// When expiry is judged, in milliseconds since 1970; 0 while no row of the shard expires.
    var moment: Int64 = 0

    /// Rows that the read may return.
    var liveCount: Int { storedCount - expiredCount }

    /// Rows that the index may not hold yet.
    var pending: Int { rowEnd - indexedEnd + waiting.count }

    /// Whether any row below `rowEnd` is dead or has expired.
    var hasDeadRows: Bool { liveCount < rowEnd }

    /// The rows that the read may return, and with a filter its bitmap of those that match.
    func visibility(_ facts: RowFacts, allowed: UnsafeBufferPointer<UInt64>? = nil) -> Visibility {
        Visibility(
            stamps: facts.stamps, sequence: sequence, allowed: allowed?.baseAddress, allowedWords: allowed?.count ?? 0,
            expiries: moment == 0 ? nil : UnsafePointer(facts.expiries), moment: moment)
    }

    /// Whether the row has expired; that it lives is for the caller to know.
    func hasExpired(_ ordinal: UInt32, _ facts: RowFacts) -> Bool {
        moment != 0 && facts.hasExpired(ordinal, at: moment)
    }
}

/// The current snapshot of a shard and those that reads still hold.
final class Snapshots: Sendable {
    private struct State {
        var current = Snapshot()
        var expiries = ExpiryCounts()
        /// Counts up whenever somebody wants to know that all reads which began before have ended.
        var epoch: UInt64 = 0
        /// Reads under way.
        var readers: [Reader: Int] = [:]

        /// The current snapshot at the clock's time, which is not even looked at where nothing expires.
        mutating func now(_ clock: any Clock) -> Snapshot {
            if expiries.isEmpty { return current }
            expiries.advance(to: clock.wallMilliseconds)
            var snapshot = current
            snapshot.expiredCount = expiries.expired
            snapshot.moment = expiries.moment
            return snapshot
        }
    }

    /// What a read sees, and when it began.
    struct Reader: Hashable {
        var sequence: UInt64
        var epoch: UInt64
    }

    private let state = Mutex(State())
    private let clock: any Clock

    /// - Parameter expiries: when the rows of the first snapshot expire.
    init(_ first: Snapshot, expiries: ExpiryCounts, clock: any Clock) {
        self.clock = clock
        state.withLock { state in
            state.current = first
            state.expiries = expiries
        }
    }

    var current: Snapshot { state.withLock { $0.now(clock) } }

    /// Changes what later reads see.
    func publish(_ change: (inout Snapshot) -> Void) { state.withLock { change(&$0.current) } }

    /// ``publish(_:)`` together with rows that expire: when each of those that came and of those that went does.
    func publish(expiring added: [Int64], removed: [Int64], _ change: (inout Snapshot) -> Void) {
        state.withLock { state in
            for time in added { state.expiries.add(time) }
            for time in removed { state.expiries.remove(time) }
            change(&state.current)
        }
    }

    /// Runs a read; rows that die meanwhile stay readable until it returns.
    func read<Value>(_ body: (Snapshot) -> Value) -> Value {
        let (snapshot, reader) = enter()
        defer { leave(reader) }
        return body(snapshot)
    }

    /// ``read(_:)`` for a body that throws.
    func reading<Value>(_ body: (Snapshot) throws(JadeError) -> Value) throws(JadeError) -> Value {
        let (snapshot, reader) = enter()
        defer { leave(reader) }
        return try body(snapshot)
    }

    /// Begins a read that outlives the call; ``letGo(_:)`` ends it.
    func hold() -> (Snapshot, Reader) { enter() }
    func letGo(_ reader: Reader) { leave(reader) }

    private func enter() -> (Snapshot, Reader) {
        state.withLock { state in
            let reader = Reader(sequence: state.current.sequence, epoch: state.epoch)
            state.readers[reader, default: 0] += 1
            return (state.now(clock), reader)
        }
    }

    private func leave(_ reader: Reader) {
        state.withLock { state in
            guard let count = state.readers[reader] else { return }
            state.readers[reader] = count > 1 ? count - 1 : nil
        }
    }

    /// The oldest sequence number that any read may still see.
    var oldestReader: UInt64 {
        state.withLock { state in state.readers.keys.map(\.sequence).min() ?? state.current.sequence }
    }

    /// Begins an epoch: once ``oldestEpoch`` has reached it, all reads that began before have ended.
    func beginEpoch() -> UInt64 {
        state.withLock { state in
            state.epoch += 1
            return state.epoch
        }
    }

    var oldestEpoch: UInt64 {
        state.withLock { state in state.readers.keys.map(\.epoch).min() ?? state.epoch }
    }
}
