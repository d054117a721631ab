import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct BackupRestore: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Brings a backup back as a new database.",
        discussion: """
            Without a point the database is as it was when the backup was taken. With --at, --sequence or --latest the archived log is \
            applied up to there, starting from the backup named, or from the newest of --source that is not behind the point. \
            The database must not exist; under another name it stands beside the one that was backed up.

              jadevectordb backup restore 20261122T201530123-9f3a01c2
              jadevectordb backup restore --source docs --database docs-noon --at 2026-11-22T12:00:00Z
            """)

    @Argument(help: "Id of the backup; may be left out with --source.") var backup: String?
    @OptionGroup var target: TargetOption
    @Option(help: "Name or id of the database that was backed up.") var source: String?
    @Option(help: "Name of the new database; otherwise the one it had.") var database: String?
    @Option(help: ArgumentHelp("Everything committed up to this time, such as 2026-11-22T12:00:00Z.", valueName: "time")) var at: String?
    @Option(help: ArgumentHelp("Everything up to the write of this sequence number.", valueName: "number")) var sequence: UInt64?
    @Flag(help: "Everything that is archived.") var latest = false
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard backup != nil || source != nil else { throw ValidationError("name the backup, or the database that it is of with --source") }
        guard [at != nil, sequence != nil, latest].count(where: { $0 }) <= 1 else { throw ValidationError("give one of --at, --sequence and --latest") }
    }

    func run() async throws {
        let request = RestoreRequest(target: target.target, backup: backup, source: source, database: database, point: try point())
        try await server.withClient { client in
            try await waiting.follow(try await client.restoreBackup(request), client, output)
        }
    }

    private func point() throws(JadeError) -> RestorePoint {
        if latest { return .latest }
        if let sequence { return .sequence(sequence) }
        guard let at else { return .backup }
        do throws(JadeError) { return .milliseconds(try Timestamp.milliseconds(of: at, "at")) } catch {
            throw .invalidArgument("--at is \(at.debugDescription), expected a time such as 2026-01-31T23:59:59Z")
        }
    }
}
