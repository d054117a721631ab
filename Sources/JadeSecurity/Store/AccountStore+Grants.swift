package import JadeCore

import GRDB

extension AccountStore {
    /// Grants permissions on a database; those already granted stay as they are.
    package func grant(
        _ permissions: PermissionSet, on databaseID: String, to grantee: Grantee, by actor: Actor
    ) throws(JadeError) {
        let others = permissions.subtracting(.perDatabase)
        guard others.isEmpty else {
            throw .invalidArgument("\(others.names.joined(separator: ", ")) cannot be granted for one database: give a role that holds it")
        }
        try change("grant:add", "database/\(databaseID)", by: actor, detail: Self.detail(permissions, grantee)) { db in
            try Self.requireDatabase(databaseID, in: db)
            try Self.require(grantee, in: db)
            for name in permissions.names {
                try db.execute(
                    sql: """
                        INSERT OR IGNORE INTO database_permissions (database_id, \(grantee.kind)_id, permission, granted_at)
                        VALUES (?, ?, ?, ?)
                        """,
                    arguments: [databaseID, grantee.id, name, now])
            }
        }
    }

    package func revoke(
        _ permissions: PermissionSet, on databaseID: String, from grantee: Grantee, by actor: Actor
    ) throws(JadeError) {
        try change("grant:remove", "database/\(databaseID)", by: actor, detail: Self.detail(permissions, grantee)) { db in
            try Self.requireDatabase(databaseID, in: db)
            for name in permissions.names {
                try db.execute(
                    sql: "DELETE FROM database_permissions WHERE database_id = ? AND \(grantee.kind)_id = ? AND permission = ?",
                    arguments: [databaseID, grantee.id, name])
            }
        }
    }

    package func grants(on databaseID: String) throws(JadeError) -> [DatabaseGrant] {
        try read("list a database's grants") { db in
            try Self.requireDatabase(databaseID, in: db)
            let sql = """
                SELECT database_permissions.*, coalesce(users.name, groups.name) AS grantee_name
                FROM database_permissions LEFT JOIN users ON users.id = user_id LEFT JOIN groups ON groups.id = group_id
                WHERE database_id = ? ORDER BY user_id, group_id, permission
                """
            return try Row.fetchAll(db, sql: sql, arguments: [databaseID]).compactMap(Self.grant)
        }
    }

    /// The owner may do everything with a database that can be granted for it.
    package func setOwner(of databaseID: String, to userID: String?, by actor: Actor) throws(JadeError) {
        let detail = AuditDetail.object(["to": [userID.map { "user/\($0)" } ?? ""]])
        try change("database:owner", "database/\(databaseID)", by: actor, detail: detail) { db in
            try Self.requireDatabase(databaseID, in: db)
            if let userID { try Self.require(.user(id: userID), in: db) }
            try db.execute(sql: "UPDATE databases SET owner_id = ? WHERE id = ?", arguments: [userID, databaseID])
        }
    }

    private static func grant(_ row: Row) throws -> DatabaseGrant? {
        guard let permission = Permission(name: try row.text("permission")) else { return nil }
        let user = try row.decode(String?.self, forColumn: "user_id")
        let grantee = try user.map(Grantee.user(id:)) ?? .group(id: row.text("group_id"))
        return DatabaseGrant(
            databaseID: try row.text("database_id"), grantee: grantee, granteeName: try row.text("grantee_name"), permission: permission,
            grantedAt: try row.time("granted_at"))
    }

    private static func requireDatabase(_ id: String, in db: Database) throws {
        guard try Row.fetchOne(db, sql: "SELECT 1 FROM databases WHERE id = ?", arguments: [id]) != nil else {
            throw JadeError.notFound("database with id \(id.debugDescription) does not exist")
        }
    }

    private static func detail(_ permissions: PermissionSet, _ grantee: Grantee) -> String {
        AuditDetail.object(["permissions": permissions.names, "to": [grantee.resource]])
    }
}
