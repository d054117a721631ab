package import JadeCore

extension TokenPair {
    package init(_ proto: ProtoTokenPair) {
        self.init(
            accessToken: proto.accessToken, accessExpiresAt: proto.accessExpiresAtMilliseconds, refreshToken: proto.refreshToken,
            refreshExpiresAt: proto.refreshExpiresAtMilliseconds, sessionID: proto.sessionID, userID: proto.userID,
            mustChangePassword: proto.mustChangePassword)
    }
}

extension ProtoTokenPair {
    package init(_ tokens: TokenPair) {
        self.init()
        accessToken = tokens.accessToken
        accessExpiresAtMilliseconds = tokens.accessExpiresAt
        refreshToken = tokens.refreshToken
        refreshExpiresAtMilliseconds = tokens.refreshExpiresAt
        sessionID = tokens.sessionID
        userID = tokens.userID
        mustChangePassword = tokens.mustChangePassword
    }
}

extension CallerDescription {
    package init(_ proto: ProtoCaller) {
        self.init(
            userID: proto.userID, userName: proto.userName, credential: proto.credential, mustChangePassword: proto.mustChangePassword,
            tenant: proto.hasTenant ? TenantBinding(proto.tenant) : nil, permissions: PermissionSet(known: proto.permissions))
        for database in proto.databasePermissions { databasePermissions[database.databaseID] = PermissionSet(known: database.permissions) }
    }
}

extension ProtoCaller {
    package init(_ caller: CallerDescription) {
        self.init()
        userID = caller.userID
        userName = caller.userName
        credential = caller.credential
        mustChangePassword = caller.mustChangePassword
        if let tenant = caller.tenant { self.tenant = ProtoTenantBinding(tenant) }
        permissions = caller.permissions.names
        databasePermissions = caller.databasePermissions.sorted { $0.key < $1.key }.map { database, permissions in
            var proto = ProtoDatabasePermissions()
            proto.databaseID = database
            proto.permissions = permissions.names
            return proto
        }
    }
}

extension TenantBinding {
    init(_ proto: ProtoTenantBinding) { self.init(field: proto.field, value: proto.value) }
}

extension ProtoTenantBinding {
    init(_ tenant: TenantBinding) {
        self.init()
        field = tenant.field
        value = tenant.value
    }
}

extension PermissionSet {
    /// Of an answer: names that this build does not know are left out, for the server may be newer.
    init(known names: [String]) { self.init(names.compactMap(Permission.init(name:))) }

    /// Of a request: names that nobody knows are an error.
    package init(requested names: [String]) throws(JadeError) { try self.init(names: names) }
}
