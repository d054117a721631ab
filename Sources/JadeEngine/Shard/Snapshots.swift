internal import JadeCore
internal import Synchronization

/// What one read sees of a shard: rows alive at a sequence number, and how far the index was at that moment.
struct Snapshot: Sendable {
    var sequence: UInt64 = 0
    /// Rows written so far, dead ones included.
    var rowEnd = 0
    /// Rows below this are in the index, unless they were dead when it came to them.
    var indexedEnd = 0
    var liveCount = 0

    /// Whether any row below `rowEnd` is dead.
    var hasDeadRows: Bool { liveCount < rowEnd }
}

/// The current snapshot of a shard and those that reads still hold.
final class Snapshots: Sendable {
    private struct State {
        var current = Snapshot()
        /// Reads under way, by the sequence number they see.
        var readers: [UInt64: Int] = [:]
    }

    private let state = Mutex(State())

    init(_ first: Snapshot) { state.withLock { $0.current = first } }

    var current: Snapshot { state.withLock { $0.current } }

    /// Changes what later reads see.
    func publish(_ change: (inout Snapshot) -> Void) { state.withLock { change(&$0.current) } }

    /// Runs a read; rows that die meanwhile stay readable until it returns.
    func read<Value>(_ body: (Snapshot) -> Value) -> Value {
        let snapshot = enter()
        defer { leave(snapshot) }
        return body(snapshot)
    }

    /// ``read(_:)`` for a body that throws.
    func reading<Value>(_ body: (Snapshot) throws(JadeError) -> Value) throws(JadeError) -> Value {
        let snapshot = enter()
        defer { leave(snapshot) }
        return try body(snapshot)
    }

    /// Begins a read that outlives the call; ``letGo(_:)`` ends it.
    func hold() -> Snapshot { enter() }
    func letGo(_ snapshot: Snapshot) { leave(snapshot) }

    private func enter() -> Snapshot {
        state.withLock { state in
            state.readers[state.current.sequence, default: 0] += 1
            return state.current
        }
    }

    private func leave(_ snapshot: Snapshot) {
        state.withLock { state in
            guard let count = state.readers[snapshot.sequence] else { return }
            state.readers[snapshot.sequence] = count > 1 ? count - 1 : nil
        }
    }

    /// The oldest sequence number that any read may still see.
    var oldestReader: UInt64 {
        state.withLock { state in state.readers.keys.min() ?? state.current.sequence }
    }
}
