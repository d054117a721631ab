public import JadeAPI
public import JadeCore
internal import JadeProto

extension JadeGRPCClient: BackupService {
    private static func path(_ method: String) -> String { "/jadevectordb.v1.BackupService/\(method)" }

    public func backupTargets() async throws(JadeError) -> [BackupTarget] {
        let list: ProtoListTargetsResponse = try await transport.unary(Self.path("ListTargets"), ProtoListTargetsRequest())
        return list.targets.map(BackupTarget.init)
    }

    /// Not repeated after a broken connection: the backup may be under way already.
    public func createBackup(_ request: BackupRequest) async throws(JadeError) -> BackupTask {
        try BackupTask(try await transport.unary(Self.path("CreateBackup"), ProtoCreateBackupRequest(request), repeatable: false))
    }

    public func listBackups(in target: String?, of database: String?) async throws(JadeError) -> [BackupDescription] {
        var request = ProtoListBackupsRequest()
        if let target { request.target = target }
        if let database { request.database = database }
        let list: ProtoListBackupsResponse = try await transport.unary(Self.path("ListBackups"), request)
        return list.backups.map(BackupDescription.init)
    }

    public func describeBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDescription {
        BackupDescription(try await transport.unary(Self.path("GetBackup"), ProtoBackupName(backup, in: target)))
    }

    public func verifyBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupTask {
        try BackupTask(try await transport.unary(Self.path("VerifyBackup"), ProtoBackupName(backup, in: target)))
    }

    public func restoreBackup(_ request: RestoreRequest) async throws(JadeError) -> BackupTask {
        try BackupTask(try await transport.unary(Self.path("RestoreBackup"), ProtoRestoreBackupRequest(request), repeatable: false))
    }

    public func deleteBackup(_ backup: String, in target: String?) async throws(JadeError) -> BackupDeletion {
        BackupDeletion(try await transport.unary(Self.path("DeleteBackup"), ProtoBackupName(backup, in: target)))
    }
}

// MARK: Tasks and schedules

extension JadeGRPCClient {
    public func backupTasks() async throws(JadeError) -> [BackupTask] {
        let list: ProtoListTasksResponse = try await transport.unary(Self.path("ListTasks"), ProtoListTasksRequest())
        var tasks: [BackupTask] = []
        for task in list.tasks { tasks.append(try BackupTask(task)) }
        return tasks
    }

    public func backupTask(_ id: String) async throws(JadeError) -> BackupTask {
        try BackupTask(try await transport.unary(Self.path("GetTask"), Self.task(id)))
    }

    public func cancelBackupTask(_ id: String) async throws(JadeError) -> BackupTask {
        try BackupTask(try await transport.unary(Self.path("CancelTask"), Self.task(id)))
    }

    private static func task(_ id: String) -> ProtoTaskName {
        var name = ProtoTaskName()
        name.id = id
        return name
    }

    public func setBackupSchedule(_ schedule: BackupSchedule) async throws(JadeError) -> BackupScheduleStatus {
        try BackupScheduleStatus(try await transport.unary(Self.path("SetSchedule"), ProtoBackupSchedule(schedule)))
    }

    public func backupSchedules() async throws(JadeError) -> [BackupScheduleStatus] {
        let list: ProtoListSchedulesResponse = try await transport.unary(Self.path("ListSchedules"), ProtoListSchedulesRequest())
        var schedules: [BackupScheduleStatus] = []
        for schedule in list.schedules { schedules.append(try BackupScheduleStatus(schedule)) }
        return schedules
    }

    public func deleteBackupSchedule(_ name: String) async throws(JadeError) {
        var request = ProtoDeleteScheduleRequest()
        request.name = name
        let _: ProtoDeleteScheduleResponse = try await transport.unary(Self.path("DeleteSchedule"), request, repeatable: false)
    }
}
