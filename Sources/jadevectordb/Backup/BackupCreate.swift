import ArgumentParser
import JadeClient
import JadeCore

struct BackupCreate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Backs a database up while it is served.",
        discussion: """
            The backup holds every write that was acknowledged before the moment it took the database's state, and none after.

              jadevectordb backup create docs --target offsite
            """)

    @Argument(help: "Name or id.") var database: String
    @OptionGroup var target: TargetOption
    @Flag(help: "Store everything anew instead of what changed since the last backup.") var full = false
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { client in
            let task = try await client.createBackup(BackupRequest(database: database, target: target.target, full: full))
            try await waiting.follow(task, client, output)
        }
    }
}
