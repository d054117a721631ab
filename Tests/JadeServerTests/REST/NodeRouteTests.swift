import JadeCore
import JadeREST
import Testing

@Suite("What a node says of itself over REST")
struct NodeRouteTests {
    @Test("health, readiness and status")
    func health() async throws {
        try await LiveServer.run { server in
            for path in ["/health", "/health/ready", "/v1/health", "/v1/health/ready"] {
                #expect(try await server.send("GET", path).status == 200, "\(path)")
            }
            try await VectorRouteTests.fill(server)
            for path in ["/v1/status", "/status"] {
                let status = try await server.send("GET", path)
                #expect(status.status == 200 && status["vector_count"] == 4 && status["simd_level"] == "serial", "\(status.text)")
            }
        }
    }

    @Test("metrics count requests by route and status")
    func metrics() async throws {
        try await LiveServer.run { server in
            _ = try await server.send("GET", "/v1/databases/x")
            _ = try await server.send("GET", "/v1/databases/y")
            _ = try await server.send("GET", "/nowhere")
            let metrics = try await server.send("GET", "/metrics")
            #expect(metrics.status == 200 && metrics.headers["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let lines = metrics.text.split(separator: "\n")
            let labels = #"method="GET",route="/v1/databases/{database}""#
            #expect(lines.contains("jade_http_requests_total{\(labels),status=\"4xx\"} 2"))
            #expect(lines.contains("jade_http_request_seconds_count{\(labels)} 2"))
            #expect(lines.contains("jade_http_request_seconds_bucket{\(labels),le=\"+Inf\"} 2"))
            #expect(lines.contains(#"jade_http_requests_total{method="ANY",route="unmatched",status="4xx"} 1"#))
            #expect(lines.contains("jade_vectors 0"))
        }
    }

    @Test("a request keeps its name, or gets one")
    func requestNames() async throws {
        try await LiveServer.run { server in
            let named = try await server.send("GET", "/health", headers: ["x-request-id": "trace/42:a"])
            #expect(named.headers["x-request-id"] == "trace/42:a")
            for bad in ["with space", "quote\"", String(repeating: "x", count: 129)] {
                let made = try #require(try await server.send("GET", "/health", headers: ["x-request-id": bad]).headers["x-request-id"])
                #expect(made != bad && made.contains("-"))
            }
            let first = try await server.send("GET", "/health").headers["x-request-id"]
            #expect(try await server.send("GET", "/health").headers["x-request-id"] != first)
        }
    }

    @Test("HEAD answers like GET, without the body")
    func head() async throws {
        try await LiveServer.run { server in
            let get = try await server.send("GET", "/health")
            let head = try await server.send("HEAD", "/health")
            #expect(head.status == 200 && head.text.isEmpty && head.headers["content-length"] == get.headers["content-length"])
        }
    }
}

@Suite("Latencies are counted by powers of two")
struct HistogramTests {
    @Test("a duration counts below every bound that it does not exceed", arguments: [0, 1, 64, 65, 128, 129, 1 << 23, (1 << 23) + 1, 1 << 40])
    func bounds(microseconds: Int) {
        let histogram = Histogram()
        histogram.record(microseconds: microseconds)
        let snapshot = histogram.snapshot()
        let expected = Histogram.bounds.map { microseconds <= $0 ? 1 : 0 } + [1]
        #expect(snapshot.cumulative == expected)
        #expect(snapshot.totalMicroseconds == microseconds)
    }
}
