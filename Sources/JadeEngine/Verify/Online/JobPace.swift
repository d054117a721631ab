internal import Glibc
internal import JadeCore
internal import JadeIO

/// Keeps a reader to so many bytes a second, on average from its beginning. One thread uses it.
struct JobPace {
    /// Bytes between two looks at the clock at most; at a slow pace as many as take a tenth of a second.
    private static let longestStepBytes = 1 << 20
    private static let stepsPerSecond = 10

    private let bytesPerSecond: Int
    private let stepBytes: Int
    private let clock: any Clock
    private let began: UInt64
    private var bytes = 0
    private var nextLook: Int

    init(bytesPerSecond: Int, clock: any Clock) {
        self.bytesPerSecond = bytesPerSecond
        stepBytes = min(Self.longestStepBytes, max(bytesPerSecond / Self.stepsPerSecond, 1))
        nextLook = stepBytes
        self.clock = clock
        began = clock.monotonicNanoseconds
    }

    /// Takes a step of so many bytes, and sleeps if they came too early; `cancelled` when nobody wants the job any more.
    mutating func step(_ count: Int, _ job: Job) throws(JadeError) {
        bytes += count
        guard bytes >= nextLook else { return }
        nextLook = bytes + stepBytes
        let due = UInt64(Double(bytes) / Double(bytesPerSecond) * 1e9)
        let spent = clock.monotonicNanoseconds - began
        if due > spent { usleep(UInt32(min((due - spent) / 1_000, 1_000_000))) }
        if job.isCancelled { throw .cancelled("job \(job.id) was cancelled") }
    }
}
