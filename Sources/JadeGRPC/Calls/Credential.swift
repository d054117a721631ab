package import JadeAPI
package import JadeCore

/// What a caller shows of itself.
package struct Credential: Sendable {
    /// The header `authorization`, as it came.
    package var authorization: String?
    /// The header `x-api-key`.
    package var apiKey: String?
    /// The address that the connection came from, such as `10.0.0.7`.
    package var peer: String?
    /// Under which name the log has the call.
    package var requestID: String
}

/// What a caller may use: the services of the node, or a guard around them.
package struct CallerServices: Sendable {
    package let databases: any DatabaseService
    private let backupService: (any BackupService)?
    private let maintenanceService: (any MaintenanceService)?

    package init(
        databases: any DatabaseService, backups: (any BackupService)? = nil, maintenance: (any MaintenanceService)? = nil
    ) {
        self.databases = databases
        backupService = backups
        maintenanceService = maintenance
    }

    /// A service that may be all three, open to everybody.
    package init(_ service: any DatabaseService) {
        self.init(databases: service, backups: service as? any BackupService, maintenance: service as? any MaintenanceService)
    }

    package var backups: any BackupService {
        get throws(JadeError) {
            guard let backupService else { throw .notFound("this server keeps no backups") }
            return backupService
        }
    }

    package var maintenance: any MaintenanceService {
        get throws(JadeError) {
            guard let maintenanceService else { throw .notFound("what stands behind this server has no jobs") }
            return maintenanceService
        }
    }
}

/// Turns a credential into what its owner may use: the one place where the door learns who is asking.
package typealias Admission = @Sendable (Credential) async throws(JadeError) -> CallerServices
