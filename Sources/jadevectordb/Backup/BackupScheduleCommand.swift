import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct BackupScheduleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schedule", abstract: "Has backups made on their own, and old ones removed.",
        subcommands: [BackupScheduleSet.self, BackupScheduleList.self, BackupScheduleDelete.self])
}

/// A span of time as one writes it: `90s`, `15m`, `6h`, `7d`.
struct SpanArgument: ExpressibleByArgument, Sendable {
    let seconds: Int

    init?(argument: String) {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int(argument.dropLast()), (1...31_622_400).contains(count) else { return nil }
        seconds = count * unit
    }
}

struct BackupScheduleSet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Adds a schedule, or changes the one of that name.",
        discussion: """
            Backups begin at multiples of --every from midnight in UTC, and the first at once. One that any of the --keep rules keeps \
            stays; they look at this schedule's own backups only. --log archives the log in between, for restores to any moment.

              jadevectordb backup schedule set nightly --database docs --every 24h --keep-last 2 --keep-daily 14 --keep-weekly 8
            """)

    @Argument(help: "Name of the schedule.") var name: String
    @Option(help: "Name or id.") var database: String
    @OptionGroup var target: TargetOption
    @Option(help: ArgumentHelp("Between two backups: 90s, 15m, 6h, 7d.", valueName: "span")) var every: SpanArgument
    @Option(help: "The newest so many stay.") var keepLast: Int = BackupRetention().last
    @Option(help: "The newest of each of so many days stays.") var keepDaily: Int = 0
    @Option(help: "The newest of each of so many weeks stays.") var keepWeekly: Int = 0
    @Option(help: ArgumentHelp("Between two transfers of the log; without it none is archived.", valueName: "span")) var log: SpanArgument?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { client in
            var schedule = BackupSchedule(name: name, database: database, target: target.target ?? "", everySeconds: every.seconds)
            if target.target == nil {
                let targets = try await client.backupTargets()
                guard let only = targets.first, targets.count == 1 else {
                    throw JadeError.invalidArgument("name the backup target, one of \(targets.map(\.name).joined(separator: ", "))")
                }
                schedule.target = only.name
            }
            schedule.retention = BackupRetention(last: keepLast, daily: keepDaily, weekly: keepWeekly)
            schedule.logSeconds = log?.seconds
            let status = try await client.setBackupSchedule(schedule)
            switch output.output {
            case .json: Standard.out(WireJSON.encode(status))
            case .table: Standard.out("schedule \(name): a backup of \(database) every \(Numbers.duration(seconds: Double(every.seconds))) to \(schedule.target)")
            }
        }
    }
}

struct BackupScheduleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the schedules and how they do.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let schedules = try await server.withClient { try await $0.backupSchedules() }
        switch output.output {
        case .json: Standard.out(WireJSON.encode(BackupList(schedules)))
        case .table:
            guard !schedules.isEmpty else { return Standard.error("there is no schedule yet: jadevectordb backup schedule set NAME --database DATABASE --every 24h") }
            var table = Table(
                ("schedule", .left), ("database", .left), ("target", .left), ("every", .right), ("keeps", .left), ("log up to", .right),
                ("next", .left), ("state", .left))
            for status in schedules {
                let schedule = status.schedule
                let keeps = schedule.retention
                table.add([
                    schedule.name, schedule.database, schedule.target, Numbers.duration(seconds: Double(schedule.everySeconds)),
                    "\(keeps.last) last, \(keeps.daily) daily, \(keeps.weekly) weekly",
                    schedule.logSeconds == nil ? "–" : status.archivedSequence.map { Numbers.grouped(Int(clamping: $0)) } ?? "?",
                    status.nextMilliseconds == 0 ? "now" : Numbers.moment(milliseconds: status.nextMilliseconds),
                    status.failure?.message ?? "good",
                ])
            }
            Standard.out(table.rendered(width: Standard.width))
        }
    }
}

struct BackupScheduleDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Ends a schedule; the backups that it made stay.")

    @Argument(help: "Name of the schedule.") var name: String
    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { try await $0.deleteBackupSchedule(name) }
        Standard.out("deleted schedule \(name)")
    }
}
