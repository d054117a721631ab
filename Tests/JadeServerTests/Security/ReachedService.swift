import JadeAPI
import JadeCore

/// Knows one database, `docs`, and one backup, task and schedule of it. Whatever else is asked of it throws `unavailable`, so
/// that a status of 503 says that a request was let through.
struct ReachedService: DatabaseService, BackupService, MaintenanceService {
    let id: String

    private static let reached = JadeError.unavailable("reached")

    private var docs: DatabaseDescription {
        let specification = DatabaseSpecification(name: "docs", dimension: 2)
        return DatabaseDescription(
            id: id, specification: specification, createdAtMilliseconds: 0, vectorCount: 0, index: IndexStatus(settings: specification.index))
    }

    private var task: BackupTask { BackupTask(id: "task", kind: .create, target: "local", database: "docs", startedMilliseconds: 0) }

    func databaseID(of database: String) async throws(JadeError) -> String {
        guard ["docs", id].contains(database) else { throw .notFound("database \(database.debugDescription) does not exist") }
        return id
    }

    func listDatabases() async throws(JadeError) -> [DatabaseDescription] { [docs] }
    func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int { 0 }

    func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription { throw Self.reached }
    func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription { throw Self.reached }
    func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription { throw Self.reached }
    func deleteDatabase(_ database: String) async throws(JadeError) { throw Self.reached }
    func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult { throw Self.reached }
    func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult { throw Self.reached }
    func updateMetadata(_ change: MetadataChange, of id: VectorID, in database: String) async throws(JadeError) -> WriteResult {
        throw Self.reached
    }
    func write(_ write: VectorWrite, if condition: VersionCondition, in database: String) async throws(JadeError) -> WriteResult { throw Self.reached }
    func vectors(_ ids: [VectorID], in database: String, parts: VectorParts) async throws(JadeError) -> [StoredVector] { throw Self.reached }
    func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage { throw Self.reached }
    func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse] { throw Self.reached }
    func status() async throws(JadeError) -> NodeStatus { throw Self.reached }

    func backupTargets() async throws(JadeError) -> [BackupTarget] { throw Self.reached }
    func createBackup(_ request: BackupRequest) async throws(JadeError) -> BackupTask { throw Self.reached }
    func listBackups(in target: String?, of database: String?) async throws(JadeError) -> [BackupDescription] {
        [BackupDescription(id: "backup", target: "local", databaseID: id, database: "docs")]
    }
    func describeBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDescription {
        BackupDescription(id: backup, target: "local", databaseID: id, database: "docs")
    }
    func verifyBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupTask { throw Self.reached }
    func restoreBackup(_ request: RestoreRequest) async throws(JadeError) -> BackupTask { throw Self.reached }
    func deleteBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDeletion { throw Self.reached }
    func backupTasks() async throws(JadeError) -> [BackupTask] { [task] }
    func backupTask(_ id: String) async throws(JadeError) -> BackupTask { task }
    func cancelBackupTask(_ id: String) async throws(JadeError) -> BackupTask { throw Self.reached }
    func setBackupSchedule(_ schedule: BackupSchedule) async throws(JadeError) -> BackupScheduleStatus { throw Self.reached }
    func backupSchedules() async throws(JadeError) -> [BackupScheduleStatus] {
        [
            BackupScheduleStatus(
                schedule: BackupSchedule(name: "nightly", database: "docs", target: "local", everySeconds: 60), nextMilliseconds: 0)
        ]
    }
    func deleteBackupSchedule(_ name: String) async throws(JadeError) { throw Self.reached }

    func startVerification(_ request: VerificationRequest) async throws(JadeError) -> JobDescription { throw Self.reached }
    func jobs() async throws(JadeError) -> [JobDescription] { throw Self.reached }
    func job(_ id: String) async throws(JadeError) -> JobDescription { throw Self.reached }
    func cancelJob(_ id: String) async throws(JadeError) -> JobDescription { throw Self.reached }
}
