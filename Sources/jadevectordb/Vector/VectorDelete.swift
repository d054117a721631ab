import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct VectorDelete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Deletes vectors by their ids.",
        discussion: "Ids that do not exist are no error: the answer says how many did.")

    @Argument(help: "Name or id of the database.") var database: String
    @Argument(help: "Ids of the vectors.") var ids: [IDArgument]
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let result = try await server.withClient { try await $0.delete(ids.map(\.id), from: database) }
        switch output.output {
        case .table: Standard.out("deleted \(Numbers.grouped(result.count)) of \(Numbers.grouped(ids.count)) vectors")
        case .json:
            Standard.out(JSONOutput.object([("deleted", .integer(Int64(result.count))), ("sequence", .integer(Int64(result.sequence)))]))
        }
    }
}
