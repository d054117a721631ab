import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct DatabaseUpdateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update", abstract: "Renames a database or changes how thoroughly it searches.",
        discussion: """
            Dimension, metric and index settings stay as they were created: they shape what is stored.

              jadevectordb database update docs --ef-search 128
              jadevectordb database update docs --name articles
            """)

    @Argument(help: "Name or id.") var database: String
    @Option(help: "The new name.") var name: String?
    @Option(help: "Candidates kept by a search that does not say its own.") var efSearch: Int?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard name != nil || efSearch != nil else { throw ValidationError("nothing to change: pass --name or --ef-search") }
    }

    func run() async throws {
        let changed = try await server.withClient {
            try await $0.updateDatabase(database, DatabaseUpdate(name: name, efSearch: efSearch))
        }
        switch output.output {
        case .table: Standard.out(changed.sheet.rendered)
        case .json: Standard.out(JSONOutput.database(changed))
        }
    }
}
