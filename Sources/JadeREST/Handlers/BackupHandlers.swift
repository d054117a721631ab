import HTTPTypes
import JadeAPI
import JadeCore

/// `/v1/backups` and what is below. What takes long is answered with 202 and a task to look at.
enum BackupHandlers {
    static func targets(_ call: Call) async throws(JadeError) -> Reply { .json(BackupList(try await call.backups.backupTargets())) }

    static func create(_ call: Call) async throws(JadeError) -> Reply {
        accepted(try await call.backups.createBackup(call.decode()))
    }

    static func list(_ call: Call) async throws(JadeError) -> Reply {
        let found = try await call.backups.listBackups(in: call.query["target"], of: call.query["database"])
        return .json(BackupList(found), reserving: 128 + found.count * 512)
    }

    static func describe(_ call: Call) async throws(JadeError) -> Reply {
        .json(try await call.backups.describeBackup(call.backup, in: call.target))
    }

    static func verify(_ call: Call) async throws(JadeError) -> Reply {
        accepted(try await call.backups.verifyBackup(call.backup, in: call.target))
    }

    static func restore(_ call: Call) async throws(JadeError) -> Reply {
        accepted(try await call.backups.restoreBackup(call.decode()))
    }

    static func delete(_ call: Call) async throws(JadeError) -> Reply {
        .json(try await call.backups.deleteBackup(call.backup, in: call.target))
    }

    static func tasks(_ call: Call) async throws(JadeError) -> Reply { .json(BackupList(try await call.backups.backupTasks())) }
    static func task(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.backups.backupTask(call.name)) }
    static func cancel(_ call: Call) async throws(JadeError) -> Reply {
        .json(try await call.backups.cancelBackupTask(call.name), .accepted)
    }

    static func schedules(_ call: Call) async throws(JadeError) -> Reply { .json(BackupList(try await call.backups.backupSchedules())) }

    static func setSchedule(_ call: Call) async throws(JadeError) -> Reply {
        var schedule = try call.decode(BackupSchedule.self)
        let name = try call.name
        guard schedule.name.isEmpty || schedule.name == name else {
            throw .invalidArgument("the body names schedule \(schedule.name.debugDescription), the path \(name.debugDescription)")
        }
        schedule.name = name
        return .json(try await call.backups.setBackupSchedule(schedule))
    }

    static func deleteSchedule(_ call: Call) async throws(JadeError) -> Reply {
        try await call.backups.deleteBackupSchedule(call.name)
        return Reply(.noContent)
    }

    private static func accepted(_ task: BackupTask) -> Reply {
        .json(task, .accepted, headers: [.location: "/v1/backups/tasks/\(task.id)"])
    }
}

extension Call {
    /// The backups of what the door serves.
    fileprivate var backups: any BackupService {
        get throws(JadeError) {
            guard let backups = try caller.backups else { throw .notFound("this server keeps no backups") }
            return backups
        }
    }

    /// The first name in the path: of a target, a task or a schedule.
    fileprivate var name: String {
        get throws(JadeError) { try PercentDecoding.decode(parameters[0], "name") }
    }

    /// A hyphen stands for the only target there is.
    fileprivate var target: String? {
        get throws(JadeError) {
            let first = try self.name
            return first == "-" ? nil : first
        }
    }

    fileprivate var backup: String {
        get throws(JadeError) { try PercentDecoding.decode(parameters[1], "backup") }
    }
}
