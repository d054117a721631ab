import GRDB
package import JadeAPI
package import JadeCore
package import JadeIO
package import JadeMetadata

/// Who asks for a change, for the audit log.
package struct Actor: Sendable, Hashable {
    package var id: String
    package var name: String
    package var requestID: String
    package var address: String

    package init(id: String, name: String, requestID: String = "", address: String = "") {
        self.id = id
        self.name = name
        self.requestID = requestID
        self.address = address
    }

    /// A caller of a door.
    package init(_ caller: Caller, from origin: RequestOrigin) {
        self.init(id: caller.userID, name: caller.auditName, requestID: origin.requestID, address: origin.address)
    }

    /// The server itself, at its start or by its own schedule.
    package static let server = Actor(id: "", name: "server")
}

/// Users, groups, roles and grants in `system.db`.
///
/// Each change is one transaction with its entry in the audit log, and is seen by every check that begins after it
/// returned. Calls block.
package final class AccountStore: Sendable {
    let catalog: SQLitePersistenceLayer
    let clock: any Clock
    let random: any RandomSource
    package let audit: AuditLog

    /// Opens the accounts of a catalog and brings the predefined roles to this build's state.
    package init(
        _ catalog: SQLitePersistenceLayer, clock: any Clock = SystemClock(), random: any RandomSource = SystemRandomSource()
    ) throws(JadeError) {
        self.catalog = catalog
        self.clock = clock
        self.random = random
        audit = AuditLog(catalog, clock: clock, random: random)
        try catalog.write("write the predefined roles") { try Self.writePredefinedRoles($0) }
    }

    /// Grows with every change of accounts, credentials or grants; what was read at an older one is read again.
    package var generation: UInt64 { catalog.accessGeneration }

    /// Something outside changed what a caller may do: a database was deleted, or another node changed the catalog.
    package func invalidate() { catalog.accessChanged() }

    var now: Int64 { clock.wallMilliseconds }
    func newID() -> String { random.uniqueID().hexadecimal }

    /// One change and its audit entry. A change that fails leaves an entry that says so, for refusals matter too.
    func change<T>(
        _ action: String, _ resource: String, by actor: Actor, detail: String = "{}", _ body: (Database) throws -> T
    ) throws(JadeError) -> T {
        var event = AuditEvent(
            actorID: actor.id, actor: actor.name, action: action, resource: resource, outcome: .allowed, requestID: actor.requestID,
            address: actor.address, detail: detail)
        do throws(JadeError) {
            let result = try catalog.write("\(action) \(resource)") { db in
                let result = try body(db)
                try audit.append(event, in: db)
                return result
            }
            invalidate()
            return result
        } catch {
            event.outcome = .failed
            try? audit.record(event)
            throw error
        }
    }

    func read<T>(_ doing: String, _ body: (Database) throws -> T) throws(JadeError) -> T { try catalog.read(doing, body) }

    private static func writePredefinedRoles(_ db: Database) throws {
        for permission in Permission.allCases {
            try db.execute(
                sql: "INSERT INTO permissions VALUES (?, ?) ON CONFLICT DO UPDATE SET meaning = excluded.meaning",
                arguments: [permission.name, permission.meaning])
        }
        for role in PredefinedRole.allCases {
            try db.execute(
                sql: "INSERT INTO roles VALUES (?, ?, 1, ?) ON CONFLICT (id) DO UPDATE SET meaning = excluded.meaning",
                arguments: [role.rawValue, role.rawValue, role.meaning])
            try db.execute(sql: "DELETE FROM role_permissions WHERE role_id = ?", arguments: [role.rawValue])
            try insertPermissions(role.permissions, role: role.rawValue, in: db)
        }
    }

    static func insertPermissions(_ permissions: PermissionSet, role: String, in db: Database) throws {
        for name in permissions.names {
            try db.execute(sql: "INSERT INTO role_permissions VALUES (?, ?)", arguments: [role, name])
        }
    }
}
