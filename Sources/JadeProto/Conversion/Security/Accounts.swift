package import JadeCore

extension UserRequest {
    package init(_ proto: ProtoCreateUserRequest) {
        self.init(
            name: proto.name, password: proto.hasPassword ? proto.password : nil, roles: proto.roles,
            mustChangePassword: proto.mustChangePassword)
    }
}

extension ProtoCreateUserRequest {
    package init(_ request: UserRequest) {
        self.init()
        name = request.name
        if let password = request.password { self.password = password }
        roles = request.roles
        mustChangePassword = request.mustChangePassword
    }
}

extension UserUpdate {
    package init(_ proto: ProtoUpdateUserRequest) {
        self.init(
            name: proto.hasName ? proto.name : nil, isActive: proto.hasIsActive ? proto.isActive : nil,
            mustChangePassword: proto.hasMustChangePassword ? proto.mustChangePassword : nil)
    }
}

extension ProtoUpdateUserRequest {
    package init(_ update: UserUpdate, of user: String) {
        self.init()
        self.user = user
        if let name = update.name { self.name = name }
        if let isActive = update.isActive { self.isActive = isActive }
        if let mustChange = update.mustChangePassword { mustChangePassword = mustChange }
    }
}

extension UserDescription {
    package init(_ proto: ProtoUser) throws(JadeError) {
        guard let origin = User.Origin(proto.origin) else { throw .invalidArgument("origin is \(proto.origin.debugDescription)") }
        let user = User(
            id: proto.id, name: proto.name, isActive: proto.isActive, mustChangePassword: proto.mustChangePassword, origin: origin,
            createdAt: proto.createdAtMilliseconds,
            passwordChangedAt: proto.hasPasswordChangedAtMilliseconds ? proto.passwordChangedAtMilliseconds : nil,
            lastLoginAt: proto.hasLastLoginAtMilliseconds ? proto.lastLoginAtMilliseconds : nil)
        self.init(user: user, roles: proto.roles, groups: proto.groups)
    }
}

extension ProtoUser {
    package init(_ description: UserDescription) {
        self.init()
        let user = description.user
        id = user.id
        name = user.name
        isActive = user.isActive
        mustChangePassword = user.mustChangePassword
        origin = user.origin.text
        roles = description.roles
        groups = description.groups
        createdAtMilliseconds = user.createdAt
        if let time = user.passwordChangedAt { passwordChangedAtMilliseconds = time }
        if let time = user.lastLoginAt { lastLoginAtMilliseconds = time }
    }
}

extension AccessReason {
    package init(_ proto: ProtoAccessReason) throws(JadeError) {
        guard let permission = Permission(name: proto.permission) else {
            throw .invalidArgument("unknown permission \(proto.permission.debugDescription)")
        }
        let source: Source
        switch proto.source {
        case "role": source = .role(proto.role)
        case "group_role": source = .groupRole(group: proto.group, role: proto.role)
        case "group_grant": source = .groupGrant(group: proto.group)
        case "owner": source = .owner
        default: source = .grant
        }
        self.init(permission: permission, database: proto.hasDatabaseID ? proto.databaseID : nil, source: source)
    }
}

extension ProtoAccessReason {
    package init(_ reason: AccessReason) {
        self.init()
        permission = reason.permission.name
        if let database = reason.database { databaseID = database }
        switch reason.source {
        case .role(let role): (source, self.role) = ("role", role)
        case .groupRole(let group, let role): (source, self.group, self.role) = ("group_role", group, role)
        case .grant: source = "grant"
        case .groupGrant(let group): (source, self.group) = ("group_grant", group)
        case .owner: source = "owner"
        }
    }
}

extension UserExport {
    package init(_ proto: ProtoUserExport) throws(JadeError) {
        self.init(
            description: try UserDescription(proto.user), reasons: try all(proto.reasons) { reason throws(JadeError) in try AccessReason(reason) },
            keys: proto.keys.map(APIKey.init), sessions: proto.sessions.map(Session.init),
            usage: try all(proto.usage) { report throws(JadeError) in try UsageReport(report) },
            entries: try all(proto.entries) { entry throws(JadeError) in try AuditEntry(entry) }, omittedEntries: Int(count: proto.omittedEntries))
    }
}

extension ProtoUserExport {
    package init(_ export: UserExport) {
        self.init()
        user = ProtoUser(export.description)
        reasons = export.reasons.map(ProtoAccessReason.init)
        keys = export.keys.map(ProtoApiKey.init)
        sessions = export.sessions.map(ProtoSession.init)
        usage = export.usage.map(ProtoUsageReport.init)
        entries = export.entries.map(ProtoAuditEntry.init)
        omittedEntries = UInt64(count: export.omittedEntries)
    }
}

/// Elements of an answer one by one.
package func all<Element, Value>(_ elements: [Element], _ read: (Element) throws(JadeError) -> Value) throws(JadeError) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements { values.append(try read(element)) }
    return values
}
