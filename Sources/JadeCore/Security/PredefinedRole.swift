/// Roles that every installation has. They cannot be changed or deleted; what they hold comes from here at each start.
public enum PredefinedRole: String, Sendable, CaseIterable {
    case admin
    case user
    case readonly
    case datascientist

    public var meaning: String {
        switch self {
        case .admin: "everything"
        case .user: "creates databases and owns them; nothing of other people's"
        case .readonly: "reads and searches every database"
        case .datascientist: "reads, writes and searches every database, builds indexes, creates databases"
        }
    }

    public var permissions: PermissionSet {
        switch self {
        case .admin: .all
        case .user: PermissionSet([.databaseCreate, .nodeRead])
        case .readonly: PermissionSet([.databaseRead, .vectorRead, .indexRead, .nodeRead])
        case .datascientist:
            PermissionSet([
                .databaseCreate, .databaseRead, .databaseUpdate, .vectorRead, .vectorWrite, .vectorDelete, .indexRead, .indexCreate,
                .indexDelete, .backupRead, .nodeRead,
            ])
        }
    }
}
