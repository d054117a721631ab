import ArgumentParser
import JadeAPI
import JadeCore
import JadeEngine
import JadeJSON

struct BenchEngine: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine", abstract: "Searches a data folder inside this process, without a server, and prints one JSON line.",
        discussion: """
            The counterpart of bench server: the same searches over the same files, without HTTP and JSON. No server may have the \
            folder open.

              jadevectordb bench engine packages --data-directory ./data --queries queries.npy --concurrency 8
            """)

    @Argument(help: "Name or id of the database.") var database: String
    @Option(help: ArgumentHelp("The data folder of a server.", valueName: "path")) var dataDirectory: String
    @Option(help: ArgumentHelp("Rows to search near.", valueName: "path")) var queries: String
    @Option(help: "Searches under way at a time.") var concurrency = 8
    @Option(help: "Results of one search.") var topK = 10
    @Option(help: "Candidates that a search keeps.") var efSearch: Int?
    @Option(help: "Seconds to measure.") var seconds = 5.0
    @Flag(help: "Compare with every vector instead of using the index.") var exact = false

    func validate() throws {
        guard (1...1_024).contains(concurrency), (0.1...3_600).contains(seconds) else {
            throw ValidationError("--concurrency takes 1 to 1024 and --seconds 0.1 to 3600")
        }
    }

    func run() async throws {
        let queries = try Matrix(path: queries)
        guard queries.rowCount > 0 else { throw JadeError.invalidArgument("\(self.queries) holds no rows") }
        let engine = try Engine(EngineConfiguration(dataDirectory: dataDirectory))
        defer { engine.shutdown() }
        let requests = (0..<queries.rowCount).map {
            SearchRequest(query: .values(Array(queries.row($0))), topK: topK, efSearch: efSearch, exact: exact)
        }
        // Says what is wrong with the first search, and brings the pages in.
        for request in requests { _ = try await engine.search(request, in: database) }
        let watch = Stopwatch()
        let answered = try await ask(engine, requests, watch)
        Standard.out(line(answered, watch))
    }

    private func ask(_ engine: Engine, _ requests: [SearchRequest], _ watch: Stopwatch) async throws -> LatencyHistogram {
        try await withThrowingTaskGroup(of: LatencyHistogram.self) { group in
            for start in 0..<concurrency {
                group.addTask { [database, seconds, concurrency] in
                    var (count, latencies) = (0, LatencyHistogram())
                    while watch.seconds < seconds {
                        let begin = watch.seconds
                        _ = try await engine.search(requests[(start + count * concurrency) % requests.count], in: database)
                        latencies.record(microseconds: Int((watch.seconds - begin) * 1_000_000))
                        count += 1
                    }
                    return latencies
                }
            }
            return try await group.reduce(into: LatencyHistogram()) { $0.add($1) }
        }
    }

    private func line(_ latencies: LatencyHistogram, _ watch: Stopwatch) -> [UInt8] {
        let answered = Int(latencies.total)
        let seconds = watch.seconds
        let cpu = watch.cpuSeconds
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("concurrency"); writer.integer(concurrency)
        writer.key("top_k"); writer.integer(topK)
        writer.key("queries"); writer.integer(answered)
        writer.key("queries_per_second"); writer.double(Double(answered) / seconds)
        writer.key("microseconds")
        latencies.write(to: &writer)
        writer.key("cpu_microseconds_per_query"); writer.double(cpu / Double(max(answered, 1)) * 1e6)
        writer.endObject()
        return writer.bytes
    }
}
