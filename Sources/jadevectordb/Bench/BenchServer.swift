import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore
import JadeJSON

struct BenchServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Searches a server's database over several connections and prints one JSON line.",
        discussion: """
              jadevectordb bench server packages --queries queries.npy --connections 8
            """)

    @Argument(help: "Name or id of the database.") var database: String
    @Option(help: ArgumentHelp("Rows to search near.", valueName: "path")) var queries: String
    @Option(help: "Requests under way at a time.") var connections = 8
    @Option(help: "Results of one search.") var topK = 10
    @Option(help: "Candidates that a search keeps.") var efSearch: Int?
    @Option(help: "Seconds to measure.") var seconds = 5.0
    @Flag(help: "Compare with every vector instead of using the index.") var exact = false
    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (1...1_024).contains(connections), (0.1...3_600).contains(seconds) else {
            throw ValidationError("--connections takes 1 to 1024 and --seconds 0.1 to 3600")
        }
    }

    func run() async throws {
        let queries = try Matrix(path: queries)
        guard queries.rowCount > 0 else { throw JadeError.invalidArgument("\(self.queries) holds no rows") }
        try await server.withClient { client in
            let load = SearchLoad(service: client, database: database, topK: topK, efSearch: efSearch, exact: exact)
            let measured = try await load.run(queries, connections: connections, seconds: seconds)
            Standard.out(line(measured))
        }
    }

    private func line(_ measured: SearchLoad.Measured) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("connections"); writer.integer(connections)
        writer.key("top_k"); writer.integer(topK)
        writer.key("queries"); writer.integer(measured.count)
        writer.key("queries_per_second"); writer.double(Double(measured.count) / measured.seconds)
        writer.key("client_cpu_seconds"); writer.double(measured.cpuSeconds)
        writer.endObject()
        return writer.bytes
    }
}

/// Searches from several tasks at a time until the time is up.
struct SearchLoad: Sendable {
    struct Measured {
        let count: Int
        let seconds: Double
        let cpuSeconds: Double
    }

    let service: any DatabaseService
    let database: String
    var topK = 10
    var efSearch: Int?
    var exact = false

    func run(_ queries: Matrix, connections: Int, seconds: Double) async throws -> Measured {
        let watch = Stopwatch()
        let count = try await withThrowingTaskGroup(of: Int.self) { group in
            for connection in 0..<connections {
                group.addTask {
                    var count = 0
                    while watch.seconds < seconds {
                        let row = (connection + count * connections) % queries.rowCount
                        let request = SearchRequest(query: .values(Array(queries.row(row))), topK: topK, efSearch: efSearch, exact: exact)
                        _ = try await service.search(request, in: database)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        return Measured(count: count, seconds: watch.seconds, cpuSeconds: watch.cpuSeconds)
    }
}
