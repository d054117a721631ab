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

    /// Steps are short, so that what shares a processor with the work never waits long for it: bytes between two looks at the
    /// clock at most, and as many as take a millisecond at a slow pace.
    private static let longestStepBytes = 64 << 10
    private static let stepsPerSecond = 1_000
    /// Work that was held up may catch up on so much.
    private static let longestDelayNanoseconds: UInt64 = 1_000_000_000
    /// What `usleep` takes; the rest is slept for at the next step.
    private static let longestSleepMicroseconds: UInt64 = 999_999

    private let bytesPerSecond: Int
    private let stepBytes: Int
    /// The sleeps are real, so the time between them is too, whatever clock the engine runs by.
    private let clock = SystemClock()
    private let state = Mutex(State())

    /// - Parameter bytesPerSecond: 0 does not limit.
    init(bytesPerSecond: Int) {
        self.bytesPerSecond = bytesPerSecond
        stepBytes = min(Self.longestStepBytes, max(bytesPerSecond / Self.stepsPerSecond, 1))
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
