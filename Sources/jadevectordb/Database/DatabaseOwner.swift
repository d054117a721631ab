import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct DatabaseOwner: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "owner", abstract: "Gives a database another owner.",
        discussion: "The owner may do everything with a database that can be granted for it. The one before is an owner no longer.")

    @Argument(help: "Name or id of the database.") var database: String
    @Argument(help: "Name or id of the user who is to own it.") var user: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await server.withClient { try await $0.setOwner(of: database, to: user) }
        output.say("\(user) owns \(database)", [("database", database), ("owner", user)])
    }
}
