import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct DatabaseListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Lists the databases.")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let databases = try await server.withClient { try await $0.listDatabases() }
        switch output.output {
        case .json: Standard.out(JSONOutput.databases(databases))
        case .table:
            guard !databases.isEmpty else {
                return Standard.error("there is no database yet: jadevectordb database create NAME --dimension N")
            }
            var table = Table(("name", .left), ("vectors", .right), ("dimension", .right), ("metric", .left), ("index", .left), ("pending", .right))
            for database in databases {
                let field = database.specification.field
                table.add([
                    database.name, Numbers.grouped(database.vectorCount), String(field.dimension), field.metric.rawValue,
                    database.index.settings.kind.rawValue, Numbers.grouped(database.index.pending),
                ])
            }
            Standard.out(table.rendered(width: Standard.width))
        }
    }
}
