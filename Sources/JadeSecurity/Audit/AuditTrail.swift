package import JadeAPI
package import JadeCore
import JadeIO
import Synchronization

/// What doors and guards tell the audit log. It never fails a request: an entry that cannot be written is said in the
/// server's log instead.
package final class AuditTrail: Sendable {
    package struct Settings: Sendable {
        /// Whether every allowed request on data is recorded too; changes of databases, backups and the node always are.
        package var recordsData = false
        /// Told why an entry could not be written.
        package var failed: @Sendable (JadeError) -> Void = { _ in }

        package init() {}
    }

    private let log: AuditLog
    private let settings: Settings
    /// Refusals of this minute by address.
    private let failures = Mutex<(minute: Int64, counts: [String: Int])>((minute: 0, counts: [:]))

    package init(_ log: AuditLog, _ settings: Settings = .init()) {
        self.log = log
        self.settings = settings
    }

    /// A credential that does not hold. Whoever tries thousands does not fill the log: beyond
    /// ``Limits/auditedFailuresPerMinute`` an entry at each doubling says how many there were.
    func refusedCredential(from origin: RequestOrigin) {
        let minute = log.clock.wallMilliseconds / 60_000
        let count = failures.withLock { failures in
            if failures.minute != minute || failures.counts.count >= Limits.maximumWatchedAddresses { failures = (minute, [:]) }
            failures.counts[origin.address, default: 0] += 1
            return failures.counts[origin.address]!
        }
        guard count <= Limits.auditedFailuresPerMinute || count & (count - 1) == 0 else { return }
        record(
            AuditEvent(
                actor: "", action: "authenticate", outcome: .refused, requestID: origin.requestID, address: origin.address,
                detail: AuditDetail.object(["in_this_minute": [String(count)]])))
    }

    func refused(_ permission: Permission, on database: String?, _ actor: Actor) { record(permission, database, .refused, actor) }

    func allowed(_ permission: Permission, on database: String?, _ actor: Actor) {
        if settings.recordsData || Self.administrative.contains(permission) { record(permission, database, .allowed, actor) }
    }

    /// Changes of accounts have entries of their own, with what was changed.
    private static let administrative = PermissionSet([
        .databaseCreate, .databaseUpdate, .databaseDelete, .indexCreate, .indexDelete, .backupCreate, .backupRestore, .backupDelete, .nodeManage,
    ])

    private func record(_ permission: Permission, _ database: String?, _ outcome: AuditEvent.Outcome, _ actor: Actor) {
        record(
            AuditEvent(
                actorID: actor.id, actor: actor.name, action: permission.name, resource: database.map { "database/\($0)" } ?? "",
                outcome: outcome, requestID: actor.requestID, address: actor.address))
    }

    private func record(_ event: AuditEvent) {
        do throws(JadeError) { try log.record(event) } catch { settings.failed(error) }
    }
}

/// Tells of what one caller asked for.
package struct AccessWatch: Sendable {
    let trail: AuditTrail
    let actor: Actor

    package init(_ trail: AuditTrail, _ actor: Actor) {
        self.trail = trail
        self.actor = actor
    }
}
