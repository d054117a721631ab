import JadeCore
import Synchronization

/// The quotas of single keys, users and databases, ready for the requests that they bound. Whoever reads a caller from the catalog
/// brings it to the same state, and every caller is read anew after a change.
package final class QuotaTable: Sendable {
    private struct State {
        var quotas: [UsageSubject: Quota] = [:]
        var generation: UInt64 = 0
    }

    private let state = Mutex(State())

    package init() {}

    subscript(subject: UsageSubject) -> Quota? { state.withLock { $0.quotas[subject] } }
    var all: [UsageSubject: Quota] { state.withLock { $0.quotas } }

    func isOf(_ generation: UInt64) -> Bool { state.withLock { $0.generation == generation } }

    /// What was read at an earlier generation than what is there comes too late.
    func replace(_ quotas: [UsageSubject: Quota], at generation: UInt64) {
        state.withLock { state in
            if generation >= state.generation { state = State(quotas: quotas, generation: generation) }
        }
    }
}
