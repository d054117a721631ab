package import JadeAPI
package import JadeCore

/// A service as one caller may use it: each request is checked against the caller's permissions, and a tenant sees and
/// writes its own vectors alone.
///
/// It stands between the doors and the engine, so no door can forget a check. A caller who may not read a database cannot
/// tell whether it exists.
package struct GuardedService: DatabaseService {
    let base: any DatabaseService
    let caller: Caller
    let tenants: TenantLocks
    /// Records refusals; nil where nobody asks for that.
    let watch: AccessWatch?
    /// Counts what is taken; nil where nothing is limited.
    let meter: UsageMeter?
    /// Told of a database that the caller made, so that it can be given its owner.
    let created: @Sendable (_ id: String) async throws(JadeError) -> Void

    package init(
        _ base: any DatabaseService, for caller: Caller, tenants: TenantLocks, watch: AccessWatch? = nil, meter: UsageMeter? = nil,
        created: @escaping @Sendable (_ id: String) async throws(JadeError) -> Void = { (_) throws(JadeError) in }
    ) {
        self.base = base
        self.caller = caller
        self.tenants = tenants
        self.watch = watch
        self.meter = meter
        self.created = created
    }

    /// The id of a database on which the caller has a permission.
    func require(_ permission: Permission, on database: String) async throws(JadeError) -> String {
        let id = try await check(permission, on: database)
        noteAllowed(permission, onID: id)
        return id
    }

    /// ``require(_:on:)`` without an entry in the audit log where it is allowed: for doors, behind which a service asks again.
    func check(_ permission: Permission, on database: String) async throws(JadeError) -> String {
        let id: String
        do throws(JadeError) {
            id = try await base.databaseID(of: database)
        } catch {
            guard error.code == .notFound else { throw error }
            // As if it were there: only who may do this with every database learns that it is not.
            try check(permission, onID: "")
            throw error
        }
        try check(permission, onID: id)
        return id
    }

    /// ``require(_:on:)`` for a request on a database's data, which counts among the database's.
    func take(_ permission: Permission, on database: String) async throws(JadeError) -> String {
        let id = try await require(permission, on: database)
        try meter?.takeRequest([UsageSubject(.database, id: id)])
        return id
    }

    /// For the node as a whole.
    func require(_ permission: Permission) throws(JadeError) { try require(permission, onID: nil) }

    func require(_ permission: Permission, onID id: String?) throws(JadeError) {
        try check(permission, onID: id)
        noteAllowed(permission, onID: id)
    }

    private func noteAllowed(_ permission: Permission, onID id: String?) {
        watch.map { $0.trail.allowed(permission, on: id, $0.actor) }
    }

    func check(_ permission: Permission, onID id: String?) throws(JadeError) {
        do throws(JadeError) {
            try caller.require(permission, on: id)
        } catch {
            watch.map { $0.trail.refused(permission, on: id, $0.actor) }
            throw error
        }
    }

    // MARK: databases

    package func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription {
        try require(.databaseCreate)
        let description = try await base.createDatabase(specification)
        try await created(description.id)
        return description
    }

    package func listDatabases() async throws(JadeError) -> [DatabaseDescription] {
        let readable = try await base.listDatabases().filter { caller.access.allows(.databaseRead, on: $0.id) }
        var shown: [DatabaseDescription] = []
        for description in readable { shown.append(try await asTenant(description)) }
        return shown
    }

    package func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription {
        let id = try await require(.databaseRead, on: database)
        return try await asTenant(base.describeDatabase(id))
    }

    package func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription {
        let id = try await require(.databaseUpdate, on: database)
        try refuseTenant("change a database")
        return try await base.updateDatabase(id, update)
    }

    package func deleteDatabase(_ database: String) async throws(JadeError) {
        let id = try await require(.databaseDelete, on: database)
        try refuseTenant("delete a database")
        try await base.deleteDatabase(id)
    }

    package func databaseID(of database: String) async throws(JadeError) -> String {
        try await require(.databaseRead, on: database)
    }

    package func status() async throws(JadeError) -> NodeStatus {
        try require(.nodeRead)
        var status = try await base.status()
        // Counts of the node say something of other tenants.
        if caller.tenant != nil { (status.databaseCount, status.vectorCount) = (0, 0) }
        return status
    }

    func refuseTenant(_ doing: String) throws(JadeError) {
        guard caller.tenant == nil else { throw .permissionDenied("a key that is bound to a tenant cannot \(doing)") }
    }

    /// With counts that say nothing of other tenants.
    private func asTenant(_ description: DatabaseDescription) async throws(JadeError) -> DatabaseDescription {
        guard let tenant = caller.tenant else { return description }
        var own = description
        own.vectorCount = try await base.count(matching: tenant.filter(), in: description.id)
        own.index = IndexStatus(settings: description.index.settings)
        return own
    }
}
