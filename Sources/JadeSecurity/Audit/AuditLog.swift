import Foundation
import GRDB
package import JadeCore
package import JadeIO
package import JadeMetadata

/// The table `audit_log`: what was done, in a chain of hashes in which no entry can be changed, taken out or put in
/// without all later hashes being wrong.
///
/// An entry is in SQLite's log when ``record(_:)`` returns and so survives kill -9. Whoever can write the whole file can
/// also make a new chain: ``head()`` is there to be kept elsewhere.
package struct AuditLog: Sendable {
    let catalog: SQLitePersistenceLayer
    let clock: any Clock
    let random: any RandomSource

    package init(_ catalog: SQLitePersistenceLayer, clock: any Clock, random: any RandomSource) {
        self.catalog = catalog
        self.clock = clock
        self.random = random
    }

    package func record(_ event: AuditEvent) throws(JadeError) {
        try catalog.write("record \(event.action) in the audit log", isDurable: false) { try append(event, in: $0) }
    }

    /// The same within a transaction, so that a change and its entry are there together or not at all.
    func append(_ event: AuditEvent, in db: Database) throws {
        let last = try head(in: db)
        let sequence = last.sequence + 1
        let at = clock.wallMilliseconds
        let salt = random.bytes(Self.saltBytes)
        let who = AuditEntry.who(event, salt: salt)
        try db.execute(
            sql: "INSERT INTO audit_log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            arguments: [
                sequence, at, event.actorID, event.actor, event.action, event.resource, event.outcome.rawValue, event.requestID,
                event.address, event.detail, Blob(AuditEntry.chain(after: last.hash, sequence: sequence, at: at, event, who: who)),
                Blob(salt), Blob(who),
            ])
    }

    private static let saltBytes = 16

    /// The last entry's number and hash; 0 and zeros when there is none.
    package func head() throws(JadeError) -> (sequence: Int64, hash: [UInt8]) {
        try catalog.read("read the audit log") { try head(in: $0) }
    }

    private func head(in db: Database) throws -> (sequence: Int64, hash: [UInt8]) {
        let sql = "SELECT sequence, hash FROM audit_log ORDER BY sequence DESC LIMIT 1"
        guard let row = try Row.fetchOne(db, sql: sql) else { return try anchor(in: db) }
        return (try row.decode(Int64.self, forColumn: "sequence"), try row.blob("hash"))
    }

    /// Number and hash of the last entry that retention removed.
    private func anchor(in db: Database) throws -> (sequence: Int64, hash: [UInt8]) {
        guard let row = try Row.fetchOne(db, sql: "SELECT sequence, hash FROM audit_anchor") else { return (0, AuditEntry.origin) }
        return (try row.decode(Int64.self, forColumn: "sequence"), try row.blob("hash"))
    }

    // MARK: reading

    package func entries(_ query: AuditQuery) throws(JadeError) -> [AuditEntry] {
        guard (1...Limits.maximumAuditPage).contains(query.limit) else {
            throw .invalidArgument("limit \(query.limit) is outside 1 to \(Limits.maximumAuditPage)")
        }
        return try catalog.read("read the audit log") { db in
            try Row.fetchAll(db, sql: Self.select(oldestFirst: query.isOldestFirst), arguments: query.arguments).map(Self.entry)
        }
    }

    /// All entries of a user and about a user, the oldest first, and how many there are beyond ``Limits/maximumExportedEntries``.
    func entries(of user: User) throws(JadeError) -> (entries: [AuditEntry], omitted: Int) {
        try catalog.read("read the audit log") { db in
            let arguments: StatementArguments = ["id": user.id, "name": user.name, "resource": "user/\(user.id)"]
            let found = "FROM audit_log WHERE \(Self.isOfUser) OR resource = :resource"
            let count = try Int.fetchOne(db, sql: "SELECT count(*) \(found)", arguments: arguments) ?? 0
            let first = "SELECT * \(found) ORDER BY sequence LIMIT \(Limits.maximumExportedEntries)"
            let rows = try Row.fetchAll(db, sql: first, arguments: arguments)
            return (try rows.map(Self.entry), count - rows.count)
        }
    }

    /// A login that was refused has only the name that was typed.
    private static let isOfUser = "(actor_id = :id OR actor_id = '' AND actor = :name COLLATE NOCASE AND action = 'login')"

    /// Takes names and addresses out of a user's entries. The chain holds: it is made over their salted hash, whose salt goes too.
    /// Entries from before that was so stay as they are.
    ///
    /// - Returns: in how many.
    func erase(_ user: User, in db: Database) throws -> Int {
        // Else SQLite would leave the old texts in pages that are free.
        try db.execute(sql: "PRAGMA secure_delete = ON")
        try db.execute(
            sql: "UPDATE audit_log SET actor = '', address = '', salt = NULL WHERE who IS NOT NULL AND \(Self.isOfUser)",
            arguments: ["id": user.id, "name": user.name])
        return db.changesCount
    }

    private static func select(oldestFirst: Bool) -> String {
        """
        SELECT * FROM audit_log
        WHERE (:actor IS NULL OR actor = :actor OR actor_id = :actor) AND (:action IS NULL OR action = :action)
          AND (:resource IS NULL OR resource = :resource) AND (:outcome IS NULL OR outcome = :outcome)
          AND (:from IS NULL OR at >= :from) AND (:to IS NULL OR at < :to) AND (:before IS NULL OR sequence < :before)
          AND (:after IS NULL OR sequence > :after)
        ORDER BY sequence \(oldestFirst ? "ASC" : "DESC") LIMIT :limit
        """
    }

    private static func entry(_ row: Row) throws -> AuditEntry {
        let outcome = try row.decode(String.self, forColumn: "outcome")
        guard let outcome = AuditEvent.Outcome(rawValue: outcome) else {
            throw JadeError.corrupted("audit log: unknown outcome \(outcome.debugDescription)")
        }
        func text(_ column: String) throws -> String { try row.decode(String.self, forColumn: column) }
        return AuditEntry(
            sequence: try row.decode(Int64.self, forColumn: "sequence"), at: try row.decode(Int64.self, forColumn: "at"),
            event: AuditEvent(
                actorID: try text("actor_id"), actor: try text("actor"), action: try text("action"), resource: try text("resource"),
                outcome: outcome, requestID: try text("request_id"), address: try text("address"), detail: try text("detail")),
            hash: try row.blob("hash"))
    }

    // MARK: verifying

    /// Walks the chain from the anchor and returns the number of entries.
    ///
    /// ``ErrorCode/corrupted`` with the first entry that is not as it was written, or is missing.
    package func verify() throws(JadeError) -> Int {
        try catalog.read("verify the audit log") { db in
            var (sequence, hash) = try anchor(in: db)
            var count = 0
            let rows = try Row.fetchCursor(db, sql: "SELECT * FROM audit_log ORDER BY sequence")
            while let row = try rows.next() {
                let entry = try Self.entry(row)
                guard entry.sequence == sequence + 1 else {
                    throw JadeError.corrupted("audit log: expected entry \(sequence + 1), found \(entry.sequence)")
                }
                sequence = entry.sequence
                let who = try row.decode(Data?.self, forColumn: "who").map { Array($0) }
                let expected = AuditEntry.chain(after: hash, sequence: sequence, at: entry.at, entry.event, who: who)
                guard entry.hash == expected, try Self.isWhoItWas(entry.event, who, row) else {
                    throw JadeError.corrupted("audit log: entry \(sequence) is not as it was written: its hash does not follow")
                }
                hash = expected
                count += 1
            }
            return count
        }
    }

    /// Whether name and address are those that the chain vouches for, or were erased.
    private static func isWhoItWas(_ event: AuditEvent, _ who: [UInt8]?, _ row: Row) throws -> Bool {
        guard let who else { return true }
        guard let salt = try row.decode(Data?.self, forColumn: "salt") else { return event.actor.isEmpty && event.address.isEmpty }
        return AuditEntry.who(event, salt: Array(salt)) == who
    }

    // MARK: retention

    /// How many entries like the last thousand take so many bytes, with their places in the table and its index.
    package func entryCount(within bytes: Int) throws(JadeError) -> Int {
        let sql = """
            SELECT avg(length(actor_id) + length(actor) + length(action) + length(resource) + length(outcome) + length(request_id)
                       + length(address) + length(detail) + length(hash) + coalesce(length(salt) + length(who), 0))
            FROM (SELECT * FROM audit_log ORDER BY sequence DESC LIMIT 1000)
            """
        let average = try catalog.read("measure the audit log") { try Double.fetchOne($0, sql: sql) } ?? 0
        return max(1, Int(Double(bytes) / (average + Double(Limits.auditEntryOverhead))))
    }

    /// Removes the entries before a time, and the oldest beyond a count; the chain goes on from the last one removed.
    ///
    /// - Returns: how many were removed.
    package func prune(before time: Int64?, keeping maximum: Int? = nil) throws(JadeError) -> Int {
        try catalog.write("prune the audit log") { db in
            let byTime = try time.flatMap { try Int64.fetchOne(db, sql: Self.lastBefore, arguments: [$0]) } ?? 0
            let byCount = try maximum.map { try head(in: db).sequence - Int64($0) } ?? 0
            let last = max(byTime, byCount)
            guard let row = try Row.fetchOne(db, sql: "SELECT hash FROM audit_log WHERE sequence = ?", arguments: [last]) else { return 0 }
            try db.execute(
                sql: "INSERT INTO audit_anchor VALUES (1, ?, ?) ON CONFLICT DO UPDATE SET sequence = excluded.sequence, hash = excluded.hash",
                arguments: [last, Blob(try row.blob("hash"))])
            try db.execute(sql: "DELETE FROM audit_log WHERE sequence <= ?", arguments: [last])
            return db.changesCount
        }
    }

    /// Entries are in order of time but for a clock that was set back; those are kept until their neighbours go.
    private static let lastBefore = """
        SELECT coalesce((SELECT min(sequence) - 1 FROM audit_log WHERE at >= :time), (SELECT max(sequence) FROM audit_log))
        """
}

extension AuditQuery {
    fileprivate var arguments: StatementArguments {
        [
            "actor": actor, "action": action, "resource": resource, "outcome": outcome?.rawValue, "from": from, "to": to,
            "before": before, "after": after, "limit": limit,
        ]
    }
}
