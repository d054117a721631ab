package import JadeAPI
package import JadeCore

/// One caller for the length of one request.
package struct Admission: AdmittedCaller {
    let guarded: GuardedService
    let gate: AccessGate

    init(_ caller: Caller, from origin: RequestOrigin, at gate: AccessGate) {
        let actor = Actor(caller, from: origin)
        let (accounts, work) = (gate.accounts, gate.work)
        guarded = GuardedService(gate.base, for: caller, tenants: gate.tenants, watch: AccessWatch(gate.trail, actor), meter: gate.meter) {
            (database) throws(JadeError) in
            try await work.run { () throws(JadeError) in try accounts.setOwner(of: database, to: caller.userID, by: actor) }
        }
        self.gate = gate
    }

    package var name: String { guarded.caller.auditName }
    package var mustChangePassword: Bool { guarded.caller.mustChangePassword }
    package var caller: Caller { guarded.caller }
    package var databases: any DatabaseService { guarded }
    package var backups: (any BackupService)? { guarded.base is any BackupService ? guarded : nil }
    package var maintenance: (any MaintenanceService)? { guarded.base is any MaintenanceService ? guarded : nil }
    package var security: (any SecurityService)? { GuardedSecurity(guarded, gate) }

    package func require(_ permission: Permission, on database: String?) async throws(JadeError) {
        guard let database else { return try guarded.check(permission, onID: nil) }
        _ = try await guarded.check(permission, on: database)
    }
}
