package import JadeCore

import GRDB

extension AccountStore {
    package func createGroup(name: String, ownerID: String?, by actor: Actor) throws(JadeError) -> Group {
        try AccountName.check(name, "group")
        let group = Group(id: newID(), name: name, ownerID: ownerID, createdAt: now)
        return try change("group:create", "group/\(group.id)", by: actor) { db in
            try Self.requireFree(name, "groups", "group", in: db)
            try Self.requireRoom("groups", Limits.maximumGroups, in: db)
            if let ownerID { try Self.require(.user(id: ownerID), in: db) }
            try db.execute(sql: "INSERT INTO groups VALUES (?, ?, ?, ?)", arguments: [group.id, name, ownerID, group.createdAt])
            return group
        }
    }

    package func groups() throws(JadeError) -> [Group] {
        try read("list the groups") { try Row.fetchAll($0, sql: "SELECT * FROM groups ORDER BY name").map(Self.group) }
    }

    package func group(_ nameOrID: String) throws(JadeError) -> Group {
        try read("find a group") { try Self.group(nameOrID, in: $0) }
    }

    package func deleteGroup(_ nameOrID: String, by actor: Actor) throws(JadeError) {
        try change("group:delete", "group/\(nameOrID)", by: actor) { db in
            try db.execute(sql: "DELETE FROM groups WHERE id = ?", arguments: [try Self.group(nameOrID, in: db).id])
            try Self.requireAdministrator(in: db)
        }
    }

    /// The members in order of their names.
    package func members(of group: String) throws(JadeError) -> [User] {
        try read("list a group's members") { db in
            let sql = "SELECT users.* FROM users JOIN group_members ON user_id = id WHERE group_id = ? ORDER BY name"
            return try Row.fetchAll(db, sql: sql, arguments: [try Self.group(group, in: db).id]).map(Self.user)
        }
    }

    package func addMember(_ user: String, to group: String, by actor: Actor) throws(JadeError) {
        try change("group:add", "group/\(group)", by: actor, detail: AuditDetail.object(["user": [user]])) { db in
            try db.execute(
                sql: "INSERT OR IGNORE INTO group_members VALUES (?, ?)",
                arguments: [try Self.group(group, in: db).id, try Self.user(user, in: db).id])
        }
    }

    package func removeMember(_ user: String, from group: String, by actor: Actor) throws(JadeError) {
        try change("group:remove", "group/\(group)", by: actor, detail: AuditDetail.object(["user": [user]])) { db in
            try db.execute(
                sql: "DELETE FROM group_members WHERE group_id = ? AND user_id = ?",
                arguments: [try Self.group(group, in: db).id, try Self.user(user, in: db).id])
            try Self.requireAdministrator(in: db)
        }
    }

    static func group(_ nameOrID: String, in db: Database) throws -> Group {
        let sql = "SELECT * FROM groups WHERE id = :key OR name = :key ORDER BY id = :key DESC"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: ["key": nameOrID]) else {
            throw JadeError.notFound("group \(nameOrID.debugDescription) does not exist")
        }
        return try group(row)
    }

    private static func group(_ row: Row) throws -> Group {
        Group(
            id: try row.text("id"), name: try row.text("name"), ownerID: try row.decode(String?.self, forColumn: "owner_id"),
            createdAt: try row.time("created_at"))
    }
}
