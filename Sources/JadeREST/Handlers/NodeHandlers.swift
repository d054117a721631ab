import JadeAPI
import JadeCore

/// What is said of the node as a whole.
enum NodeHandlers {
    /// The process runs and answers.
    static func health(_ call: Call) async throws(JadeError) -> Reply { .json(Health("ok")) }

    /// The database behind the door answers, and the server is not about to stop.
    static func ready(_ call: Call) async throws(JadeError) -> Reply {
        guard !call.door.isDraining else { throw .unavailable("the server is stopping") }
        try await call.door.access.probe()
        return .json(Health("ready"))
    }

    static func status(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.service.status()) }

    static func metrics(_ call: Call) async throws(JadeError) -> Reply {
        let status = try await call.service.status()
        let lines = call.door.metrics.prometheusLines() + call.door.settings.otherMetrics() + status.prometheusLines
        return .text(lines.joined(separator: "\n") + "\n", type: "text/plain; version=0.0.4; charset=utf-8")
    }
}

extension NodeStatus {
    fileprivate var prometheusLines: [String] {
        [
            "# HELP jade_uptime_seconds Time since the node was started.",
            "# TYPE jade_uptime_seconds gauge",
            "jade_uptime_seconds \(uptimeSeconds)",
            "# HELP jade_databases Databases on this node.",
            "# TYPE jade_databases gauge",
            "jade_databases \(databaseCount)",
            "# HELP jade_vectors Vectors on this node.",
            "# TYPE jade_vectors gauge",
            "jade_vectors \(vectorCount)",
            "# HELP jade_memory_limit_bytes Memory that may be held for all that is counted below.",
            "# TYPE jade_memory_limit_bytes gauge",
            "jade_memory_limit_bytes \(memory.limitBytes)",
            "# HELP jade_memory_held_bytes Memory held, by what for.",
            "# TYPE jade_memory_held_bytes gauge",
            "jade_memory_held_bytes{use=\"databases\"} \(memory.databaseBytes)",
            "jade_memory_held_bytes{use=\"writes\"} \(memory.writeBytes)",
            "jade_memory_held_bytes{use=\"searches\"} \(memory.searchBytes)",
            "jade_memory_held_bytes{use=\"bodies\"} \(memory.bodyBytes)",
            "# HELP jade_build_info Version and kernels, as labels.",
            "# TYPE jade_build_info gauge",
            "jade_build_info{version=\"\(version)\",simd_level=\"\(simdLevel)\"} 1",
        ]
    }
}
