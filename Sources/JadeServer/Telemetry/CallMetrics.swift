import JadeGRPC
import JadeREST
import Synchronization

/// Counts remote procedure calls by method and status, and times them by method.
final class CallMetrics: Sendable {
    /// What is known of one method.
    private final class Entry: Sendable {
        let latency = Histogram()
        let statuses = GRPCDoor.statusNames.map { _ in Counter() }
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    private let entries = Dictionary(uniqueKeysWithValues: (GRPCDoor.methodPaths + [unmatched]).map { ($0, Entry()) })

    /// Calls of methods that are none.
    private static let unmatched = "unmatched"

    func record(path: String?, status: Int, microseconds: Int) {
        guard let entry = entries[path ?? Self.unmatched] else { return }
        if path != nil { entry.latency.record(microseconds: microseconds) }
        if entry.statuses.indices.contains(status) { entry.statuses[status].value.add(1, ordering: .relaxed) }
    }

    /// The counts as Prometheus reads them. Methods without a call are left out.
    func prometheusLines() -> [String] {
        var calls = ["# HELP jade_grpc_calls_total Calls by method and status.", "# TYPE jade_grpc_calls_total counter"]
        var latencies = ["# HELP jade_grpc_call_seconds Time from a call's headers to its status.", "# TYPE jade_grpc_call_seconds histogram"]
        for (path, entry) in entries.sorted(by: { $0.key < $1.key }) {
            for (name, counter) in zip(GRPCDoor.statusNames, entry.statuses) {
                let count = counter.value.load(ordering: .relaxed)
                if count > 0 { calls.append("jade_grpc_calls_total{method=\"\(path)\",code=\"\(name)\"} \(count)") }
            }
            latencies += entry.latency.snapshot().prometheusLines("jade_grpc_call_seconds", "method=\"\(path)\"")
        }
        return calls + latencies
    }
}
