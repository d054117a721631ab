/// One action that may be allowed or not, such as `vector:read`. The raw value is its bit in a ``PermissionSet``; it is
/// never stored, names are.
public enum Permission: UInt8, Sendable, CaseIterable, Hashable {
    case databaseCreate, databaseRead, databaseUpdate, databaseDelete
    case vectorRead, vectorWrite, vectorDelete
    case indexRead, indexCreate, indexDelete
    case backupRead, backupCreate, backupRestore, backupDelete
    case userRead, userManage
    case groupRead, groupManage
    case roleRead, roleManage
    case grantRead, grantManage
    case keyManage
    case sessionManage
    case quotaManage
    case auditRead
    case nodeRead, nodeManage

    /// What is stored, sent and shown.
    public var name: String { description.name }
    /// What it allows, in a few words.
    public var meaning: String { description.meaning }
    /// Whether it can be granted for one database alone.
    public var isPerDatabase: Bool { description.isPerDatabase }

    public init?(name: String) {
        guard let permission = Self.byName[name] else { return nil }
        self = permission
    }

    private static let byName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.name, $0) })

    private var description: (name: String, meaning: String, isPerDatabase: Bool) {
        switch self {
        case .databaseCreate: ("database:create", "create databases", false)
        case .databaseRead: ("database:read", "see that a database exists and how it is set up", true)
        case .databaseUpdate: ("database:update", "change a database's settings", true)
        case .databaseDelete: ("database:delete", "delete a database", true)
        case .vectorRead: ("vector:read", "search, read, count and export vectors", true)
        case .vectorWrite: ("vector:write", "add and change vectors", true)
        case .vectorDelete: ("vector:delete", "delete vectors", true)
        case .indexRead: ("index:read", "see indexes and how far they are built", true)
        case .indexCreate: ("index:create", "build and change indexes", true)
        case .indexDelete: ("index:delete", "drop indexes", true)
        case .backupRead: ("backup:read", "list and verify backups", true)
        case .backupCreate: ("backup:create", "make and schedule backups", true)
        case .backupRestore: ("backup:restore", "restore backups", false)
        case .backupDelete: ("backup:delete", "delete backups", false)
        case .userRead: ("user:read", "list users and see what they may do", false)
        case .userManage: ("user:manage", "create, change, lock and delete users", false)
        case .groupRead: ("group:read", "list groups and their members", false)
        case .groupManage: ("group:manage", "create, change and delete groups", false)
        case .roleRead: ("role:read", "list roles", false)
        case .roleManage: ("role:manage", "create, change, assign and delete roles", false)
        case .grantRead: ("grant:read", "see who may do what with a database", true)
        case .grantManage: ("grant:manage", "grant and revoke permissions on a database", true)
        case .keyManage: ("key:manage", "manage the API keys of others", false)
        case .sessionManage: ("session:manage", "list and end the sessions of others", false)
        case .quotaManage: ("quota:manage", "set what keys, users and databases may take, and see what they take", false)
        case .auditRead: ("audit:read", "read and export the audit log", false)
        case .nodeRead: ("node:read", "read status and metrics", false)
        case .nodeManage: ("node:manage", "verify, checkpoint and stop", false)
        }
    }
}
