internal import Synchronization

/// Whether the server is about to stop, for those who wait for that.
final class Draining: Sendable {
    private enum State {
        case no([Int: CheckedContinuation<Void, Never>])
        case yes
    }

    private let state = Mutex<State>(.no([:]))
    private let tickets = Atomic<Int>(0)

    var isBegun: Bool {
        state.withLock { state in
            if case .yes = state { true } else { false }
        }
    }

    func begin() {
        let waiting: [CheckedContinuation<Void, Never>] = state.withLock { state in
            guard case .no(let waiting) = state else { return [] }
            state = .yes
            return Array(waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Returns when the server is about to stop, or the task is cancelled.
    func wait() async {
        let ticket = tickets.add(1, ordering: .relaxed).newValue
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let goesOn = state.withLock { state in
                    guard case .no(var waiting) = state, !Task.isCancelled else { return true }
                    waiting[ticket] = continuation
                    state = .no(waiting)
                    return false
                }
                if goesOn { continuation.resume() }
            }
        } onCancel: {
            let waiting = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard case .no(var waiting) = state else { return nil }
                let found = waiting.removeValue(forKey: ticket)
                state = .no(waiting)
                return found
            }
            waiting?.resume()
        }
    }
}
