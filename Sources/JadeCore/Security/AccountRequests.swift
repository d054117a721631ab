/// What a new user is to be.
public struct UserRequest: Sendable, Hashable {
    public var name: String
    /// Nil for one who cannot log in with a password.
    public var password: String?
    /// Names of roles.
    public var roles: [String]
    public var mustChangePassword: Bool

    public init(name: String, password: String?, roles: [String] = [], mustChangePassword: Bool = false) {
        self.name = name
        self.password = password
        self.roles = roles
        self.mustChangePassword = mustChangePassword
    }
}

/// What may change of a user; nil leaves it as it is.
public struct UserUpdate: Sendable, Hashable {
    public var name: String?
    public var isActive: Bool?
    public var mustChangePassword: Bool?

    public init(name: String? = nil, isActive: Bool? = nil, mustChangePassword: Bool? = nil) {
        self.name = name
        self.isActive = isActive
        self.mustChangePassword = mustChangePassword
    }
}

/// A user with what the user belongs to.
public struct UserDescription: Sendable, Hashable {
    public var user: User
    /// Names, in order.
    public var roles: [String]
    public var groups: [String]

    public init(user: User, roles: [String], groups: [String]) {
        self.user = user
        self.roles = roles
        self.groups = groups
    }
}

/// A group with those who belong to it, by their names in order.
public struct GroupDescription: Sendable, Hashable {
    public var group: Group
    public var members: [String]
    public var roles: [String]

    public init(group: Group, members: [String], roles: [String]) {
        self.group = group
        self.members = members
        self.roles = roles
    }
}

/// What a new role is to be.
public struct RoleRequest: Sendable, Hashable {
    public var name: String
    public var meaning: String
    public var permissions: PermissionSet

    public init(name: String, meaning: String = "", permissions: PermissionSet) {
        self.name = name
        self.meaning = meaning
        self.permissions = permissions
    }
}

/// Who is asking, as a door took it.
public struct CallerDescription: Sendable, Hashable {
    public var userID: String
    public var userName: String
    /// `session`, `api_key`, `certificate`, `token` of an outside issuer, or `none` where no login is needed.
    public var credential: String
    public var mustChangePassword: Bool
    public var tenant: TenantBinding?
    /// On the node and on every database.
    public var permissions: PermissionSet
    /// On single databases beyond that, by their ids.
    public var databasePermissions: [String: PermissionSet]

    public init(
        userID: String, userName: String, credential: String, mustChangePassword: Bool = false, tenant: TenantBinding? = nil,
        permissions: PermissionSet, databasePermissions: [String: PermissionSet] = [:]
    ) {
        self.userID = userID
        self.userName = userName
        self.credential = credential
        self.mustChangePassword = mustChangePassword
        self.tenant = tenant
        self.permissions = permissions
        self.databasePermissions = databasePermissions
    }
}

/// All that a server knows of a user, for the user.
public struct UserExport: Sendable, Hashable {
    public var description: UserDescription
    public var reasons: [AccessReason]
    public var keys: [APIKey]
    public var sessions: [Session]
    /// What the user and the user's keys take and may take.
    public var usage: [UsageReport]
    /// What the user did and what was done to the account, the oldest first.
    public var entries: [AuditEntry]
    /// Entries beyond those: the audit log's own export has them.
    public var omittedEntries: Int

    public init(
        description: UserDescription, reasons: [AccessReason], keys: [APIKey], sessions: [Session], usage: [UsageReport], entries: [AuditEntry],
        omittedEntries: Int
    ) {
        self.description = description
        self.reasons = reasons
        self.keys = keys
        self.sessions = sessions
        self.usage = usage
        self.entries = entries
        self.omittedEntries = omittedEntries
    }
}
