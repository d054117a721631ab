import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct VectorCount: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count", abstract: "Counts the vectors, or those that match a filter, exactly.")

    @Argument(help: "Name or id of the database.") var database: String
    @OptionGroup var filter: FilterOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let filter = try filter.parsed()
        let count = try await server.withClient { try await $0.count(matching: filter, in: database) }
        switch output.output {
        case .table: Standard.out(Numbers.grouped(count))
        case .json: Standard.out(JSONOutput.object([("count", .integer(Int64(count)))]))
        }
    }
}
