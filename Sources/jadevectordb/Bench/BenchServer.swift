import ArgumentParser
import JadeAPI
import JadeClient
import JadeCore
import JadeJSON

struct BenchServer: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "server", abstract: "Searches a server's database over several connections and prints one JSON line.",
        discussion: """
            The requests are written before the clock starts and the answers are only counted, so that what is measured is the server \
            and not its client; client_cpu_seconds says what this program took of the machine all the same.

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
            // Says what is wrong with the first search before many of them are sent.
            _ = try await client.search(request(Array(queries.row(0))), in: database)
            let bodies = (0..<queries.rowCount).map { WireJSON.encode(request(Array(queries.row($0)))) }
            let load = try SearchLoad(url: client.url, database: database, bodies: bodies)
            let measured = try await load.run(connections: connections, seconds: seconds)
            Standard.out(line(measured))
        }
    }

    private func request(_ values: [Float]) -> SearchRequest {
        SearchRequest(query: .values(values), topK: topK, efSearch: efSearch, exact: exact)
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
