internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("BackupService", method) }

    static let backups: [Method] = [
        .unary(path("ListTargets")) { (_: ProtoListTargetsRequest, call) throws(JadeError) in
            var answer = ProtoListTargetsResponse()
            answer.targets = try await call.services.backups.backupTargets().map(ProtoBackupTarget.init)
            return answer
        },
        .unary(path("CreateBackup")) { (request: ProtoCreateBackupRequest, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.createBackup(BackupRequest(request)))
        },
        .unary(path("ListBackups")) { (request: ProtoListBackupsRequest, call) throws(JadeError) in
            var answer = ProtoListBackupsResponse()
            answer.backups = try await call.services.backups.listBackups(
                in: request.hasTarget ? request.target : nil, of: request.hasDatabase ? request.database : nil
            ).map(ProtoBackup.init)
            return answer
        },
        .unary(path("GetBackup")) { (name: ProtoBackupName, call) throws(JadeError) in
            ProtoBackup(try await call.services.backups.describeBackup(name.backup, in: name.place))
        },
        .unary(path("VerifyBackup")) { (name: ProtoBackupName, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.verifyBackup(name.backup, in: name.place))
        },
        .unary(path("RestoreBackup")) { (request: ProtoRestoreBackupRequest, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.restoreBackup(try RestoreRequest(request)))
        },
        .unary(path("DeleteBackup")) { (name: ProtoBackupName, call) throws(JadeError) in
            ProtoBackupDeletion(try await call.services.backups.deleteBackup(name.backup, in: name.place))
        },
    ]

    static let backupTasks: [Method] = [
        .unary(path("ListTasks")) { (_: ProtoListTasksRequest, call) throws(JadeError) in
            var answer = ProtoListTasksResponse()
            answer.tasks = try await call.services.backups.backupTasks().map(ProtoBackupTask.init)
            return answer
        },
        .unary(path("GetTask")) { (task: ProtoTaskName, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.backupTask(task.id))
        },
        .unary(path("CancelTask")) { (task: ProtoTaskName, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.cancelBackupTask(task.id))
        },
    ]

    static let backupSchedules: [Method] = [
        .unary(path("SetSchedule")) { (schedule: ProtoBackupSchedule, call) throws(JadeError) in
            ProtoBackupScheduleStatus(try await call.services.backups.setBackupSchedule(try BackupSchedule(schedule)))
        },
        .unary(path("ListSchedules")) { (_: ProtoListSchedulesRequest, call) throws(JadeError) in
            var answer = ProtoListSchedulesResponse()
            answer.schedules = try await call.services.backups.backupSchedules().map(ProtoBackupScheduleStatus.init)
            return answer
        },
        .unary(path("DeleteSchedule")) { (request: ProtoDeleteScheduleRequest, call) throws(JadeError) in
            try await call.services.backups.deleteBackupSchedule(request.name)
            return ProtoDeleteScheduleResponse()
        },
    ]
}
