internal import Glibc
internal import JadeIO

/// Keeps a reader to so many bytes a second, on average from its beginning. One thread uses it.
struct Pace {
    /// Bytes between two looks at the clock.
    private static let stepBytes = 1 << 20
    /// A sleep is cut into pieces of this length, so that a caller can ask in between whether it is still wanted.
    private static let longestSleepMicroseconds: UInt64 = 100_000

    private let bytesPerSecond: Int
    private let clock: any Clock
    private let began: UInt64
    private var bytes = 0
    private var nextLook = 0

    init(bytesPerSecond: Int, clock: any Clock) {
        self.bytesPerSecond = bytesPerSecond
        self.clock = clock
        began = clock.monotonicNanoseconds
        nextLook = Self.stepBytes
    }

    /// Takes a step of so many bytes, and sleeps if they came too early.
    mutating func step(_ count: Int) {
        bytes += count
        guard bytes >= nextLook else { return }
        nextLook = bytes + Self.stepBytes
        let due = UInt64(Double(bytes) / Double(bytesPerSecond) * 1e9)
        let spent = clock.monotonicNanoseconds - began
        if due > spent { usleep(UInt32(min((due - spent) / 1_000, Self.longestSleepMicroseconds))) }
    }
}
