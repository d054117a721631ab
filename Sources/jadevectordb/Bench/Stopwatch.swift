import Foundation

/// Time since its creation, by the clock and of all of the process's processors.
struct Stopwatch: Sendable {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private let cpuStart: Double

    init() {
        start = clock.now
        cpuStart = Self.cpuNow()
    }

    var seconds: Double { (clock.now - start) / .seconds(1) }
    var cpuSeconds: Double { Self.cpuNow() - cpuStart }

    private static func cpuNow() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
