import ArgumentParser
import JadeAPI
import JadeClient

struct DatabaseShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Shows one database: its settings, the exact number of vectors, the state of its index.")

    @Argument(help: "Name or id.") var database: String
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let shown = try await server.withClient { try await $0.describeDatabase(database) }
        switch output.output {
        case .table: Standard.out(shown.sheet.rendered)
        case .json: Standard.out(JSONOutput.database(shown))
        }
    }
}
