package import JadeCore

import GRDB

extension AccountStore {
    /// Everything that gives a user a permission, with where it comes from.
    package func reasons(for nameOrID: String) throws(JadeError) -> [AccessReason] {
        try read("explain a user's access") { db in try Self.reasons(forID: try Self.user(nameOrID, in: db).id, in: db) }
    }

    static func access(ofUser id: String, in db: Database) throws -> Access {
        var access = Access()
        for reason in try reasons(forID: id, in: db) {
            let permission = PermissionSet(reason.permission)
            if let database = reason.database {
                access.byDatabase[database, default: []].formUnion(permission)
            } else {
                access.everywhere.formUnion(permission)
            }
        }
        return access
    }

    private static func reasons(forID id: String, in db: Database) throws -> [AccessReason] {
        let rows = try Row.fetchAll(db, sql: Self.reasonsQuery, arguments: ["user": id])
        let stored = try rows.compactMap { row -> AccessReason? in
            guard let permission = Permission(name: try row.text("permission")) else { return nil }
            let group = try row.decode(String?.self, forColumn: "group_name")
            let role = try row.decode(String?.self, forColumn: "role_name")
            let source: AccessReason.Source =
                switch (group, role) {
                case (nil, nil): .grant
                case (nil, let role?): .role(role)
                case (let group?, nil): .groupGrant(group: group)
                case (let group?, let role?): .groupRole(group: group, role: role)
                }
            return AccessReason(
                permission: permission, database: try row.decode(String?.self, forColumn: "database_id"), source: source)
        }
        let owned = try String.fetchAll(db, sql: "SELECT id FROM databases WHERE owner_id = ?", arguments: [id])
        return stored
            + owned.flatMap { database in
                PermissionSet.perDatabase.permissions.map { AccessReason(permission: $0, database: database, source: .owner) }
            }
    }

    private static let reasonsQuery = """
        SELECT permission, NULL AS database_id, NULL AS group_name, roles.name AS role_name
        FROM user_roles JOIN roles ON roles.id = role_id JOIN role_permissions USING (role_id)
        WHERE user_id = :user
        UNION ALL
        SELECT permission, NULL, groups.name, roles.name
        FROM group_members JOIN groups ON groups.id = group_id JOIN group_roles USING (group_id)
        JOIN roles ON roles.id = role_id JOIN role_permissions USING (role_id)
        WHERE user_id = :user
        UNION ALL
        SELECT permission, database_id, NULL, NULL FROM database_permissions WHERE user_id = :user
        UNION ALL
        SELECT permission, database_id, groups.name, NULL
        FROM group_members JOIN groups ON groups.id = group_members.group_id
        JOIN database_permissions ON database_permissions.group_id = group_members.group_id
        WHERE group_members.user_id = :user
        """
}
