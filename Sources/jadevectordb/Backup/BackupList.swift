import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct BackupListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the backups of a target, oldest first.")

    @OptionGroup var target: TargetOption
    @Option(help: "Name or id of the only database whose backups to list.") var database: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let backups = try await server.withClient { try await $0.listBackups(in: target.target, of: database) }
        switch output.output {
        case .json: Standard.out(WireJSON.encode(BackupList(backups)))
        case .table:
            guard !backups.isEmpty else { return Standard.error("there is no backup yet: jadevectordb backup create DATABASE") }
            var table = Table(
                ("backup", .left), ("database", .left), ("taken", .left), ("vectors", .right), ("bytes", .right), ("stored", .right),
                ("sequence", .right), ("schedule", .left))
            for backup in backups {
                table.add([
                    backup.id, backup.database, Numbers.moment(milliseconds: backup.milliseconds), Numbers.grouped(backup.vectorCount),
                    Numbers.bytes(backup.byteCount), Numbers.bytes(backup.storedBytes), Numbers.grouped(Int(clamping: backup.sequence)),
                    backup.schedule ?? "",
                ])
            }
            Standard.out(table.rendered(width: Standard.width))
        }
    }
}

struct BackupShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows one backup.")

    @Argument(help: "Id of the backup.") var backup: String
    @OptionGroup var target: TargetOption
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let shown = try await server.withClient { try await $0.describeBackup(backup, in: target.target) }
        switch output.output {
        case .json: Standard.out(WireJSON.encode(shown))
        case .table: Standard.out(shown.sheet.rendered)
        }
    }
}

struct BackupTasksCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tasks", abstract: "Lists what is under way and what ended last, or cancels a task.")

    @Option(help: ArgumentHelp("Ask this task to end.", valueName: "task")) var cancel: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let tasks = try await server.withClient { client in
            if let cancel { return [try await client.cancelBackupTask(cancel)] }
            return try await client.backupTasks()
        }
        switch output.output {
        case .json: Standard.out(WireJSON.encode(BackupList(tasks)))
        case .table:
            var table = Table(("task", .left), ("kind", .left), ("database", .left), ("state", .left), ("done", .right), ("of", .right), ("step", .left))
            for task in tasks {
                table.add([
                    task.id, task.kind.rawValue, task.database, task.state.rawValue, Numbers.bytes(task.doneBytes), Numbers.bytes(task.totalBytes),
                    task.failure?.message ?? task.step,
                ])
            }
            Standard.out(table.rendered(width: Standard.width))
        }
    }
}
