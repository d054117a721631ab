import JadeAPI
import JadeClient
import JadeCore

extension Verify {
    /// Milliseconds between two questions how far the server is.
    private static let pause: Duration = .milliseconds(200)

    /// Has the server verify its files, and waits for what it found.
    func runOnline() async throws {
        let job = try await server.withClient { client in try await follow(client) }
        switch output.output {
        case .table: print(job)
        case .json: Standard.out(WireJSON.encode(job))
        }
        if job.state != .done || job.damageCount > 0 { Exit.now(.failed) }
    }

    private func follow(_ client: JadeClient) async throws -> JobDescription {
        let line = CheckProgressLine()
        defer { line.finish() }
        var job = try await client.startVerification(VerificationRequest(database: database, bytesPerSecond: bytesPerSecond))
        while job.state == .running {
            line.update(job.stage, job.done, job.total)
            try await Task.sleep(for: Self.pause)
            job = try await client.job(job.id)
        }
        return job
    }

    private func print(_ job: JobDescription) {
        for finding in job.findings { Standard.out(finding.description) }
        let omitted = job.damageCount + job.warningCount - job.findings.count
        if omitted > 0 { Standard.out("… and \(Numbers.grouped(omitted)) more") }
        switch job.state {
        case .done:
            let warnings = job.warningCount == 0 ? "" : ", \(Numbers.grouped(job.warningCount)) warnings"
            Standard.out((job.damageCount == 0 ? "sound" : "\(Numbers.grouped(job.damageCount)) findings") + warnings)
        case .failed: Standard.error("jadevectordb: \(job.problem ?? "the verification failed")")
        case .cancelled: Standard.error("jadevectordb: the verification was cancelled")
        case .running: break
        }
    }
}
