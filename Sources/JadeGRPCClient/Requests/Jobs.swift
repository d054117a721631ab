public import JadeAPI
public import JadeCore
internal import JadeProto

extension JadeGRPCClient: MaintenanceService {
    private static func path(_ method: String) -> String { "/jadevectordb.v1.JobService/\(method)" }

    /// Not repeated after a broken connection: the second try would meet the first one's job.
    public func startVerification(_ request: VerificationRequest) async throws(JadeError) -> JobDescription {
        try JobDescription(
            try await transport.unary(Self.path("StartVerification"), ProtoStartVerificationRequest(request), repeatable: false))
    }

    public func jobs() async throws(JadeError) -> [JobDescription] {
        let list: ProtoListJobsResponse = try await transport.unary(Self.path("ListJobs"), ProtoListJobsRequest())
        var jobs: [JobDescription] = []
        for job in list.jobs { jobs.append(try JobDescription(job)) }
        return jobs
    }

    public func job(_ id: String) async throws(JadeError) -> JobDescription {
        var request = ProtoGetJobRequest()
        request.id = id
        return try JobDescription(try await transport.unary(Self.path("GetJob"), request))
    }

    public func cancelJob(_ id: String) async throws(JadeError) -> JobDescription {
        var request = ProtoCancelJobRequest()
        request.id = id
        return try JobDescription(try await transport.unary(Self.path("CancelJob"), request))
    }
}
