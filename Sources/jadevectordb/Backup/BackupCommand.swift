import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Backs databases up while they are served, and brings them back.",
        discussion: """
            A target is a place that the server's configuration names (backup.targets); it may be left out where there is one. Only what \
            changed since the last backup is stored, and every backup stands for itself all the same.

              jadevectordb backup create docs
              jadevectordb backup list
              jadevectordb backup verify 20261122T201530123-9f3a01c2
              jadevectordb backup restore 20261122T201530123-9f3a01c2 --database docs-before
              jadevectordb backup restore --source docs --database docs-noon --at 2026-11-22T12:00:00Z
              jadevectordb backup schedule set nightly --database docs --target local --every 24h --keep-daily 14 --log 60s
            """,
        subcommands: [
            BackupCreate.self, BackupListCommand.self, BackupShow.self, BackupVerify.self, BackupRestore.self, BackupDelete.self,
            BackupScheduleCommand.self, BackupTasksCommand.self,
        ])
}

/// Where backups are.
struct TargetOption: ParsableArguments {
    @Option(help: ArgumentHelp("Name of the backup target; may be left out where there is one.", valueName: "name"))
    var target: String?
}

/// Whether to see a task through.
struct WaitOptions: ParsableArguments {
    @Flag(help: "Return at once; jadevectordb backup tasks shows how far it is.") var noWait = false

    /// Shows how far the task is until it has ended, and prints how it did.
    func follow(_ task: BackupTask, _ client: JadeClient, _ output: OutputOptions) async throws {
        var task = task
        var progress: Progress?
        while !noWait, task.state == .running {
            try await Task.sleep(for: .milliseconds(100))
            task = try await client.backupTask(task.id)
            if progress == nil, task.totalBytes > 0 {
                progress = Progress("\(task.kind.rawValue) \(task.database), MiB", total: max(1, task.totalBytes >> 20), isQuiet: output.output == .json)
            }
            progress?.update(task.doneBytes >> 20)
        }
        progress?.finish(task.doneBytes >> 20)
        switch output.output {
        case .json: Standard.out(WireJSON.encode(task))
        case .table: Standard.out(task.sheet.rendered)
        }
        if let failure = task.failure { throw failure }
    }
}

extension BackupTask {
    var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("task", id)
        sheet.add("kind", kind.rawValue)
        sheet.add("state", state == .running && !step.isEmpty ? "\(state.rawValue), \(step)" : state.rawValue)
        sheet.add("target", target)
        sheet.add("database", database)
        if let backup { sheet.add("backup", backup) }
        if let sequence { sheet.add("sequence", Int(clamping: sequence)) }
        sheet.add("bytes", Numbers.bytes(doneBytes) + (state == .running ? " of \(Numbers.bytes(totalBytes))" : ""))
        if kind == .create { sheet.add("stored", Numbers.bytes(storedBytes)) }
        if let finishedMilliseconds {
            sheet.add("took", "\(Numbers.decimal(Double(finishedMilliseconds - startedMilliseconds) / 1_000, places: 1)) s")
        }
        return sheet
    }
}

extension BackupDescription {
    var sheet: Sheet {
        var sheet = Sheet()
        sheet.add("backup", id)
        sheet.add("target", target)
        sheet.add("database", database)
        sheet.add("database id", databaseID)
        sheet.add("taken", Numbers.moment(milliseconds: milliseconds))
        sheet.add("took", "\(Numbers.decimal(Double(finishedMilliseconds - milliseconds) / 1_000, places: 1)) s")
        sheet.add("sequence", Int(clamping: sequence))
        sheet.add("vectors", vectorCount)
        sheet.add("bytes", "\(Numbers.bytes(byteCount)) in \(Numbers.grouped(extentCount)) extents")
        sheet.add("stored", "\(Numbers.bytes(storedBytes)) in \(Numbers.grouped(storedExtents)) extents")
        if let parent { sheet.add("builds on", parent) }
        if let schedule { sheet.add("schedule", schedule) }
        return sheet
    }
}
