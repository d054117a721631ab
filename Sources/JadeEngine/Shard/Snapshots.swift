internal import JadeCore
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
    var liveCount = 0

    /// Rows that the index may not hold yet.
    var pending: Int { rowEnd - indexedEnd + waiting.count }

    /// Whether any row below `rowEnd` is dead.
    var hasDeadRows: Bool { liveCount < rowEnd }
}

/// The current snapshot of a shard and those that reads still hold.
final class Snapshots: Sendable {
    private struct State {
        var current = Snapshot()
        /// Counts up whenever somebody wants to know that all reads which began before have ended.
        var epoch: UInt64 = 0
        /// Reads under way.
        var readers: [Reader: Int] = [:]
    }

    /// What a read sees, and when it began.
    private struct Reader: Hashable {
        var sequence: UInt64
        var epoch: UInt64
    }

    private let state = Mutex(State())

    init(_ first: Snapshot) { state.withLock { $0.current = first } }

    var current: Snapshot { state.withLock { $0.current } }

    /// Changes what later reads see.
    func publish(_ change: (inout Snapshot) -> Void) { state.withLock { change(&$0.current) } }

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

    private func enter() -> (Snapshot, Reader) {
        state.withLock { state in
            let reader = Reader(sequence: state.current.sequence, epoch: state.epoch)
            state.readers[reader, default: 0] += 1
            return (state.current, reader)
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
