package import JadeAPI
package import JadeCore

extension APIKeyRequest {
    package init(_ proto: ProtoCreateKeyRequest) throws(JadeError) {
        self.init(
            name: proto.name, scopes: proto.hasScopes ? try PermissionSet(requested: proto.scopes.names) : nil,
            databases: proto.hasDatabases ? Set(proto.databases.names) : nil,
            tenant: proto.hasTenant ? TenantBinding(proto.tenant) : nil,
            expiresAt: proto.hasExpiresAtMilliseconds ? proto.expiresAtMilliseconds : nil)
    }
}

extension ProtoCreateKeyRequest {
    package init(_ request: APIKeyRequest, for user: String?) {
        self.init()
        name = request.name
        if let user { self.user = user }
        if let scopes = request.scopes { self.scopes = ProtoNames(scopes.names) }
        if let databases = request.databases { self.databases = ProtoNames(databases.sorted()) }
        if let tenant = request.tenant { self.tenant = ProtoTenantBinding(tenant) }
        if let time = request.expiresAt { expiresAtMilliseconds = time }
    }
}

extension ProtoNames {
    init(_ names: [String]) {
        self.init()
        self.names = names
    }
}

extension APIKey {
    package init(_ proto: ProtoApiKey) {
        let request = APIKeyRequest(
            name: proto.name, scopes: proto.hasScopes ? PermissionSet(known: proto.scopes.names) : nil,
            databases: proto.hasDatabases ? Set(proto.databases.names) : nil, tenant: proto.hasTenant ? TenantBinding(proto.tenant) : nil,
            expiresAt: proto.hasExpiresAtMilliseconds ? proto.expiresAtMilliseconds : nil)
        self.init(
            id: proto.id, userID: proto.userID, userName: proto.userName, request: request, createdAt: proto.createdAtMilliseconds,
            lastUsedAt: proto.hasLastUsedAtMilliseconds ? proto.lastUsedAtMilliseconds : nil,
            revokedAt: proto.hasRevokedAtMilliseconds ? proto.revokedAtMilliseconds : nil)
    }
}

extension ProtoApiKey {
    package init(_ key: APIKey) {
        self.init()
        id = key.id
        userID = key.userID
        userName = key.userName
        name = key.name
        if let scopes = key.scopes { self.scopes = ProtoNames(scopes.names) }
        if let databases = key.databases { self.databases = ProtoNames(databases.sorted()) }
        if let tenant = key.tenant { self.tenant = ProtoTenantBinding(tenant) }
        createdAtMilliseconds = key.createdAt
        if let time = key.expiresAt { expiresAtMilliseconds = time }
        if let time = key.lastUsedAt { lastUsedAtMilliseconds = time }
        if let time = key.revokedAt { revokedAtMilliseconds = time }
    }
}

extension IssuedKey {
    package init(_ proto: ProtoIssuedKey) { self.init(key: APIKey(proto.key), secret: proto.secret) }
}

extension ProtoIssuedKey {
    package init(_ issued: IssuedKey) {
        self.init()
        key = ProtoApiKey(issued.key)
        secret = issued.secret
    }
}

extension Whose {
    package init(_ proto: ProtoWhose) {
        switch proto.kind {
        case .user(let user): self = .of(user: user)
        case .everybody(true): self = .everybodys
        case .everybody(false), nil: self = .mine
        }
    }
}

extension ProtoWhose {
    package init(_ whose: Whose) {
        self.init()
        switch whose {
        case .mine: break
        case .everybodys: everybody = true
        case .of(let user): self.user = user
        }
    }
}

extension ProtoRotateKeyRequest {
    package init(_ id: String, graceSeconds: Int) {
        self.init()
        self.id = id
        self.graceSeconds = UInt64(count: graceSeconds)
    }

    package func seconds() throws(JadeError) -> Int { try Number.int(graceSeconds, "grace_seconds") }
}

extension Session {
    package init(_ proto: ProtoSession) {
        self.init(
            id: proto.id, userID: proto.userID, userName: proto.userName, createdAt: proto.createdAtMilliseconds,
            lastUsedAt: proto.lastUsedAtMilliseconds, expiresAt: proto.expiresAtMilliseconds, address: proto.address, agent: proto.agent)
    }
}

extension ProtoSession {
    package init(_ session: Session) {
        self.init()
        id = session.id
        userID = session.userID
        userName = session.userName
        createdAtMilliseconds = session.createdAt
        lastUsedAtMilliseconds = session.lastUsedAt
        expiresAtMilliseconds = session.expiresAt
        address = session.address
        agent = session.agent
    }
}
