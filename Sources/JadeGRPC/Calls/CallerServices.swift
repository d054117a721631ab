internal import JadeAPI
internal import JadeCore

/// What a call may use: a caller's services, which check every request, or nothing but the node's state for a method that is open to
/// everybody.
struct CallerServices: Sendable {
    private let caller: (any AdmittedCaller)?

    init(_ caller: (any AdmittedCaller)?) { self.caller = caller }

    var databases: any DatabaseService {
        get throws(JadeError) { try known().databases }
    }

    var backups: any BackupService {
        get throws(JadeError) {
            guard let backups = try known().backups else { throw .notFound("this server keeps no backups") }
            return backups
        }
    }

    var maintenance: any MaintenanceService {
        get throws(JadeError) {
            guard let maintenance = try known().maintenance else { throw .notFound("what stands behind this server has no jobs") }
            return maintenance
        }
    }

    var security: any SecurityService {
        get throws(JadeError) {
            guard let security = try known().security else { throw .notFound("this server runs without accounts") }
            return security
        }
    }

    private func known() throws(JadeError) -> any AdmittedCaller {
        guard let caller else { throw .internal("a method that is open to everybody asked for a caller's services") }
        return caller
    }
}
