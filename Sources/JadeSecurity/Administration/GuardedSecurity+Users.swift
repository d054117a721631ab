package import JadeCore

extension GuardedSecurity {
    package func createUser(_ request: UserRequest) async throws(JadeError) -> UserDescription {
        try require(.userManage)
        if !request.roles.isEmpty { try guarded.require(.roleManage) }
        for role in request.roles { try requireHolds(try await describe(role).permissions) }
        let (authentication, actor) = (authentication, actor)
        return try await run { () throws(JadeError) in
            if let password = request.password { try authentication.rules.check(password, of: request.name) }
            let hash = try request.password.map { password throws(JadeError) in try authentication.hasher.hash(password) }
            let user = try authentication.accounts.createUser(
                name: request.name, passwordHash: hash, roles: request.roles, mustChangePassword: request.mustChangePassword, by: actor)
            return try authentication.accounts.describeUser(user.id)
        }
    }

    package func listUsers() async throws(JadeError) -> [UserDescription] {
        try require(.userRead)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.describeUsers() }
    }

    package func describeUser(_ user: String) async throws(JadeError) -> UserDescription {
        try require(.userRead, unlessMine: user)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.describeUser(user) }
    }

    package func updateUser(_ user: String, _ update: UserUpdate) async throws(JadeError) -> UserDescription {
        try require(.userManage)
        try await requireAbove(user)
        let (accounts, actor) = (accounts, actor)
        return try await run { () throws(JadeError) in
            try accounts.describeUser(try accounts.updateUser(user, update, by: actor).id)
        }
    }

    package func resetPassword(of user: String, to password: String, mustChange: Bool) async throws(JadeError) {
        try require(.userManage)
        try await requireAbove(user)
        let (authentication, actor) = (authentication, actor)
        try await run { () throws(JadeError) in
            let name = try authentication.accounts.user(user).name
            try authentication.rules.check(password, of: name)
            try authentication.accounts.setPassword(user, hash: try authentication.hasher.hash(password), mustChange: mustChange, by: actor)
        }
    }

    package func deleteUser(_ user: String, erasing: Bool) async throws(JadeError) {
        try require(.userManage)
        if erasing, isMe(user) { throw .invalidArgument("the entry about it would name you: somebody else must erase this user") }
        try await requireAbove(user)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.deleteUser(user, erasing: erasing, by: actor) }
    }

    package func accessReasons(of user: String) async throws(JadeError) -> [AccessReason] {
        try require(.userRead, unlessMine: user)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.reasons(for: user) }
    }

    /// One's own, or anybody's for who manages users and reads the audit log.
    package func exportUser(_ user: String) async throws(JadeError) -> UserExport {
        try require(.userManage, unlessMine: user)
        try require(.auditRead, unlessMine: user)
        let (accounts, taken) = (accounts, try await reports(of: subjects(ofUser: user)))
        return try await run { () throws(JadeError) in
            let description = try accounts.describeUser(user)
            let id = description.user.id
            let (entries, omitted) = try accounts.audit.entries(of: description.user)
            return UserExport(
                description: description, reasons: try accounts.reasons(for: id), keys: try accounts.keys(of: id),
                sessions: try accounts.sessions(of: id), usage: taken, entries: entries, omittedEntries: omitted)
        }
    }

    func describe(_ role: String) async throws(JadeError) -> Role {
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.role(role) }
    }
}
