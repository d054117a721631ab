public import JadeAPI
public import JadeCore

extension JadeClient: MaintenanceService {
    /// Not repeated after a broken connection: the second try would meet the first one's job.
    public func startVerification(_ request: VerificationRequest) async throws(JadeError) -> JobDescription {
        try await ask(.post, "/v1/verify", request, repeatable: false)
    }

    public func jobs() async throws(JadeError) -> [JobDescription] {
        let list: JobList = try await ask(.get, Path.jobs)
        return list.jobs
    }

    public func job(_ id: String) async throws(JadeError) -> JobDescription { try await ask(.get, Path.job(id)) }

    public func cancelJob(_ id: String) async throws(JadeError) -> JobDescription { try await ask(.delete, Path.job(id)) }
}
