package import JadeCore

import GRDB
import JadeMetadata

extension AccountStore {
    /// The sessions that are not over, the latest used first.
    ///
    /// - Parameter user: name or id; nil for everybody's.
    package func sessions(of user: String?) throws(JadeError) -> [Session] {
        try read("list sessions") { db in
            let id = try user.map { try Self.user($0, in: db).id }
            let sql = """
                SELECT sessions.*, users.name AS user_name FROM sessions JOIN users ON users.id = user_id
                WHERE (:user IS NULL OR user_id = :user) AND revoked_at IS NULL AND expires_at > :now
                ORDER BY last_used_at DESC, sessions.id
                """
            return try Row.fetchAll(db, sql: sql, arguments: ["user": id, "now": now]).map { row in
                Session(
                    id: try row.text("id"), userID: try row.text("user_id"), userName: try row.text("user_name"),
                    createdAt: try row.time("created_at"), lastUsedAt: try row.time("last_used_at"),
                    expiresAt: try row.time("expires_at"), address: try row.text("address"), agent: try row.text("agent"))
            }
        }
    }

    /// Ends a session at once. ``ErrorCode/notFound`` when it does not exist, is over, or belongs to another user.
    ///
    /// - Parameter user: the id of the user whose it must be; nil for anybody's.
    package func endSession(_ id: String, ofUser user: String? = nil, by actor: Actor) throws(JadeError) {
        try change("session:end", "session/\(id)", by: actor) { db in
            let sql = "SELECT 1 FROM sessions WHERE id = :id AND revoked_at IS NULL AND (:user IS NULL OR user_id = :user)"
            guard try Row.fetchOne(db, sql: sql, arguments: ["id": id, "user": user]) != nil else {
                throw JadeError.notFound("session \(id.debugDescription) does not exist or is over")
            }
            try Self.endSession(id, at: now, in: db)
        }
    }

    static func endSession(_ id: String, at now: Int64, in db: Database) throws {
        try db.execute(sql: "UPDATE sessions SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL", arguments: [now, id])
    }

    static func endSessions(of user: String, at now: Int64, in db: Database) throws {
        try db.execute(sql: "UPDATE sessions SET revoked_at = ? WHERE user_id = ? AND revoked_at IS NULL", arguments: [now, user])
    }

    /// Removes what is over: tokens past their time, sessions with their tokens.
    package func removeExpiredCredentials(idleTimeout: Int64) throws(JadeError) {
        try catalog.write("remove expired credentials", isDurable: false) { db in
            try db.execute(
                sql: "DELETE FROM sessions WHERE revoked_at IS NOT NULL OR expires_at <= ? OR last_used_at <= ?",
                arguments: [now, now - idleTimeout])
            try db.execute(sql: "DELETE FROM auth_tokens WHERE kind = 'access' AND expires_at <= ?", arguments: [now])
        }
    }
}
