internal import Glibc
internal import JadeIO
internal import Synchronization

/// Keeps work to so many bytes a second, by sleeping where it is ahead.
final class Pace: Sendable {
    private let bytesPerSecond: Int
    private let clock: any Clock
    /// When the bytes so far would be due, by the monotonic clock.
    private let due = Mutex<UInt64>(0)

    /// - Parameter bytesPerSecond: 0 does not limit.
    init(bytesPerSecond: Int, clock: any Clock) {
        self.bytesPerSecond = bytesPerSecond
        self.clock = clock
    }

    /// Blocks the thread until `bytes` more are due.
    func spend(_ bytes: Int) {
        guard bytesPerSecond > 0 else { return }
        let now = clock.monotonicNanoseconds
        let wait = due.withLock { due in
            due = max(due, now) + UInt64(Double(bytes) / Double(bytesPerSecond) * 1e9)
            return due - now
        }
        // At most a second: a clock that stands still must not stop the work.
        usleep(UInt32(min(wait / 1_000, 999_999)))
    }
}
