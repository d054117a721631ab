import Synchronization

/// The port that a server listens on, for those who wait until it does.
final class Listening: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Int?, Never>])
        case known(Int?)
    }

    private let state = Mutex<State>(.waiting([]))

    var isKnown: Bool {
        state.withLock { state in
            if case .known = state { true } else { false }
        }
    }

    /// The first call decides; later ones change nothing.
    func set(_ port: Int?) {
        let waiting: [CheckedContinuation<Int?, Never>] = state.withLock { state in
            guard case .waiting(let continuations) = state else { return [] }
            state = .known(port)
            return continuations
        }
        for continuation in waiting { continuation.resume(returning: port) }
    }

    func port() async -> Int? {
        await withCheckedContinuation { continuation in
            let known: Int?? = state.withLock { state in
                switch state {
                case .known(let port): return .some(port)
                case .waiting(let others):
                    state = .waiting(others + [continuation])
                    return nil
                }
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}
