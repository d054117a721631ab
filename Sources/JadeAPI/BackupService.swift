public import JadeCore

/// Backups of the databases of a node, as every door asks for them. What takes long is answered with a task at once and goes on
/// behind it.
public protocol BackupService: Sendable {
    func backupTargets() async throws(JadeError) -> [BackupTarget]
    func createBackup(_ request: BackupRequest) async throws(JadeError) -> BackupTask
    /// Backups in a place, oldest first, of one database by name or id or of all.
    func listBackups(in target: String?, of database: String?) async throws(JadeError) -> [BackupDescription]
    func describeBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDescription
    /// Reads all that belongs to a backup and compares it with its digests.
    func verifyBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupTask
    func restoreBackup(_ request: RestoreRequest) async throws(JadeError) -> BackupTask
    func deleteBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDeletion

    /// Tasks under way and the last that ended, oldest first.
    func backupTasks() async throws(JadeError) -> [BackupTask]
    func backupTask(_ id: String) async throws(JadeError) -> BackupTask
    /// Asks a task to end; what it has stored goes with it.
    func cancelBackupTask(_ id: String) async throws(JadeError) -> BackupTask

    /// Adds a schedule, or replaces the one of that name.
    func setBackupSchedule(_ schedule: BackupSchedule) async throws(JadeError) -> BackupScheduleStatus
    func backupSchedules() async throws(JadeError) -> [BackupScheduleStatus]
    /// Ends a schedule; its backups stay.
    func deleteBackupSchedule(_ name: String) async throws(JadeError)
}
