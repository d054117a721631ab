package import JadeAPI
package import JadeCore

import GRDB
import JadeMetadata

extension AuthenticationService {
    /// Name and password to a session with its tokens. Takes as long as the hash: never on a thread that others wait for.
    ///
    /// Whether the name exists cannot be told from the answer, nor from the time it takes: names that do not exist are
    /// locked after failures like those that do.
    package func login(name: String, password: String, from origin: RequestOrigin) throws(JadeError) -> TokenPair {
        try requireUnlocked(name)
        let stored = try storedHash(of: name)
        let matches = try hasher.verify(password, against: stored.hash ?? decoy)
        guard let user = stored.user, stored.hash != nil, matches, user.isActive else {
            try recordFailure(name, from: origin)
            throw .unauthenticated("name or password is wrong")
        }
        let renewed = try stored.hash.flatMap { hash throws(JadeError) in hasher.isOutdated(hash) ? try hasher.hash(password) : nil }
        return try openSession(user, from: origin, renewedHash: renewed)
    }

    /// A new pair of tokens for a refresh token, which ends with that.
    ///
    /// One that is used a second time was stolen, or its successor was: the session ends for both.
    package func refresh(_ token: String, from origin: RequestOrigin) throws(JadeError) -> TokenPair {
        guard let secret = Secret(token), secret.kind == .refreshToken else { throw Self.refused }
        let now = accounts.now
        let pair = try accounts.catalog.write("refresh a session") { db -> TokenPair? in
            let sql = """
                SELECT session_id, used_at, last_used_at, sessions.expires_at AS session_expires_at, revoked_at, users.*
                FROM auth_tokens JOIN sessions ON sessions.id = session_id JOIN users ON users.id = user_id
                WHERE hash = ? AND kind = 'refresh'
                """
            guard let row = try Row.fetchOne(db, sql: sql, arguments: [Blob(secret.hash.bytes)]) else { return nil }
            let session = try row.text("session_id")
            let user = try AccountStore.user(row)
            guard try row.optionalTime("used_at") == nil else {
                try AccountStore.endSession(session, at: now, in: db)
                try accounts.audit.append(event("session:reuse", user, origin, .refused, session: session), in: db)
                return nil
            }
            let end = try row.time("session_expires_at")
            guard try row.optionalTime("revoked_at") == nil, user.isActive, now < end,
                try now < row.time("last_used_at") + settings.idleTimeout
            else { return nil }
            try db.execute(sql: "UPDATE auth_tokens SET used_at = ? WHERE hash = ?", arguments: [now, Blob(secret.hash.bytes)])
            try db.execute(sql: "DELETE FROM auth_tokens WHERE session_id = ? AND kind = 'access'", arguments: [session])
            try db.execute(sql: "UPDATE sessions SET last_used_at = ? WHERE id = ?", arguments: [now, session])
            return try issueTokens(user, session: session, sessionEnd: end, at: now, in: db)
        }
        accounts.invalidate()
        guard let pair else { throw Self.refused }
        return pair
    }

    /// Ends the session of a caller.
    package func logout(_ caller: Caller, by actor: Actor) throws(JadeError) {
        guard case .session(let id) = caller.credential else {
            throw .invalidArgument("who comes with \(caller.credential.kind) has no session to end")
        }
        try accounts.endSession(id, ofUser: caller.userID, by: actor)
    }

    /// A user's own new password, given the old one.
    package func changePassword(of caller: Caller, from old: String, to new: String, by actor: Actor) throws(JadeError) {
        try requireUnlocked(caller.userName)
        let stored = try storedHash(of: caller.userName)
        guard let hash = stored.hash, try hasher.verify(old, against: hash) else {
            try recordFailure(caller.userName, from: RequestOrigin(address: actor.address, requestID: actor.requestID))
            throw .unauthenticated("the old password is wrong")
        }
        guard old != new else { throw .invalidArgument("the new password is the old one") }
        try rules.check(new, of: caller.userName)
        try accounts.setPassword(caller.userID, hash: try hasher.hash(new), by: actor)
    }

    // MARK: steps

    private func storedHash(of name: String) throws(JadeError) -> (user: User?, hash: String?) {
        try accounts.read("find a user") { db in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM users WHERE name = ?", arguments: [name]) else { return (nil, nil) }
            return (try AccountStore.user(row), try row.decode(String?.self, forColumn: "password_hash"))
        }
    }

