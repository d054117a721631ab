import Synchronization

/// Latencies by powers of two, from 64 microseconds to 8 seconds. Recording takes no lock.
package final class Histogram: Sendable {
    /// Upper bounds in microseconds; a last bucket takes the rest.
    package static let bounds = (6...23).map { 1 << $0 }

    package struct Snapshot {
        /// Number of durations up to each bound, the smaller ones included; the last number counts all.
        package let cumulative: [Int]
        package let totalMicroseconds: Int
    }

    package init() {}

    /// Bucket `i` of 19, then the sum of microseconds.
    private let cells: [Cell] = (0...bounds.count + 1).map { _ in Cell() }

    private final class Cell: Sendable {
        let value = Atomic<Int>(0)
    }

    package func record(microseconds: Int) {
        // 0...64 is bucket 0, 65...128 bucket 1: the number of bits of what is left of 64 units.
        let units = max(microseconds - 1, 0) >> 6
        let bucket = min(Int.bitWidth - units.leadingZeroBitCount, Self.bounds.count)
        cells[bucket].value.add(1, ordering: .relaxed)
        cells[Self.bounds.count + 1].value.add(microseconds, ordering: .relaxed)
    }

    package func snapshot() -> Snapshot {
        var sum = 0
        let cumulative = cells.dropLast().map { cell in
            sum += cell.value.load(ordering: .relaxed)
            return sum
        }
        return Snapshot(cumulative: cumulative, totalMicroseconds: cells[Self.bounds.count + 1].value.load(ordering: .relaxed))
    }
}

extension Histogram.Snapshot {
    /// As Prometheus reads it; nothing where nothing was recorded.
    package func prometheusLines(_ name: String, _ labels: String) -> [String] {
        guard let count = cumulative.last, count > 0 else { return [] }
        let bounds = Histogram.bounds.map { "\(Double($0) / 1_000_000)" } + ["+Inf"]
        return zip(bounds, cumulative).map { bound, below in "\(name)_bucket{\(labels),le=\"\(bound)\"} \(below)" } + [
            "\(name)_sum{\(labels)} \(Double(totalMicroseconds) / 1_000_000)", "\(name)_count{\(labels)} \(count)",
        ]
    }
}
