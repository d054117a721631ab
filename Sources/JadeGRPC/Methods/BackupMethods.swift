internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("BackupService", method) }

    static let backups: [Method] = [
        .unary(path("ListTargets"), needs: .node(.backupRead)) { (_: ProtoListTargetsRequest, call) throws(JadeError) in
            var answer = ProtoListTargetsResponse()
            answer.targets = try await call.services.backups.backupTargets().map(ProtoBackupTarget.init)
            return answer
        },
        .unary(path("CreateBackup"), needs: .named(.backupCreate)) { (request: ProtoCreateBackupRequest, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.createBackup(BackupRequest(request)))
        },
        .unary(path("ListBackups"), needs: .named(.backupRead)) { (request: ProtoListBackupsRequest, call) throws(JadeError) in
            var answer = ProtoListBackupsResponse()
            answer.backups = try await call.services.backups.listBackups(
                in: request.hasTarget ? request.target : nil, of: request.hasDatabase ? request.database : nil
            ).map(ProtoBackup.init)
            return answer
        },
        .unary(path("GetBackup"), needs: .named(.backupRead)) { (name: ProtoBackupName, call) throws(JadeError) in
            ProtoBackup(try await call.services.backups.describeBackup(name.backup, in: name.place))
        },
        .unary(path("VerifyBackup"), needs: .named(.backupRead)) { (name: ProtoBackupName, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.verifyBackup(name.backup, in: name.place))
        },
        .unary(path("RestoreBackup"), needs: .node(.backupRestore)) { (request: ProtoRestoreBackupRequest, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.restoreBackup(try RestoreRequest(request)))
        },
        .unary(path("DeleteBackup"), needs: .node(.backupDelete)) { (name: ProtoBackupName, call) throws(JadeError) in
            ProtoBackupDeletion(try await call.services.backups.deleteBackup(name.backup, in: name.place))
        },
    ]

    static let backupTasks: [Method] = [
        .unary(path("ListTasks"), needs: .named(.backupRead)) { (_: ProtoListTasksRequest, call) throws(JadeError) in
            var answer = ProtoListTasksResponse()
            answer.tasks = try await call.services.backups.backupTasks().map(ProtoBackupTask.init)
            return answer
        },
        .unary(path("GetTask"), needs: .named(.backupRead)) { (task: ProtoTaskName, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.backupTask(task.id))
        },
        .unary(path("CancelTask"), needs: .named(.backupCreate)) { (task: ProtoTaskName, call) throws(JadeError) in
            ProtoBackupTask(try await call.services.backups.cancelBackupTask(task.id))
        },
    ]

    static let backupSchedules: [Method] = [
        .unary(path("SetSchedule"), needs: .named(.backupCreate)) { (schedule: ProtoBackupSchedule, call) throws(JadeError) in
            ProtoBackupScheduleStatus(try await call.services.backups.setBackupSchedule(try BackupSchedule(schedule)))
        },
        .unary(path("ListSchedules"), needs: .named(.backupRead)) { (_: ProtoListSchedulesRequest, call) throws(JadeError) in
            var answer = ProtoListSchedulesResponse()
            answer.schedules = try await call.services.backups.backupSchedules().map(ProtoBackupScheduleStatus.init)
            return answer
        },
        .unary(path("DeleteSchedule"), needs: .named(.backupCreate)) { (request: ProtoDeleteScheduleRequest, call) throws(JadeError) in
            try await call.services.backups.deleteBackupSchedule(request.name)
            return ProtoDeleteScheduleResponse()
        },
    ]
}
