public import JadeAPI
public import JadeCore
internal import JadeIO

extension Engine: MaintenanceService {
    public func startVerification(_ request: VerificationRequest) async throws(JadeError) -> JobDescription {
        try request.validate()
        let chosen: [Database]? =
            if let name = request.database { [try databases.find(name)] } else { nil }
        let job = Job(
            id: random.uniqueID().hexadecimal, kind: "verify", database: chosen?.first?.current.name, clock: clock)
        try jobs.add(job)
        let pace = Pace(bytesPerSecond: request.bytesPerSecond ?? Limits.verificationBytesPerSecond)
        job.start { [self] (job) throws(JadeError) in try verify(chosen, pace, job) }
        return job.description
    }

    public func jobs() async throws(JadeError) -> [JobDescription] { jobs.all.map(\.description) }

    public func job(_ id: String) async throws(JadeError) -> JobDescription { try jobs.find(id).description }

    public func cancelJob(_ id: String) async throws(JadeError) -> JobDescription {
        let job = try jobs.find(id)
        job.cancel()
        return job.description
    }
}
