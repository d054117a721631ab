internal import Synchronization

/// Lets so many be under way at a time. One task enters, one other says when one has left.
final class Window: Sendable {
    private struct State {
        var free: Int
        var isClosed = false
        var waiting: CheckedContinuation<Bool, Never>?
    }

    private let state: Mutex<State>

    init(_ size: Int) { state = Mutex(State(free: max(1, size))) }

    /// Waits for room; false once the window is closed.
    func enter() async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.isClosed { return false }
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.waiting = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    func leave() {
        let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            if state.waiting == nil { state.free += 1 }
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: true)
    }

    func close() {
        let waiting = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            state.isClosed = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: false)
    }
}
