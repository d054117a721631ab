package import JadeAPI
package import JadeCore

extension GuardedSecurity {
    package func createKey(_ request: APIKeyRequest, for user: String?) async throws(JadeError) -> IssuedKey {
        let owner = user ?? me.userID
        try requireKeys(of: owner)
        var request = request
        if let names = request.databases { request.databases = try await ids(of: names) }
        let (accounts, actor, wanted) = (accounts, actor, request)
        let theirs = try await run { () throws(JadeError) in try accounts.access(of: owner) }
        try requireHolds(theirs.limited(to: wanted.scopes, databases: wanted.databases), whose: "the key")
        return try await run { () throws(JadeError) in
            let (key, secret) = try accounts.createKey(wanted, for: owner, by: actor)
            return IssuedKey(key: key, secret: secret.text)
        }
    }

    package func listKeys(_ whose: Whose) async throws(JadeError) -> [APIKey] {
        let user = try requireTheirs(whose, .keyManage)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.keys(of: user) }
    }

    package func revokeKey(_ id: String) async throws(JadeError) {
        _ = try await ownOrManaged(id)
        let (accounts, actor) = (accounts, actor)
        try await run { () throws(JadeError) in try accounts.revokeKey(id, by: actor) }
    }

    package func rotateKey(_ id: String, graceSeconds: Int) async throws(JadeError) -> IssuedKey {
        try Limits.require(graceSeconds, in: 0...Limits.maximumKeyGraceSeconds, "grace_seconds")
        let key = try await ownOrManaged(id)
        try requireKeys(of: key.userID)
        let (accounts, actor) = (accounts, actor)
        let theirs = try await run { () throws(JadeError) in try accounts.access(of: key.userID) }
        try requireHolds(theirs.limited(to: key.scopes, databases: key.databases), whose: "the key")
        return try await run { () throws(JadeError) in
            let (key, secret) = try accounts.rotateKey(id, grace: Int64(graceSeconds) * 1_000, by: actor)
            return IssuedKey(key: key, secret: secret.text)
        }
    }

    // MARK: sessions

    package func listSessions(_ whose: Whose) async throws(JadeError) -> [Session] {
        let user = try requireTheirs(whose, .sessionManage)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.sessions(of: user) }
    }

    package func endSession(_ id: String) async throws(JadeError) {
        try requireSettled()
        try guarded.refuseTenant("manage accounts")
        let (accounts, actor, mine) = (accounts, actor, me.userID)
        let own = try await run { () throws(JadeError) in try accounts.sessions(of: mine).contains { $0.id == id } }
        if !own { try guarded.require(.sessionManage) }
        try await run { () throws(JadeError) in try accounts.endSession(id, by: actor) }
    }

    // MARK: audit log

    package func auditEntries(_ query: AuditQuery) async throws(JadeError) -> [AuditEntry] {
        try require(.auditRead)
        let accounts = accounts
        return try await run { () throws(JadeError) in try accounts.audit.entries(query) }
    }

    package func verifyAudit() async throws(JadeError) -> AuditHead {
        try require(.auditRead)
        let accounts = accounts
        return try await run { () throws(JadeError) in
            _ = try accounts.audit.verify()
            let (sequence, hash) = try accounts.audit.head()
            return AuditHead(sequence: sequence, hash: hash)
        }
    }

    // MARK: checks

    /// A key that makes keys would outlive its own end, so that takes the permission even for its own user.
    private func requireKeys(of user: String) throws(JadeError) {
        if case .session = me.credential { return try require(.keyManage, unlessMine: user) }
        try require(.keyManage)
    }

    /// - Returns: the user to list, nil for all.
    private func requireTheirs(_ whose: Whose, _ permission: Permission) throws(JadeError) -> String? {
        switch whose {
        case .mine:
            try require(permission, unlessMine: me.userID)
            return me.userID
        case .everybodys:
            try require(permission)
            return nil
        case .of(let user):
            try require(permission, unlessMine: user)
            return user
        }
    }

    /// The same answer for a key that is not there and one of somebody else.
    private func ownOrManaged(_ id: String) async throws(JadeError) -> APIKey {
        try requireSettled()
        try guarded.refuseTenant("manage accounts")
        let accounts = accounts
        let key = try? await run { () throws(JadeError) in try accounts.key(id) }
        if let key, key.userID == me.userID { return key }
        try guarded.require(.keyManage)
        guard let key else { throw .notFound("API key \(id.debugDescription) does not exist") }
        return key
    }

    private func ids(of databases: Set<String>) async throws(JadeError) -> Set<String> {
        var ids: Set<String> = []
        for database in databases { ids.insert(try await guarded.databaseID(of: database)) }
        return ids
    }
}
