package import JadeCore

import GRDB
import JadeMetadata
import Synchronization

/// Who is asking: passwords, tokens and keys to ``Caller``s.
///
/// ``caller(_:)`` is the hot path: a hash, a lookup in a table of callers, a comparison of times; the catalog is read only
/// when a credential is new or something changed since.
package final class AuthenticationService: Sendable {
    package let accounts: AccountStore
    package let hasher: PasswordHasher
    package let settings: AuthenticationSettings
    package let rules: PasswordRules
    /// Checked in place of the hash of a user that does not exist, so that both take as long.
    let decoy: String
    /// As they were when the last caller was read.
    let quotas = QuotaTable()
    private let cache = Mutex<[SecretHash: CachedCaller]>([:])

    struct CachedCaller: Sendable {
        let caller: Caller
        let generation: UInt64
        /// Milliseconds since 1970.
        let expiresAt: Int64
        /// When the time of last use was written; it is loaded anew when that is due.
        let noted: Int64
    }

    package init(
        _ accounts: AccountStore, hasher: PasswordHasher, settings: AuthenticationSettings = .init(), rules: PasswordRules = .init()
    ) throws(JadeError) {
        self.accounts = accounts
        self.hasher = hasher
        self.settings = settings
        self.rules = rules
        decoy = try hasher.hash("a password that nobody has")
    }

    /// Who holds this access token or API key now, from the table alone; nil when the catalog must be asked.
    ///
    /// A hash of the secret, a lookup and two comparisons: what every request pays.
    package func readyCaller(_ secret: Secret) throws(JadeError) -> Caller? {
        try ready(secret.hash, at: accounts.now, generation: accounts.generation)
    }

    func ready(_ hash: SecretHash, at now: Int64, generation: UInt64) throws(JadeError) -> Caller? {
        let cached = cache.withLock { $0[hash] }
        guard let cached, cached.generation == generation else { return nil }
        guard now < cached.expiresAt else { throw Self.refused }
        return now - cached.noted >= settings.lastUseGranularity ? nil : cached.caller
    }

    /// Who holds this access token or API key now. Reads the catalog where ``readyCaller(_:)`` gives nil, and so may block.
    ///
    /// ``ErrorCode/unauthenticated`` in the same words for everything that is wrong with it.
    package func caller(_ credential: String) throws(JadeError) -> Caller {
        guard let secret = Secret(credential), secret.kind != .refreshToken else { throw Self.refused }
        return try caller(secret.hash) { (db, now, generation) in
            switch secret.kind {
            case .accessToken: try self.loadToken(secret.hash, at: now, generation: generation, in: db)
            case .apiKey: try self.loadKey(secret.hash, at: now, generation: generation, in: db)
            case .refreshToken: nil
            }
        }
    }

    /// The user whose name stands in a certificate that TLS has verified.
    package func caller(certificate name: String) throws(JadeError) -> Caller {
        // A prefix that no secret has keeps names and secrets apart.
        try caller(SecretHash(of: "certificate " + name)) { (db, now, generation) in
            guard let row = try Row.fetchOne(db, sql: "SELECT * FROM users WHERE name = ? AND is_active", arguments: [name]) else { return nil }
            let user = try AccountStore.user(row)
            let caller = Caller(
                userID: user.id, userName: user.name, credential: .certificate(name: name),
                access: try AccountStore.access(ofUser: user.id, in: db), tenant: nil, mustChangePassword: false)
            return CachedCaller(caller: caller, generation: generation, expiresAt: .max, noted: now)
        }
    }

    package func readyCaller(certificate name: String) throws(JadeError) -> Caller? {
        try ready(SecretHash(of: "certificate " + name), at: accounts.now, generation: accounts.generation)
    }

    func caller(
        _ hash: SecretHash, _ load: (Database, Int64, UInt64) throws -> CachedCaller?
    ) throws(JadeError) -> Caller {
        let now = accounts.now
        // Before the catalog is read: a change in between makes the entry stale rather than wrong.
        let generation = accounts.generation
        if let caller = try ready(hash, at: now, generation: generation) { return caller }
        let loaded = try accounts.read("check a credential") { db in
            if !quotas.isOf(generation) { quotas.replace(try AccountStore.quotas(in: db), at: generation) }
            return try load(db, now, generation)
        }
        guard let loaded, now < loaded.expiresAt else { throw Self.refused }
        cache.withLock { cache in
            if cache.count >= Limits.maximumCachedCallers { cache.removeAll(keepingCapacity: true) }
            cache[hash] = loaded
        }
        try noteUse(of: loaded.caller, at: now)
        return loaded.caller
    }

    static let refused = JadeError.unauthenticated("the credential is not valid, or no longer: log in again or use another key")

    private func loadToken(_ hash: SecretHash, at now: Int64, generation: UInt64, in db: Database) throws -> CachedCaller? {
        let sql = """
            SELECT session_id, auth_tokens.expires_at AS token_expires_at, sessions.expires_at AS session_expires_at,
                   sessions.last_used_at, users.*
            FROM auth_tokens JOIN sessions ON sessions.id = session_id JOIN users ON users.id = user_id
            WHERE hash = ? AND kind = 'access' AND revoked_at IS NULL AND is_active
            """
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [Blob(hash.bytes)]) else { return nil }
        let idleEnd = try row.time("last_used_at") + settings.idleTimeout
        guard now < idleEnd else { return nil }
        let user = try AccountStore.user(row)
        let caller = Caller(
            userID: user.id, userName: user.name, credential: .session(id: try row.text("session_id")),
            // Until the password is changed there is nothing else.
            access: user.mustChangePassword ? Access() : try AccountStore.access(ofUser: user.id, in: db), tenant: nil,
            mustChangePassword: user.mustChangePassword)
        // A token lives for minutes and is used while it does, so the idle timeout is looked at when it is loaded.
        let end = min(try row.time("token_expires_at"), try row.time("session_expires_at"))
        return CachedCaller(caller: caller, generation: generation, expiresAt: end, noted: now)
    }

    private func loadKey(_ hash: SecretHash, at now: Int64, generation: UInt64, in db: Database) throws -> CachedCaller? {
        let sql = "\(APIKey.select) WHERE hash = ? AND revoked_at IS NULL AND is_active"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: [Blob(hash.bytes)]) else { return nil }
        let key = try APIKey(row)
        let user = try AccountStore.user(key.userID, in: db)
        let access = try AccountStore.access(ofUser: user.id, in: db).limited(to: key.scopes, databases: key.databases)
        // A key is not held up by its owner's password: whoever resets that revokes keys by themselves.
        let caller = Caller(
            userID: user.id, userName: user.name, credential: .apiKey(id: key.id, name: key.name), access: access, tenant: key.tenant,
            mustChangePassword: false)
        return CachedCaller(caller: caller, generation: generation, expiresAt: key.expiresAt ?? .max, noted: now)
    }

    /// Not worth a sync, nor a new generation.
    private func noteUse(of caller: Caller, at now: Int64) throws(JadeError) {
        switch caller.credential {
        case .session, .apiKey: break
        case .certificate, .token: return
        }
        try accounts.catalog.write("note the use of a credential", isDurable: false) { db in
            switch caller.credential {
            case .session(let id): try db.execute(sql: "UPDATE sessions SET last_used_at = ? WHERE id = ?", arguments: [now, id])
            case .apiKey(let id, _): try db.execute(sql: "UPDATE api_keys SET last_used_at = ? WHERE id = ?", arguments: [now, id])
            case .certificate, .token: break
            }
        }
    }
}
