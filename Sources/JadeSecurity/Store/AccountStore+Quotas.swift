package import JadeCore

import GRDB

extension AccountStore {
    /// Gives one key, user or database a quota of its own; nil or an empty one leaves it to the server's settings.
    package func setQuota(_ quota: Quota?, of subject: UsageSubject, by actor: Actor) throws(JadeError) {
        let quota = quota ?? Quota()
        try quota.validate()
        try change("quota:set", "\(subject.kind.rawValue)/\(subject.id)", by: actor, detail: Self.detail(quota)) { db in
            try db.execute(sql: "DELETE FROM quotas WHERE \(subject.kind.rawValue)_id = ?", arguments: [subject.id])
            guard !quota.isEmpty else { return }
            try db.execute(
                sql: """
                    INSERT INTO quotas (\(subject.kind.rawValue)_id, requests_per_sec, vectors_per_sec, bytes_per_sec, concurrent_searches)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [subject.id, quota.requestsPerSecond, quota.vectorsPerSecond, quota.bytesPerSecond, quota.concurrentSearches])
        }
    }

    /// By a name or an id: ``ErrorCode/notFound`` where nobody has it. Keys have no names that are theirs alone.
    package func usageSubject(_ kind: UsageSubject.Kind, _ nameOrID: String) throws(JadeError) -> UsageSubject {
        try read("find \(kind.rawValue) \(nameOrID.debugDescription)") { db -> UsageSubject in
            switch kind {
            case .key: return UsageSubject(.key, id: try Self.key(nameOrID, ofUser: nil, in: db).id)
            case .user: return UsageSubject(.user, id: try Self.user(nameOrID, in: db).id)
            case .database:
                let sql = "SELECT id FROM databases WHERE :key IN (id, name)"
                guard let id = try String.fetchOne(db, sql: sql, arguments: ["key": nameOrID]) else {
                    throw JadeError.notFound("database \(nameOrID.debugDescription) does not exist")
                }
                return UsageSubject(.database, id: id)
            }
        }
    }

    /// What people call them; those that are gone are left out.
    package func usageNames() throws(JadeError) -> [UsageSubject: String] {
        try read("name keys, users and databases") { db in
            let sql = """
                SELECT 'user' AS kind, id, name FROM users UNION ALL SELECT 'database', id, name FROM databases
                UNION ALL SELECT 'key', api_keys.id, users.name || '/' || api_keys.name FROM api_keys JOIN users ON users.id = user_id
                """
            var names: [UsageSubject: String] = [:]
            for row in try Row.fetchAll(db, sql: sql) {
                guard let kind = UsageSubject.Kind(rawValue: try row.text("kind")) else { continue }
                names[UsageSubject(kind, id: try row.text("id"))] = try row.text("name")
            }
            return names
        }
    }

    static func quotas(in db: Database) throws -> [UsageSubject: Quota] {
        var quotas: [UsageSubject: Quota] = [:]
        for row in try Row.fetchAll(db, sql: "SELECT * FROM quotas") {
            for kind in UsageSubject.Kind.allCases {
                guard let id = try row.decode(String?.self, forColumn: "\(kind.rawValue)_id") else { continue }
                quotas[UsageSubject(kind, id: id)] = Quota(
                    requestsPerSecond: try row.decode(Int?.self, forColumn: "requests_per_sec"),
                    vectorsPerSecond: try row.decode(Int?.self, forColumn: "vectors_per_sec"),
                    bytesPerSecond: try row.decode(Int?.self, forColumn: "bytes_per_sec"),
                    concurrentSearches: try row.decode(Int?.self, forColumn: "concurrent_searches"))
            }
        }
        return quotas
    }

    /// A key that takes another's place has its quota.
    static func copyQuota(fromKey old: String, to new: String, in db: Database) throws {
        try db.execute(
            sql: """
                INSERT INTO quotas (key_id, requests_per_sec, vectors_per_sec, bytes_per_sec, concurrent_searches)
                SELECT ?, requests_per_sec, vectors_per_sec, bytes_per_sec, concurrent_searches FROM quotas WHERE key_id = ?
                """,
            arguments: [new, old])
    }

    private static func detail(_ quota: Quota) -> String {
        func text(_ value: Int?) -> [String] { [value.map { String($0) } ?? ""] }
        return AuditDetail.object([
            "requests_per_sec": text(quota.requestsPerSecond), "vectors_per_sec": text(quota.vectorsPerSecond),
            "bytes_per_sec": text(quota.bytesPerSecond), "concurrent_searches": text(quota.concurrentSearches),
        ])
    }
}
