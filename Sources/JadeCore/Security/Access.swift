/// Where one permission of a user comes from.
public struct AccessReason: Sendable, Hashable {
    public enum Source: Sendable, Hashable {
        case role(String)
        case groupRole(group: String, role: String)
        case grant
        case groupGrant(group: String)
        case owner
    }

    public let permission: Permission
    /// The database's id, nil for everywhere.
    public let database: String?
    public let source: Source

    public init(permission: Permission, database: String?, source: Source) {
        self.permission = permission
        self.database = database
        self.source = source
    }
}

/// A permission on one database, given to one user or group.
public struct DatabaseGrant: Sendable, Hashable {
    public let databaseID: String
    public let grantee: Grantee
    public let granteeName: String
    public let permission: Permission
    public let grantedAt: Int64

    public init(databaseID: String, grantee: Grantee, granteeName: String, permission: Permission, grantedAt: Int64) {
        self.databaseID = databaseID
        self.grantee = grantee
        self.granteeName = granteeName
        self.permission = permission
        self.grantedAt = grantedAt
    }
}

/// The part of a database that belongs to one tenant.
public struct TenantBinding: Sendable, Hashable {
    public let field: String
    public let value: String

    public init(field: String, value: String) {
        self.field = field
        self.value = value
    }
}
