import JadeCore

/// When the keys of an outside issuer are read next: after each period, sooner where a token names a key that is not there, and at
/// growing distances while they cannot be read.
struct KeySchedule: Sendable {
    /// Nanoseconds, as all times here.
    private let period: UInt64
    private var last: UInt64?
    private var failures = 0
    private var next: UInt64 = 0

    init(period: UInt64) { self.period = period }

    func isDue(at now: UInt64) -> Bool { now >= next }

    mutating func succeeded(at now: UInt64) {
        (failures, last, next) = (0, now, now + period)
    }

    mutating func failed(at now: UInt64) {
        next = now + min(period, 1_000_000_000 << UInt64(min(failures, 20)))
        failures += 1
        last = now
    }

    /// A token named a key that is not there: perhaps there is a new one. Whoever makes tokens up does not make the keys be read more
    /// often than this allows.
    mutating func missed() {
        guard failures == 0, let last else { return }
        next = min(next, last + Limits.minimumKeyReading)
    }
}
