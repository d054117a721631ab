import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore

struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What each database holds, how far its index is, and what it takes.",
        discussion: """
            PENDING vectors wait for the index and are compared one by one until then; DEAD ones are deleted and still in the index, until \
            it is repaired.

              jadevectordb stats
              jadevectordb stats docs --output json
            """)

    @Argument(help: "Name or id of the only database; all otherwise.") var database: String?
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let found = try await server.withClient { client in
            if let database { [try await client.describeDatabase(database)] } else { try await client.listDatabases() }
        }
        switch output.output {
        case .json: Standard.out(WireJSON.encode(DatabaseList(found)))
        case .table: Standard.out(Self.table(found.sorted { $0.name < $1.name }).rendered(width: Standard.width))
        }
    }

    private static func table(_ databases: [DatabaseDescription]) -> Table {
        var table = Table(
            ("name", .left), ("vectors", .right), ("shape", .left), ("index", .left), ("indexed", .right), ("pending", .right), ("dead", .right),
            ("index memory", .right), ("disk", .right), ("state", .left))
        for database in databases {
            let (field, index) = (database.specification.field, database.index)
            let codes = index.settings.codeNames.map { " " + $0 }.joined()
            table.add([
                database.name, Numbers.grouped(database.vectorCount), "\(field.dimension) \(field.elementType.name) \(field.metric.rawValue)",
                "\(index.settings.kind.rawValue)\(codes)", Numbers.grouped(index.indexed), Numbers.grouped(index.pending),
                Numbers.grouped(index.tombstones), Numbers.bytes(index.memoryBytes), database.storage?.diskBytes.map(Numbers.bytes) ?? "–",
                database.problem ?? database.storage?.state.rawValue ?? "ready",
            ])
        }
        return table
    }
}
