package import JadeCore

import GRDB

extension AccountStore {
    package func createRole(name: String, meaning: String, permissions: PermissionSet, by actor: Actor) throws(JadeError) -> Role {
        try AccountName.check(name, "role")
        let role = Role(id: newID(), name: name, isPredefined: false, meaning: meaning, permissions: permissions)
        return try change("role:create", "role/\(role.id)", by: actor) { db in
            try Self.requireFree(name, "roles", "role", in: db)
            try Self.requireRoom("roles", Limits.maximumRoles, in: db)
            try db.execute(sql: "INSERT INTO roles VALUES (?, ?, 0, ?)", arguments: [role.id, name, meaning])
            try Self.insertPermissions(permissions, role: role.id, in: db)
            return role
        }
    }

    /// All roles, predefined ones first.
    package func roles() throws(JadeError) -> [Role] {
        try read("list the roles") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM roles ORDER BY is_predefined DESC, name").map { try Self.role($0, in: db) }
        }
    }

    /// Replaces what a role holds; everybody who has it is affected at once.
    package func updateRole(_ nameOrID: String, permissions: PermissionSet, by actor: Actor) throws(JadeError) -> Role {
        try change("role:update", "role/\(nameOrID)", by: actor) { db in
            var role = try Self.changeable(nameOrID, in: db)
            role.permissions = permissions
            try db.execute(sql: "DELETE FROM role_permissions WHERE role_id = ?", arguments: [role.id])
            try Self.insertPermissions(permissions, role: role.id, in: db)
            return role
        }
    }

    package func deleteRole(_ nameOrID: String, by actor: Actor) throws(JadeError) {
        try change("role:delete", "role/\(nameOrID)", by: actor) { db in
            try db.execute(sql: "DELETE FROM roles WHERE id = ?", arguments: [try Self.changeable(nameOrID, in: db).id])
        }
    }

    /// Giving a role twice, or taking one that was not given, changes nothing.
    package func assign(_ role: String, to grantee: Grantee, by actor: Actor) throws(JadeError) {
        try change("role:assign", grantee.resource, by: actor, detail: AuditDetail.object(["role": [role]])) { db in
            try Self.require(grantee, in: db)
            let id = try Self.role(role, in: db).id
            try db.execute(
                sql: "INSERT OR IGNORE INTO \(grantee.kind)_roles VALUES (?, ?)", arguments: [grantee.id, id])
        }
    }

    package func unassign(_ role: String, from grantee: Grantee, by actor: Actor) throws(JadeError) {
        try change("role:unassign", grantee.resource, by: actor, detail: AuditDetail.object(["role": [role]])) { db in
            try Self.require(grantee, in: db)
            let id = try Self.role(role, in: db).id
            try db.execute(
                sql: "DELETE FROM \(grantee.kind)_roles WHERE \(grantee.kind)_id = ? AND role_id = ?", arguments: [grantee.id, id])
            try Self.requireAdministrator(in: db)
        }
    }

    static func role(_ nameOrID: String, in db: Database) throws -> Role {
        let sql = "SELECT * FROM roles WHERE id = :key OR name = :key ORDER BY id = :key DESC"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: ["key": nameOrID]) else {
            throw JadeError.notFound("role \(nameOrID.debugDescription) does not exist")
        }
        return try role(row, in: db)
    }

    private static func role(_ row: Row, in db: Database) throws -> Role {
        let id = try row.text("id")
        let names = try String.fetchAll(db, sql: "SELECT permission FROM role_permissions WHERE role_id = ?", arguments: [id])
        // A name of a newer build means nothing to this one.
        return Role(
            id: id, name: try row.text("name"), isPredefined: try row.flag("is_predefined"), meaning: try row.text("meaning"),
            permissions: PermissionSet(names.compactMap(Permission.init(name:))))
    }

    private static func changeable(_ nameOrID: String, in db: Database) throws -> Role {
        let role = try role(nameOrID, in: db)
        guard !role.isPredefined else {
            throw JadeError.invalidArgument("role \(role.name.debugDescription) is predefined: make a role of your own instead")
        }
        return role
    }

    static func require(_ grantee: Grantee, in db: Database) throws {
        guard try Row.fetchOne(db, sql: "SELECT 1 FROM \(grantee.kind)s WHERE id = ?", arguments: [grantee.id]) != nil else {
            throw JadeError.notFound("\(grantee.kind) with id \(grantee.id.debugDescription) does not exist")
        }
    }
}

extension Grantee {
    var resource: String { "\(kind)/\(id)" }
}
