package import JadeAPI
package import JadeCore

extension NodeStatus {
    package init(_ proto: ProtoNodeStatus) {
        self.init(
            version: proto.version, uptimeSeconds: proto.uptimeSeconds, databaseCount: Int(count: proto.databaseCount),
            vectorCount: Int(count: proto.vectorCount), simdLevel: proto.simdLevel, searchThreads: Int(proto.searchThreads),
            memory: MemoryStatus(
                limitBytes: Int(count: proto.memory.limitBytes), databaseBytes: Int(count: proto.memory.databaseBytes),
                writeBytes: Int(count: proto.memory.writeBytes), searchBytes: Int(count: proto.memory.searchBytes),
                bodyBytes: Int(count: proto.memory.bodyBytes)))
    }
}

extension ProtoNodeStatus {
    package init(_ status: NodeStatus) {
        self.init()
        version = status.version
        uptimeSeconds = status.uptimeSeconds
        databaseCount = UInt64(count: status.databaseCount)
        vectorCount = UInt64(count: status.vectorCount)
        simdLevel = status.simdLevel
        searchThreads = UInt32(clamping: status.searchThreads)
        memory.limitBytes = UInt64(count: status.memory.limitBytes)
        memory.databaseBytes = UInt64(count: status.memory.databaseBytes)
        memory.writeBytes = UInt64(count: status.memory.writeBytes)
        memory.searchBytes = UInt64(count: status.memory.searchBytes)
        memory.bodyBytes = UInt64(count: status.memory.bodyBytes)
    }
}

extension VerificationRequest {
    package init(_ proto: ProtoStartVerificationRequest) throws(JadeError) {
        self.init(
            database: proto.hasDatabase ? proto.database : nil,
            bytesPerSecond: proto.hasBytesPerSecond ? try Number.int(proto.bytesPerSecond, "bytes_per_second") : nil)
        try validate()
    }
}

extension ProtoStartVerificationRequest {
    package init(_ request: VerificationRequest) {
        self.init()
        if let database = request.database { self.database = database }
        if let bytes = request.bytesPerSecond { bytesPerSecond = UInt64(count: bytes) }
    }
}

extension JobDescription {
    package init(_ proto: ProtoJob) throws(JadeError) {
        self.init(
            id: proto.id, kind: proto.kind, database: proto.hasDatabase ? proto.database : nil,
            startedAtMilliseconds: proto.startedAtMilliseconds)
        state = try choice("state", proto.state) { (state: State) in state.rawValue }
        stage = proto.stage
        done = Int(count: proto.done)
        total = Int(count: proto.total)
        finishedAtMilliseconds = proto.hasFinishedAtMilliseconds ? proto.finishedAtMilliseconds : nil
        problem = proto.hasProblem ? proto.problem : nil
        findings = try list("findings", proto.findings, limit: Limits.maximumFindings) { (finding) throws(JadeError) in
            try Finding(finding)
        }
        damageCount = Int(count: proto.damageCount)
        warningCount = Int(count: proto.warningCount)
    }
}

extension ProtoJob {
    package init(_ job: JobDescription) {
        self.init()
        id = job.id
        kind = job.kind
        if let database = job.database { self.database = database }
        state = job.state.rawValue
        stage = job.stage
        done = UInt64(count: job.done)
        total = UInt64(count: job.total)
        startedAtMilliseconds = job.startedAtMilliseconds
        if let milliseconds = job.finishedAtMilliseconds { finishedAtMilliseconds = milliseconds }
        if let problem = job.problem { self.problem = problem }
        findings = job.findings.map(ProtoFinding.init)
        damageCount = UInt64(count: job.damageCount)
        warningCount = UInt64(count: job.warningCount)
    }
}

extension Finding {
    init(_ proto: ProtoFinding) throws(JadeError) {
        self.init(
            try choice("severity", proto.severity) { (severity: Severity) in severity.rawValue }, file: proto.file,
            offset: proto.hasOffset ? Int(count: proto.offset) : nil, expected: proto.expected, found: proto.found)
    }
}

extension ProtoFinding {
    init(_ finding: Finding) {
        self.init()
        severity = finding.severity.rawValue
        file = finding.file
        if let offset = finding.offset { self.offset = UInt64(count: offset) }
        expected = finding.expected
        found = finding.found
    }
}
