public import JadeAPI
public import JadeCore

extension JadeClient: BackupService {
    public func backupTargets() async throws(JadeError) -> [BackupTarget] {
        let list: BackupList<BackupTarget> = try await ask(.get, Path.backups + "/targets")
        return list.members
    }

    /// Not repeated after a broken connection: the backup may be under way already.
    public func createBackup(_ request: BackupRequest) async throws(JadeError) -> BackupTask {
        try await ask(.post, Path.backups, request, repeatable: false)
    }

    public func listBackups(in target: String?, of database: String?) async throws(JadeError) -> [BackupDescription] {
        let query = [("target", target), ("database", database)].compactMap { name, value in value.map { "\(name)=\(Path.encoded($0))" } }
        let list: BackupList<BackupDescription> = try await ask(.get, Path.backups + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
        return list.members
    }

    public func describeBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDescription {
        try await ask(.get, Path.backup(backup, target))
    }

    public func verifyBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupTask {
        try await ask(.post, Path.backup(backup, target) + "/verify")
    }

    public func restoreBackup(_ request: RestoreRequest) async throws(JadeError) -> BackupTask {
        try await ask(.post, Path.backups + "/restore", request, repeatable: false)
    }

    public func deleteBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDeletion {
        try await ask(.delete, Path.backup(backup, target))
    }

    public func backupTasks() async throws(JadeError) -> [BackupTask] {
        let list: BackupList<BackupTask> = try await ask(.get, Path.backups + "/tasks")
        return list.members
    }

    public func backupTask(_ id: String) async throws(JadeError) -> BackupTask {
        try await ask(.get, "\(Path.backups)/tasks/\(Path.encoded(id))")
    }

    public func cancelBackupTask(_ id: String) async throws(JadeError) -> BackupTask {
        try await ask(.delete, "\(Path.backups)/tasks/\(Path.encoded(id))")
    }

    public func setBackupSchedule(_ schedule: BackupSchedule) async throws(JadeError) -> BackupScheduleStatus {
        try await ask(.put, "\(Path.backups)/schedules/\(Path.encoded(schedule.name))", schedule)
    }

    public func backupSchedules() async throws(JadeError) -> [BackupScheduleStatus] {
        let list: BackupList<BackupScheduleStatus> = try await ask(.get, Path.backups + "/schedules")
        return list.members
    }

    public func deleteBackupSchedule(_ name: String) async throws(JadeError) {
        let path = "\(Path.backups)/schedules/\(Path.encoded(name))"
        _ = try await transport.send(Request(method: .delete, path: path, repeatable: false))
    }
}