    private func requireUnlocked(_ name: String) throws(JadeError) {
        let until = try accounts.read("look for failed logins") { db in
            try Int64.fetchOne(db, sql: "SELECT locked_until FROM login_failures WHERE name = ?", arguments: [name])
        }
        let left = (until ?? 0) - accounts.now
        guard left > 0 else { return }
        let seconds = Int((left + 999) / 1_000)
        throw .overloaded("too many failed logins for this name: try again in \(seconds) s", retryAfterSeconds: seconds)
    }

    private func recordFailure(_ name: String, from origin: RequestOrigin) throws(JadeError) {
        let now = accounts.now
        let name = String(name.prefix(Limits.maximumAccountNameBytes))
        try accounts.catalog.write("record a failed login") { db in
            let before = try Int.fetchOne(db, sql: "SELECT failures FROM login_failures WHERE name = ?", arguments: [name]) ?? 0
            if before == 0 { try makeRoomForFailure(in: db) }
            try db.execute(
                sql: "INSERT OR REPLACE INTO login_failures VALUES (?, ?, ?, ?)",
                arguments: [name, before + 1, now, now + settings.lock(after: before + 1)])
            try accounts.audit.append(
                AuditEvent(actor: name, action: "login", outcome: .refused, requestID: origin.requestID, address: origin.address),
                in: db)
        }
    }

    private func makeRoomForFailure(in db: Database) throws {
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM login_failures") ?? 0
        guard count >= Limits.maximumRememberedFailures else { return }
        let oldest = "SELECT name FROM login_failures ORDER BY last_at LIMIT \(Limits.maximumRememberedFailures / 10)"
        try db.execute(sql: "DELETE FROM login_failures WHERE name IN (\(oldest))")
    }

    private func openSession(_ user: User, from origin: RequestOrigin, renewedHash: String?) throws(JadeError) -> TokenPair {
        let now = accounts.now
        let session = accounts.newID()
        let end = now + settings.absoluteTimeout
        return try accounts.catalog.write("open a session") { db in
            try db.execute(
                sql: "UPDATE users SET last_login_at = ?, password_hash = coalesce(?, password_hash) WHERE id = ?",
                arguments: [now, renewedHash, user.id])
            try db.execute(sql: "DELETE FROM login_failures WHERE name = ?", arguments: [user.name])
            try makeRoomForSession(of: user.id, at: now, in: db)
            try db.execute(
                sql: "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, NULL, ?, ?)",
                arguments: [session, user.id, now, now, end, origin.address, origin.agent])
            try accounts.audit.append(event("login", user, origin, .allowed, session: session), in: db)
            return try issueTokens(user, session: session, sessionEnd: end, at: now, in: db)
        }
    }

    /// Sessions that are over go; beyond the limit, so does the one unused for longest.
    private func makeRoomForSession(of user: String, at now: Int64, in db: Database) throws {
        try db.execute(
            sql: "DELETE FROM sessions WHERE user_id = ? AND (revoked_at IS NOT NULL OR expires_at <= ? OR last_used_at <= ?)",
            arguments: [user, now, now - settings.idleTimeout])
        let kept = "SELECT id FROM sessions WHERE user_id = :user ORDER BY last_used_at DESC LIMIT \(Limits.maximumSessionsPerUser - 1)"
        try db.execute(sql: "DELETE FROM sessions WHERE user_id = :user AND id NOT IN (\(kept))", arguments: ["user": user])
    }

    private func issueTokens(_ user: User, session: String, sessionEnd: Int64, at now: Int64, in db: Database) throws -> TokenPair {
        let access = Secret(.accessToken, from: accounts.random)
        let refresh = Secret(.refreshToken, from: accounts.random)
        let accessEnd = min(now + settings.accessTokenLife, sessionEnd)
        for (secret, kind, end) in [(access, "access", accessEnd), (refresh, "refresh", sessionEnd)] {
            try db.execute(
                sql: "INSERT INTO auth_tokens VALUES (?, ?, ?, ?, ?, NULL)",
                arguments: [Blob(secret.hash.bytes), session, kind, now, end])
        }
        return TokenPair(
            accessToken: access.text, accessExpiresAt: accessEnd, refreshToken: refresh.text, refreshExpiresAt: sessionEnd,
            sessionID: session, userID: user.id, mustChangePassword: user.mustChangePassword)
    }

    private func event(
        _ action: String, _ user: User, _ origin: RequestOrigin, _ outcome: AuditEvent.Outcome, session: String
    ) -> AuditEvent {
        AuditEvent(
            actorID: user.id, actor: user.name, action: action, resource: "session/\(session)", outcome: outcome,
            requestID: origin.requestID, address: origin.address)
    }
}
