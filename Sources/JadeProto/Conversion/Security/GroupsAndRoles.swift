package import JadeCore

extension GroupDescription {
    package init(_ proto: ProtoGroup) {
        self.init(
            group: Group(
                id: proto.id, name: proto.name, ownerID: proto.hasOwnerID ? proto.ownerID : nil, createdAt: proto.createdAtMilliseconds),
            members: proto.members, roles: proto.roles)
    }
}

extension ProtoGroup {
    package init(_ description: GroupDescription) {
        self.init()
        id = description.group.id
        name = description.group.name
        if let owner = description.group.ownerID { ownerID = owner }
        members = description.members
        roles = description.roles
        createdAtMilliseconds = description.group.createdAt
    }
}

extension ProtoMembership {
    package init(_ user: String, in group: String) {
        self.init()
        self.user = user
        self.group = group
    }
}

extension ProtoPermission {
    package init(_ permission: Permission) {
        self.init()
        name = permission.name
        meaning = permission.meaning
        perDatabase = permission.isPerDatabase
    }
}

extension RoleRequest {
    package init(_ proto: ProtoCreateRoleRequest) throws(JadeError) {
        self.init(name: proto.name, meaning: proto.meaning, permissions: try PermissionSet(requested: proto.permissions))
    }
}

extension ProtoCreateRoleRequest {
    package init(_ request: RoleRequest) {
        self.init()
        name = request.name
        meaning = request.meaning
        permissions = request.permissions.names
    }
}

extension Role {
    package init(_ proto: ProtoRole) {
        self.init(
            id: proto.id, name: proto.name, isPredefined: proto.isPredefined, meaning: proto.meaning,
            permissions: PermissionSet(known: proto.permissions))
    }
}

extension ProtoRole {
    package init(_ role: Role) {
        self.init()
        id = role.id
        name = role.name
        isPredefined = role.isPredefined
        meaning = role.meaning
        permissions = role.permissions.names
    }
}

extension ProtoRoleAssignment {
    package init(_ role: String, _ grantee: Grantee) {
        self.init()
        self.role = role
        self.grantee = ProtoGrantee(grantee)
    }
}

extension Grantee {
    package init(_ proto: ProtoGrantee) throws(JadeError) {
        switch proto.kind {
        case .user(let user): self = .user(id: user)
        case .group(let group): self = .group(id: group)
        case nil: throw .invalidArgument("grantee is missing, expected either a user or a group")
        }
    }
}

extension ProtoGrantee {
    init(_ grantee: Grantee) {
        self.init()
        switch grantee {
        case .user(let id): user = id
        case .group(let id): group = id
        }
    }
}

extension DatabaseGrant {
    package init(_ proto: ProtoDatabaseGrant) throws(JadeError) {
        guard let permission = Permission(name: proto.permission) else {
            throw .invalidArgument("unknown permission \(proto.permission.debugDescription)")
        }
        self.init(
            databaseID: proto.databaseID, grantee: try Grantee(proto.grantee), granteeName: proto.name, permission: permission,
            grantedAt: proto.grantedAtMilliseconds)
    }
}

extension ProtoDatabaseGrant {
    package init(_ grant: DatabaseGrant) {
        self.init()
        databaseID = grant.databaseID
        grantee = ProtoGrantee(grant.grantee)
        name = grant.granteeName
        permission = grant.permission.name
        grantedAtMilliseconds = grant.grantedAt
    }
}

extension ProtoGrantRequest {
    package init(_ permissions: PermissionSet, on database: String, _ grantee: Grantee) {
        self.init()
        self.database = database
        self.grantee = ProtoGrantee(grantee)
        self.permissions = permissions.names
    }
}
