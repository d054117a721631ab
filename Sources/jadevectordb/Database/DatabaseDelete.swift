import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct DatabaseDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes a database with all of its vectors, for good.",
        discussion: "Asks before it does; --yes answers in advance, for scripts.")

    @Argument(help: "Name or id.") var database: String
    @Flag(help: "Delete without asking.") var yes = false
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { client in
            let doomed = try await client.describeDatabase(database)
            let question = "delete database \(doomed.name) with \(Numbers.grouped(doomed.vectorCount)) vectors?"
            guard yes || Standard.confirm(question) else {
                throw JadeError.cancelled("database \(doomed.name) was not deleted: answer y, or pass --yes")
            }
            try await client.deleteDatabase(doomed.id)
            switch output.output {
            case .table: Standard.out("deleted database \(doomed.name) with \(Numbers.grouped(doomed.vectorCount)) vectors")
            case .json: Standard.out(JSONOutput.object([("deleted", .string(doomed.name)), ("vectors", .integer(Int64(doomed.vectorCount)))]))
            }
        }
    }
}
