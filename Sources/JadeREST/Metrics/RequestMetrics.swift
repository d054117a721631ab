import Synchronization

/// Counts requests by route and status class, and times them by route.
final class RequestMetrics: Sendable {
    /// What is known of one route.
    private final class Entry: Sendable {
        let latency = Histogram()
        /// Answers of 1xx to 5xx.
        let classes: [Counter] = (0..<5).map { _ in Counter() }
    }

    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    private let routes: [(method: String, template: String)]
    private let entries: [Entry]

    /// - Parameter routes: Method and path of each route; one more entry counts requests that match none.
    init(routes: [(method: String, template: String)]) {
        self.routes = routes + [("ANY", "unmatched")]
        self.entries = self.routes.map { _ in Entry() }
    }

    /// - Parameter route: The route's index; nil for a request that matched none.
    func record(route: Int?, status: Int, microseconds: Int) {
        let entry = entries[route ?? entries.count - 1]
        entry.latency.record(microseconds: microseconds)
        entry.classes[min(max(status / 100, 1), 5) - 1].value.add(1, ordering: .relaxed)
    }

    /// The counts as Prometheus reads them (text exposition format 0.0.4). Routes without a request are left out.
    func prometheusLines() -> [String] {
        var requests = ["# HELP jade_http_requests_total Requests by route and class of status.", "# TYPE jade_http_requests_total counter"]
        var latencies = [
            "# HELP jade_http_request_seconds Time from a request's head to its answer.",
            "# TYPE jade_http_request_seconds histogram",
        ]
        for (route, entry) in zip(routes, entries) {
            let labels = "method=\"\(route.method)\",route=\"\(route.template)\""
            for (index, counter) in entry.classes.enumerated() {
                let count = counter.value.load(ordering: .relaxed)
                if count > 0 { requests.append("jade_http_requests_total{\(labels),status=\"\(index + 1)xx\"} \(count)") }
            }
            latencies += entry.latency.snapshot().prometheusLines("jade_http_request_seconds", labels)
        }
        return requests + latencies
    }
}
