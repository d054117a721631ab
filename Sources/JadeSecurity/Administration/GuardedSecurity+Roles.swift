package import JadeCore

extension GuardedSecurity {
    package func createRole(_ request: RoleRequest) async throws(JadeError) -> Role {
        try require(.roleManage)
        try requireHolds(request.permissions)
        let (accounts, actor) = (accounts, actor)
        return try await run { () throws(JadeError) in
            try accounts.createRole(name: request.name, meaning: request.meaning, permissions: request.permissions, by: actor)
        }
    }

    package func listRoles() async throws(JadeError) -> [Role] {
        try require(.roleRead)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.roles() }
    }

    package func describeRole(_ role: String) async throws(JadeError) -> Role {
        try require(.roleRead)
        return try await describe(role)
    }

    package func updateRole(_ role: String, permissions: PermissionSet) async throws(JadeError) -> Role {
        try require(.roleManage)
        try requireHolds(permissions)
        let (accounts, actor) = (accounts, actor)
        return try await run { () throws(JadeError) in try accounts.updateRole(role, permissions: permissions, by: actor) }
    }

    package func deleteRole(_ role: String) async throws(JadeError) {
        try require(.roleManage)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.deleteRole(role, by: actor) }
    }

    package func assignRole(_ role: String, to grantee: Grantee) async throws(JadeError) {
        try require(.roleManage)
        try requireHolds(try await describe(role).permissions)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.assign(role, to: try accounts.resolved(grantee), by: actor) }
    }

    package func unassignRole(_ role: String, from grantee: Grantee) async throws(JadeError) {
        try require(.roleManage)
        try requireHolds(try await describe(role).permissions)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.unassign(role, from: try accounts.resolved(grantee), by: actor) }
    }

    // MARK: permissions on one database

    package func grants(on database: String) async throws(JadeError) -> [DatabaseGrant] {
        let id = try await requireDatabase(.grantRead, database)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.grants(on: id) }
    }

    package func grant(_ permissions: PermissionSet, on database: String, to grantee: Grantee) async throws(JadeError) {
        let id = try await requireDatabase(.grantManage, database)
        try requireHolds(Access(byDatabase: [id: permissions]), whose: "whoever is given \(permissions.names.joined(separator: ", "))")
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.grant(permissions, on: id, to: try accounts.resolved(grantee), by: actor) }
    }

    package func revoke(_ permissions: PermissionSet, on database: String, from grantee: Grantee) async throws(JadeError) {
        let id = try await requireDatabase(.grantManage, database)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.revoke(permissions, on: id, from: try accounts.resolved(grantee), by: actor) }
    }

    /// Whoever hands a database over gives all that can be granted for it, and so must have that.
    package func setOwner(of database: String, to user: String) async throws(JadeError) {
        let id = try await requireDatabase(.grantManage, database)
        try requireHolds(Access(byDatabase: [id: .perDatabase]), whose: "the owner of a database")
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.setOwner(of: id, to: accounts.user(user).id, by: actor) }
    }

    private func requireDatabase(_ permission: Permission, _ database: String) async throws(JadeError) -> String {
        try guarded.refuseTenant("manage accounts")
        return try await guarded.require(permission, on: database)
    }
}
