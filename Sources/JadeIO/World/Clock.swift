import Glibc
import Synchronization

/// Where time comes from, so that tests can move it.
package protocol Clock: Sendable {
    /// Never goes back; only differences mean anything.
    var monotonicNanoseconds: UInt64 { get }
    /// Milliseconds since 1970 in UTC; may jump when the machine's clock is set.
    var wallMilliseconds: Int64 { get }
}

package struct SystemClock: Clock {
    package init() {}

    package var monotonicNanoseconds: UInt64 {
        let time = Self.read(CLOCK_MONOTONIC)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    package var wallMilliseconds: Int64 {
        let time = Self.read(CLOCK_REALTIME)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }

    private static func read(_ clock: clockid_t) -> timespec {
        var time = timespec()
        clock_gettime(clock, &time)
        return time
    }
}

/// A clock that stands still until it is told to advance.
package final class ManualClock: Clock {
    private let nanoseconds: Atomic<UInt64>
    private let wallStart: Int64

    package init(wallMilliseconds: Int64 = 1_700_000_000_000) {
        nanoseconds = Atomic(0)
        wallStart = wallMilliseconds
    }

    package var monotonicNanoseconds: UInt64 { nanoseconds.load(ordering: .acquiring) }
    package var wallMilliseconds: Int64 { wallStart + Int64(monotonicNanoseconds / 1_000_000) }

    package func advance(byMilliseconds milliseconds: UInt64) {
        nanoseconds.add(milliseconds * 1_000_000, ordering: .acquiringAndReleasing)
    }
}
