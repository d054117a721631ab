import JadeJSON

/// Latencies in microseconds by buckets whose width grows with them: 1/64 of the value at most, from 1 µs to hours. After Gil Tene's
/// HdrHistogram: a fixed size, a constant time to record, and percentiles true to two digits however far the tail goes.
struct LatencyHistogram: Sendable {
    /// Buckets of each doubling.
    private static let steps = 64
    private var counts = [UInt64](repeating: 0, count: steps * 40)
    private(set) var total: UInt64 = 0
    private(set) var largest = 0

    mutating func record(microseconds: Int) {
        let value = max(microseconds, 1)
        counts[min(Self.bucket(of: value), counts.count - 1)] += 1
        total += 1
        largest = max(largest, value)
    }

    mutating func add(_ other: LatencyHistogram) {
        for index in counts.indices { counts[index] += other.counts[index] }
        total += other.total
        largest = max(largest, other.largest)
    }

    /// The latency that so many percent do not exceed, as the upper end of its bucket.
    func percentile(_ percent: Double) -> Int {
        guard total > 0 else { return 0 }
        let wanted = max(1, UInt64((Double(total) * percent / 100).rounded(.up)))
        var seen: UInt64 = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if seen >= wanted { return min(Self.upperEnd(of: index), largest) }
        }
        return largest
    }

    /// Below 128 each value has its own; above, each doubling has 64.
    static func bucket(of value: Int) -> Int {
        guard value >= 2 * steps else { return value }
        let exponent = Int.bitWidth - 1 - value.leadingZeroBitCount - 6
        return exponent * steps + (value >> exponent)
    }

    static func upperEnd(of bucket: Int) -> Int {
        guard bucket >= 2 * steps else { return bucket }
        let exponent = bucket / steps - 1
        return ((bucket - exponent * steps + 1) << exponent) - 1
    }

    /// `{"p50":…,"p90":…,"p95":…,"p99":…,"p99.9":…,"max":…}`.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        for (name, percent) in [("p50", 50), ("p90", 90), ("p95", 95), ("p99", 99), ("p99.9", 99.9)] as [(String, Double)] {
            writer.key(name)
            writer.integer(percentile(percent))
        }
        writer.key("max")
        writer.integer(largest)
        writer.endObject()
    }
}
