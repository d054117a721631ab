internal import Glibc
internal import JadeIO
internal import Synchronization

/// Keeps work to so many bytes a second, by sleeping where it is ahead. Any threads may share one.
final class Pace: Sendable {
    private struct State {
        /// When the bytes so far would be due, by the monotonic clock; 0 before the first.
        var due: UInt64 = 0
        /// Bytes since the clock was looked at.
        var uncounted = 0
    }

    /// Bytes between two looks at the clock at most; at a slow pace as many as take a tenth of a second.
    private static let longestStepBytes = 1 << 20
    private static let stepsPerSecond = 10
    /// Work that was held up may catch up on so much.
    private static let longestDelayNanoseconds: UInt64 = 1_000_000_000
    /// A clock that stands still must not stop the work.
    private static let longestSleepMicroseconds: UInt64 = 999_999

    private let bytesPerSecond: Int
    private let stepBytes: Int
    private let clock: any Clock
    private let state = Mutex(State())

    /// - Parameter bytesPerSecond: 0 does not limit.
    init(bytesPerSecond: Int, clock: any Clock) {
        self.bytesPerSecond = bytesPerSecond
        stepBytes = min(Self.longestStepBytes, max(bytesPerSecond / Self.stepsPerSecond, 1))
        self.clock = clock
    }

    /// Blocks the thread until `bytes` more are due; a few at a time are let through and counted with those that follow.
    func spend(_ bytes: Int) {
        guard bytesPerSecond > 0 else { return }
        let wait = state.withLock { state -> UInt64 in
            state.uncounted += bytes
            guard state.uncounted >= stepBytes else { return 0 }
            let now = clock.monotonicNanoseconds
            let earliest = state.due == 0 ? now : now - min(now, Self.longestDelayNanoseconds)
            state.due = max(state.due, earliest) + UInt64(Double(state.uncounted) / Double(bytesPerSecond) * 1e9)
            state.uncounted = 0
            return state.due - min(state.due, now)
        }
        if wait > 0 { usleep(UInt32(min(wait / 1_000, Self.longestSleepMicroseconds))) }
    }
}
