package import JadeAPI
package import JadeCore

/// Backups hold whole databases, so whoever is bound to a tenant has none of them. What is said of a database goes to those
/// who may read its backups, also when the database is gone.
extension GuardedService: BackupService {
    private var backups: any BackupService {
        get throws(JadeError) {
            guard let backups = base as? any BackupService else { throw .notFound("this server keeps no backups") }
            return backups
        }
    }

    package func backupTargets() async throws(JadeError) -> [BackupTarget] {
        try refuseTenant("see backups")
        try require(.backupRead)
        return try await backups.backupTargets()
    }

    package func createBackup(_ request: BackupRequest) async throws(JadeError) -> BackupTask {
        try refuseTenant("make backups")
        var request = request
        request.database = try await require(.backupCreate, on: request.database)
        return try await backups.createBackup(request)
    }

    package func listBackups(in target: String?, of database: String?) async throws(JadeError) -> [BackupDescription] {
        try refuseTenant("see backups")
        if let database, !mayAlways(.backupRead) { _ = try await require(.backupRead, on: database) }
        return try await backups.listBackups(in: target, of: database).filter { caller.access.allows(.backupRead, on: $0.databaseID) }
    }

    package func describeBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDescription {
        try await require(.backupRead, ofBackup: backup, in: target)
    }

    package func verifyBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupTask {
        _ = try await require(.backupRead, ofBackup: backup, in: target)
        return try await backups.verifyBackup(backup, in: target)
    }

    package func restoreBackup(_ request: RestoreRequest) async throws(JadeError) -> BackupTask {
        try refuseTenant("restore backups")
        try require(.backupRestore)
        var request = request
        request.ownerID = caller.userID
        return try await backups.restoreBackup(request)
    }

    package func deleteBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDeletion {
        try refuseTenant("delete backups")
        try require(.backupDelete)
        return try await backups.deleteBackup(backup, in: target)
    }

    // MARK: tasks

    package func backupTasks() async throws(JadeError) -> [BackupTask] {
        try refuseTenant("see backups")
        var shown: [BackupTask] = []
        for task in try await backups.backupTasks() where await maySee(task) { shown.append(task) }
        return shown
    }

    package func backupTask(_ id: String) async throws(JadeError) -> BackupTask {
        try refuseTenant("see backups")
        guard let task = try await backups.backupTasks().first(where: { $0.id == id }), await maySee(task) else {
            throw .notFound("task \(id.debugDescription) does not exist")
        }
        return task
    }

    package func cancelBackupTask(_ id: String) async throws(JadeError) -> BackupTask {
        let task = try await backupTask(id)
        switch task.kind {
        case .restore: try require(.backupRestore)
        case .create, .verify: if !mayAlways(.backupCreate) { _ = try await require(.backupCreate, on: task.database) }
        }
        return try await backups.cancelBackupTask(id)
    }

    // MARK: schedules

    package func setBackupSchedule(_ schedule: BackupSchedule) async throws(JadeError) -> BackupScheduleStatus {
        try refuseTenant("schedule backups")
        _ = try await require(.backupCreate, on: schedule.database)
        // The one that it replaces may be of another database.
        if let old = try await backups.backupSchedules().first(where: { $0.schedule.name == schedule.name }), !mayAlways(.backupCreate) {
            _ = try await require(.backupCreate, on: old.schedule.database)
        }
        return try await backups.setBackupSchedule(schedule)
    }

    package func backupSchedules() async throws(JadeError) -> [BackupScheduleStatus] {
        try refuseTenant("see backups")
        var shown: [BackupScheduleStatus] = []
        for status in try await backups.backupSchedules() where await may(.backupRead, on: status.schedule.database) { shown.append(status) }
        return shown
    }

    package func deleteBackupSchedule(_ name: String) async throws(JadeError) {
        try refuseTenant("schedule backups")
        if !mayAlways(.backupCreate) {
            let found = try await backups.backupSchedules().first { $0.schedule.name == name }
            _ = try await require(.backupCreate, on: found?.schedule.database ?? "")
        }
        try await backups.deleteBackupSchedule(name)
    }

    // MARK: checks

    /// Whether a permission holds for every database, those that are gone included.
    private func mayAlways(_ permission: Permission) -> Bool { caller.access.allows(permission, on: "") }

    /// Without a refusal in the audit log: what may not be seen is left out.
    private func may(_ permission: Permission, on database: String) async -> Bool {
        if mayAlways(permission) { return true }
        guard let id = try? await base.databaseID(of: database) else { return false }
        return caller.access.allows(permission, on: id)
    }

    private func maySee(_ task: BackupTask) async -> Bool {
        if task.kind == .restore, caller.access.allows(.backupRestore, on: nil) { return true }
        return await may(.backupRead, on: task.database)
    }

    /// The same answer for a backup that is not there and one that may not be seen.
    private func require(_ permission: Permission, ofBackup backup: String, in target: String?) async throws(JadeError) -> BackupDescription {
        try refuseTenant("see backups")
        let found: BackupDescription
        do throws(JadeError) {
            found = try await backups.describeBackup(backup, in: target)
        } catch {
            guard error.code == .notFound || error.code == .invalidArgument else { throw error }
            try require(permission, onID: "")
            throw error
        }
        try require(permission, onID: found.databaseID)
        return found
    }
}
