package import JadeCore

import Foundation
import GRDB

extension AccountStore {
    /// A key and its secret, which is not kept.
    package func createKey(_ request: APIKeyRequest, for user: String, by actor: Actor) throws(JadeError) -> (key: APIKey, secret: Secret) {
        try AccountName.check(request.name, "API key")
        if let end = request.expiresAt, end <= now { throw .invalidArgument("the key would expire at \(end), before now, \(now)") }
        if request.tenant != nil, request.databases?.isEmpty != false {
            throw .invalidArgument("a key that is bound to a tenant must name the databases it is for")
        }
        if let field = request.tenant?.field, field.isEmpty || field.contains(".") {
            throw .invalidArgument("tenant field \(field.debugDescription) is not one top-level key")
        }
        let secret = Secret(.apiKey, from: random)
        let id = newID()
        let key = try change("key:create", "key/\(id)", by: actor) { db in
            let user = try Self.user(user, in: db)
            try Self.requireRoomForKey(of: user, in: db)
            let key = APIKey(id: id, userID: user.id, userName: user.name, request: request, createdAt: now)
            try Self.insert(key, secret.hash, in: db)
            return key
        }
        return (key, secret)
    }

    /// All keys of a user, or everybody's, revoked ones included.
    package func keys(of user: String?) throws(JadeError) -> [APIKey] {
        try read("list the API keys") { db in
            let id = try user.map { try Self.user($0, in: db).id }
            let sql = "\(APIKey.select) WHERE :user IS NULL OR user_id = :user ORDER BY api_keys.created_at, api_keys.id"
            return try Row.fetchAll(db, sql: sql, arguments: ["user": id]).map(APIKey.init)
        }
    }

    /// - Parameter user: the id of the user whose it must be; nil for anybody's.
    package func revokeKey(_ id: String, ofUser user: String? = nil, by actor: Actor) throws(JadeError) {
        try change("key:revoke", "key/\(id)", by: actor) { db in
            let key = try Self.key(id, ofUser: user, in: db)
            try db.execute(sql: "UPDATE api_keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", arguments: [now, key.id])
        }
    }

    /// A new key like this one; the old one goes on for a while, so that its users can change over.
    ///
    /// - Parameter grace: milliseconds until the old one ends.
    package func rotateKey(
        _ id: String, ofUser user: String? = nil, grace: Int64, by actor: Actor
    ) throws(JadeError) -> (key: APIKey, secret: Secret) {
        let secret = Secret(.apiKey, from: random)
        let newID = newID()
        let key = try change("key:rotate", "key/\(id)", by: actor) { db in
            let old = try Self.key(id, ofUser: user, in: db)
            guard old.revokedAt == nil, old.expiresAt ?? .max > now else {
                throw JadeError.conflict("API key \(id) is revoked or expired: create a new one")
            }
            let key = APIKey(
                id: newID, userID: old.userID, userName: old.userName, request: old.request, createdAt: now)
            try Self.insert(key, secret.hash, in: db)
            try Self.copyQuota(fromKey: old.id, to: key.id, in: db)
            try db.execute(
                sql: "UPDATE api_keys SET expires_at = min(coalesce(expires_at, :end), :end) WHERE id = :id",
                arguments: ["end": now + max(0, grace), "id": old.id])
            return key
        }
        return (key, secret)
    }

    static func key(_ id: String, ofUser user: String?, in db: Database) throws -> APIKey {
        let sql = "\(APIKey.select) WHERE api_keys.id = :id AND (:user IS NULL OR user_id = :user)"
        guard let row = try Row.fetchOne(db, sql: sql, arguments: ["id": id, "user": user]) else {
            throw JadeError.notFound("API key \(id.debugDescription) does not exist")
        }
        return try APIKey(row)
    }

    private static func requireRoomForKey(of user: User, in db: Database) throws {
        let sql = "SELECT count(*) FROM api_keys WHERE user_id = ? AND revoked_at IS NULL"
        let count = try Int.fetchOne(db, sql: sql, arguments: [user.id]) ?? 0
        guard count < Limits.maximumKeysPerUser else {
            throw JadeError.tooLarge("user \(user.name.debugDescription) has \(count) API keys, the limit is \(Limits.maximumKeysPerUser)")
        }
    }

    private static func insert(_ key: APIKey, _ hash: SecretHash, in db: Database) throws {
        try db.execute(
            sql: "INSERT INTO api_keys VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
            arguments: [
                key.id, key.userID, key.name, Blob(hash.bytes), try key.scopes.map { try APIKey.list($0.names) },
                try key.databases.map { try APIKey.list($0.sorted()) }, key.tenant?.field, key.tenant?.value, key.createdAt,
                key.expiresAt,
            ])
    }
}

extension APIKey {
    /// What a key like this one would be asked for with.
    var request: APIKeyRequest {
        APIKeyRequest(name: name, scopes: scopes, databases: databases, tenant: tenant, expiresAt: expiresAt)
    }

    /// Keys with the names of their users.
    static let select = "SELECT api_keys.*, users.name AS user_name FROM api_keys JOIN users ON users.id = user_id"

    init(_ row: Row) throws {
        let field = try row.decode(String?.self, forColumn: "tenant_field")
        let request = APIKeyRequest(
            name: try row.text("name"), scopes: try Self.words(row, "scopes").map { PermissionSet($0.compactMap(Permission.init(name:))) },
            databases: try Self.words(row, "databases").map(Set.init),
            tenant: try field.map { TenantBinding(field: $0, value: try row.text("tenant_value")) },
            expiresAt: try row.optionalTime("expires_at"))
        self.init(
            id: try row.text("id"), userID: try row.text("user_id"), userName: try row.text("user_name"), request: request, createdAt: try row.time("created_at"),
            lastUsedAt: try row.optionalTime("last_used_at"), revokedAt: try row.optionalTime("revoked_at"))
    }

    static func list(_ words: [String]) throws -> String { String(decoding: try JSONEncoder().encode(words), as: UTF8.self) }

    private static func words(_ row: Row, _ column: String) throws -> [String]? {
        try row.decode(String?.self, forColumn: column).map { text in
            guard let words = try? JSONDecoder().decode([String].self, from: Data(text.utf8)) else {
                throw JadeError.corrupted("api_keys: \(column) is \(text.debugDescription), not a list of words")
            }
            return words
        }
    }
}
