package import JadeCore

import GRDB
import JadeMetadata

extension AccountStore {
    /// - Parameters:
    ///   - passwordHash: from a ``PasswordHasher``; nil for a user who cannot log in with a password.
    ///   - roles: names of roles.
    package func createUser(
        name: String, passwordHash: String?, roles: [String] = [], mustChangePassword: Bool = false, origin: User.Origin = .local,
        by actor: Actor
    ) throws(JadeError) -> User {
        try AccountName.check(name, "user")
        let user = User(
            id: newID(), name: name, isActive: true, mustChangePassword: mustChangePassword, origin: origin, createdAt: now,
            passwordChangedAt: passwordHash == nil ? nil : now)
        return try change("user:create", "user/\(user.id)", by: actor) { db in
            try Self.requireFree(name, "users", "user", in: db)
            try Self.requireRoom("users", Limits.maximumUsers, in: db)
            try db.execute(
                sql: """
                    INSERT INTO users (id, name, password_hash, must_change_password, origin, created_at, password_changed_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [user.id, name, passwordHash, mustChangePassword, origin.text, user.createdAt, user.passwordChangedAt])
            for role in roles {
                try db.execute(sql: "INSERT INTO user_roles VALUES (?, ?)", arguments: [user.id, try Self.role(role, in: db).id])
            }
            return user
        }
    }

    /// All users in order of their names.
    package func users() throws(JadeError) -> [User] {
        try read("list the users") { try Row.fetchAll($0, sql: "SELECT * FROM users ORDER BY name").map(Self.user) }
    }

    /// ``ErrorCode/notFound`` when no user has this name or id.
    package func user(_ nameOrID: String) throws(JadeError) -> User {
        try read("find a user") { try Self.user(nameOrID, in: $0) }
    }

    package func updateUser(_ nameOrID: String, _ update: UserUpdate, by actor: Actor) throws(JadeError) -> User {
        if let name = update.name { try AccountName.check(name, "user") }
        return try change("user:update", resource(user: nameOrID), by: actor) { db in
            var user = try Self.user(nameOrID, in: db)
            if let name = update.name, name != user.name {
                if name.lowercased() != user.name.lowercased() { try Self.requireFree(name, "users", "user", in: db) }
                user.name = name
            }
            user.isActive = update.isActive ?? user.isActive
            user.mustChangePassword = update.mustChangePassword ?? user.mustChangePassword
            try db.execute(
                sql: "UPDATE users SET name = ?, is_active = ?, must_change_password = ? WHERE id = ?",
                arguments: [user.name, user.isActive, user.mustChangePassword, user.id])
            if !user.isActive { try Self.endSessions(of: user.id, at: now, in: db) }
            try Self.requireAdministrator(in: db)
            return user
        }
    }

    /// Takes the user's keys, sessions and grants with it; databases the user owned stay, without an owner.
    ///
    /// - Parameter erasing: whether the audit log forgets name and addresses, too.
    package func deleteUser(_ nameOrID: String, erasing: Bool = false, by actor: Actor) throws(JadeError) {
        try change("user:delete", resource(user: nameOrID), by: actor) { db in
            let user = try Self.user(nameOrID, in: db)
            try db.execute(sql: "DELETE FROM users WHERE id = ?", arguments: [user.id])
            try db.execute(sql: "DELETE FROM login_failures WHERE name = ?", arguments: [user.name])
            try Self.requireAdministrator(in: db)
            if erasing { try erase(user, by: actor, in: db) }
        }
        // What SQLite's log still holds of it goes as well.
        if erasing { try catalog.checkpoint() }
    }

    private func erase(_ user: User, by actor: Actor, in db: Database) throws {
        let count = try audit.erase(user, in: db)
        try audit.append(
            AuditEvent(
                actorID: actor.id, actor: actor.name, action: "user:erase", resource: "user/\(user.id)", outcome: .allowed,
                requestID: actor.requestID, address: actor.address, detail: AuditDetail.object(["entries": [String(count)]])),
            in: db)
    }

    /// By id, as the audit log calls users: that says nothing of them once they are gone.
    private func resource(user nameOrID: String) -> String { "user/\((try? user(nameOrID).id) ?? nameOrID)" }

    /// Stores a new password, and ends every session: whoever had the old one is out.
    package func setPassword(
        _ nameOrID: String, hash: String, mustChange: Bool = false, by actor: Actor
    ) throws(JadeError) {
        try change("user:password", resource(user: nameOrID), by: actor) { db in
            let user = try Self.user(nameOrID, in: db)
            try db.execute(
                sql: "UPDATE users SET password_hash = ?, must_change_password = ?, password_changed_at = ? WHERE id = ?",
                arguments: [hash, mustChange, now, user.id])
            try Self.endSessions(of: user.id, at: now, in: db)
            try db.execute(sql: "DELETE FROM login_failures WHERE name = ?", arguments: [user.name])
        }
    }

    /// The active users that the server made for development, with passwords that everybody knows.
    package func developmentUsers() throws(JadeError) -> [User] {
        try users().filter { $0.origin == .development && $0.isActive }
    }

    // MARK: rows

    static func user(_ nameOrID: String, in db: Database) throws -> User {
        let sql = "SELECT * FROM users WHERE id = :key OR name = :key ORDER BY id = :key DESC"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: ["key": nameOrID]) else {
            throw JadeError.notFound("user \(nameOrID.debugDescription) does not exist")
        }
        return try user(row)
    }

    static func user(_ row: Row) throws -> User {
        let origin = try row.text("origin")
        guard let origin = User.Origin(origin) else { throw JadeError.corrupted("users: unknown origin \(origin.debugDescription)") }
        return User(
            id: try row.text("id"), name: try row.text("name"), isActive: try row.flag("is_active"),
            mustChangePassword: try row.flag("must_change_password"), origin: origin, createdAt: try row.time("created_at"),
            passwordChangedAt: try row.optionalTime("password_changed_at"), lastLoginAt: try row.optionalTime("last_login_at"))
    }

    static func requireFree(_ name: String, _ table: String, _ kind: String, in db: Database) throws {
        guard try Row.fetchOne(db, sql: "SELECT 1 FROM \(table) WHERE name = :name OR id = :name", arguments: ["name": name]) == nil else {
            throw JadeError.conflict("\(kind) \(name.debugDescription) exists already")
        }
    }

    static func requireRoom(_ table: String, _ limit: Int, in db: Database) throws {
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        guard count < limit else { throw JadeError.tooLarge("there are \(count) \(table), the limit is \(limit)") }
    }

    /// Nobody may lock the last door from the inside.
    static func requireAdministrator(in db: Database) throws {
        let sql = """
            SELECT 1 FROM users WHERE is_active AND (
                id IN (SELECT user_id FROM user_roles WHERE role_id = :admin)
                OR id IN (SELECT user_id FROM group_members JOIN group_roles USING (group_id) WHERE role_id = :admin))
            """
        guard try Row.fetchOne(db, sql: sql, arguments: ["admin": PredefinedRole.admin.rawValue]) != nil else {
            throw JadeError.conflict("this would leave no active user with the role \"admin\": give it to another user first")
        }
    }
}
