package import JadeAPI
package import JadeCore

/// Jobs speak of files and databases of the whole node, so they are for those who manage it.
extension GuardedService: MaintenanceService {
    private var maintenance: any MaintenanceService {
        get throws(JadeError) {
            try refuseTenant("manage the node")
            try require(.nodeManage)
            guard let maintenance = base as? any MaintenanceService else { throw .notFound("what stands behind this server has no jobs") }
            return maintenance
        }
    }

    package func startVerification(_ request: VerificationRequest) async throws(JadeError) -> JobDescription {
        try await maintenance.startVerification(request)
    }

    package func jobs() async throws(JadeError) -> [JobDescription] { try await maintenance.jobs() }
    package func job(_ id: String) async throws(JadeError) -> JobDescription { try await maintenance.job(id) }
    package func cancelJob(_ id: String) async throws(JadeError) -> JobDescription { try await maintenance.cancelJob(id) }
}
