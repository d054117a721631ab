import HTTPTypes
import JadeAPI
import JadeCore

/// `/v1/jobs`: long work and how far it is.
enum JobHandlers {
    static func verify(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(VerificationRequest.self)
        try request.validate()
        let job = try await call.maintenance.startVerification(request)
        return .json(job, .accepted, headers: [.location: "/v1/jobs/\(job.id)"])
    }

    static func list(_ call: Call) async throws(JadeError) -> Reply { .json(JobList(try await call.maintenance.jobs())) }

    static func describe(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.maintenance.job(call.jobID)) }

    static func cancel(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.maintenance.cancelJob(call.jobID)) }
}

extension Call {
    fileprivate var maintenance: any MaintenanceService {
        get throws(JadeError) {
            guard let maintenance = try caller.maintenance else {
                throw .notFound("what stands behind this server has no jobs")
            }
            return maintenance
        }
    }

    fileprivate var jobID: String {
        get throws(JadeError) { try PercentDecoding.decode(parameters[0], "job id") }
    }
}
