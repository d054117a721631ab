package import JadeCore

/// Lets everybody do everything: a laptop's server, and tests.
package struct OpenAccess: AccessControl {
    private let service: any DatabaseService

    package init(_ service: any DatabaseService) { self.service = service }

    package func admit(_ credential: Credential, from origin: RequestOrigin) async throws(JadeError) -> any AdmittedCaller {
        Anybody(databases: service)
    }

    package func login(name: String, password: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair {
        throw Self.noAccounts
    }

    package func refresh(_ token: String, from origin: RequestOrigin) async throws(JadeError) -> TokenPair { throw Self.noAccounts }

    package func probe() async throws(JadeError) { _ = try await service.status() }

    private static let noAccounts = JadeError.notFound("this server runs without accounts: nobody needs to log in")
}

private struct Anybody: AdmittedCaller {
    let databases: any DatabaseService

    var name: String { "anybody" }
    var mustChangePassword: Bool { false }
    var backups: (any BackupService)? { databases as? any BackupService }
    var maintenance: (any MaintenanceService)? { databases as? any MaintenanceService }
    var security: (any SecurityService)? { nil }

    func require(_ permission: Permission, on database: String?) async throws(JadeError) {}
}
