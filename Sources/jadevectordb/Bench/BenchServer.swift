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
              jadevectordb bench server packages --queries queries.npy --binary --rate 2000

            Latencies are of the whole exchange as the client sees it, in microseconds, by a histogram that is true to 2 % however far the \
            tail goes. With --rate they count from the moment at which a request was due.
            """)

    @Argument(help: "Name or id of the database.") var database: String
    @Option(help: ArgumentHelp("Rows to search near.", valueName: "path")) var queries: String
    @Option(help: "Requests under way at a time.") var connections = 8
    @Option(help: "Results of one search.") var topK = 10
    @Option(help: "Candidates that a search keeps.") var efSearch: Int?
    @Option(help: "Seconds to measure.") var seconds = 5.0
    @Option(help: "Requests a second over all connections; as fast as they are answered otherwise.") var rate: Double?
    @Flag(help: "Send the queries as bytes instead of JSON.") var binary = false
    @Flag(help: "Compare with every vector instead of using the index.") var exact = false
    @OptionGroup var server: ServerOptions

    func validate() throws {
        if let rate, !(0.001...10_000_000).contains(rate) { throw ValidationError("--rate is \(rate), expected 0.001 to 10,000,000") }
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
            let searches = (0..<queries.rowCount).map { request(Array(queries.row($0))) }
            let bodies = searches.map { binary ? SearchBatchRequest([$0]).frame() ?? [] : WireJSON.encode($0) }
            let load = try SearchLoad(
                url: client.url, database: database, bodies: bodies, type: binary ? FrameType.vectors : "application/json")
            let measured = try await load.run(connections: connections, seconds: seconds, pace: rate.map { .rate($0) } ?? .asFastAsAnswered)
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
        writer.key("encoding"); writer.string(binary ? "binary" : "json")
        if let rate { writer.key("rate"); writer.double(rate) }
        writer.key("microseconds")
        measured.latencies.write(to: &writer)
        writer.key("client_cpu_seconds"); writer.double(measured.cpuSeconds)
        writer.endObject()
        return writer.bytes
    }
}
