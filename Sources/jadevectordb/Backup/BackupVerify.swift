import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct BackupVerify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Reads all that a backup consists of and compares it with its digests.",
        discussion: "Ends with exit code 1 and the first damage that was found: object, offset, expected and found.")

    @Argument(help: "Id of the backup.") var backup: String
    @OptionGroup var target: TargetOption
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { client in
            try await waiting.follow(try await client.verifyBackup(backup, in: target.target), client, output)
        }
    }
}

struct BackupDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a backup, and of its data what no other backup needs.",
        discussion: "Asks before it does; --yes answers in advance, for scripts.")

    @Argument(help: "Id of the backup.") var backup: String
    @OptionGroup var target: TargetOption
    @Flag(help: "Delete without asking.") var yes = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { client in
            let doomed = try await client.describeBackup(backup, in: target.target)
            let question = "delete the backup of \(doomed.database) from \(Numbers.moment(milliseconds: doomed.milliseconds))?"
            guard yes || Standard.confirm(question) else {
                throw JadeError.cancelled("backup \(backup) was not deleted: answer y, or pass --yes")
            }
            let deletion = try await client.deleteBackup(backup, in: doomed.target)
            switch output.output {
            case .json: Standard.out(WireJSON.encode(deletion))
            case .table:
                Standard.out("deleted backup \(backup), \(Numbers.bytes(deletion.removedBytes)) in \(Numbers.grouped(deletion.removedExtents)) extents are free")
            }
        }
    }
}
