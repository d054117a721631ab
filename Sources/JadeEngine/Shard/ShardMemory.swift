internal import JadeCore
internal import JadeIO
internal import JadeIndex
internal import Synchronization

/// What an open shard holds of the engine's memory: its rows' facts and its index, and the index of attributes once it is made.
///
/// Rows are held before they are written, with the room that they will take in the index later: a build that has begun
/// does not run out of memory. Given back with the object.
final class ShardMemory: Sendable {
    private struct State {
        var rows = 0
        var bytes = 0
    }

    private let budget: MemoryBudget
    private let name: String
    private let bytesPerRow: Int
    private let state = Mutex(State())

    init(_ context: Shard.Context) {
        budget = context.memory
        name = context.name
        bytesPerRow =
            RowFacts.bytesPerRow(metric: context.field.metric)
            + context.settings.memoryBytesPerRow(dimension: context.field.dimension)
    }

    deinit { budget.giveBack(state.withLock { $0.bytes }, for: .databases) }

    /// Holds what `rows` rows take altogether; rows that were held stay so.
    func hold(rows: Int) throws(JadeError) {
        let new = rows - state.withLock { $0.rows }
        guard new > 0 else { return }
        try take(new * bytesPerRow, "database \"\(name)\" with \(rows) rows")
        state.withLock { $0.rows = rows }
    }

    /// Holds more, for something else of the shard's that stays.
    func hold(bytes: Int, for what: String) throws(JadeError) {
        try take(bytes, "\(what) of database \"\(name)\"")
    }

    private func take(_ bytes: Int, _ what: String) throws(JadeError) {
        try budget.take(bytes, for: .databases, what)
        state.withLock { $0.bytes += bytes }
    }
}
