import ArgumentParser
import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeJSON

struct BenchFilter: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "filter", abstract: "Measures filtered searches of an engine in this process, and what they find, one JSON line for each point.",
        discussion: """
            Every row has a number of its own in each field, from 0 on: `--ranks` names a file with a column for each, otherwise there is one \
            field of shuffled numbers. A filter lets the rows below a number through, so that it matches the share that is asked for. \
            Recall is against an exact search with the same filter. The rows of a filter that was asked lately are known, until \
            something is written: unless --repeat-filters is given, each query has a filter of its own that matches the same rows.

              jadevectordb bench filter --base base.npy --queries queries.npy --metric cosine --shares 0.5,0.1,0.01,0.001 --ef 64,128
            """)

    @Option(help: ArgumentHelp("Rows to index.", valueName: "path")) var base: String
    @Option(help: ArgumentHelp("Rows to search near.", valueName: "path")) var queries: String
    @Option(help: ArgumentHelp("A row of ranks for each row.", valueName: "path")) var ranks: String?
    @Option(help: "cosine, euclidean, dot or manhattan.") var metric: Metric
    @Option(help: "Codes that the graph is searched by.") var quantization: IndexSettings.Quantization = .none
    @Option(help: ArgumentHelp("Parts of the rows that match, a point each.", valueName: "numbers")) var shares = "0.5,0.1,0.01,0.001"
    @Option(help: ArgumentHelp("Candidates kept by a search, a point each.", valueName: "numbers")) var ef = "64"
    @Option(help: "Results of one search.") var topK = 10
    @Option(help: "Times that all points are measured.") var rounds = 1
    @Option(help: "Seconds that one point is measured at least; every query is asked once at least.") var seconds = 1.0
    @Flag(help: "Ask all queries with one filter.") var repeatFilters = false
    @Option(help: ArgumentHelp("Where the database is made, and removed again. (default: the folder for temporary files)", valueName: "path")) var folder: String?
    @Flag(help: "Wait for a line of input before each round, so that another program can take turns with this one.") var paced = false

    private static let database = "docs"
    private static let batch = 1_000

    func validate() throws {
        let numbers = BenchIndex.numbers(shares) ?? []
        guard !numbers.isEmpty, numbers.allSatisfy({ $0 > 0 && $0 <= 1 }) else {
            throw ValidationError("--shares is \(shares.debugDescription), expected numbers above 0 to 1 with commas between them")
        }
        guard let values = BenchIndex.numbers(ef), values.allSatisfy((1...Double(Limits.maximumEfSearch)).contains) else {
            throw ValidationError("--ef is \(ef.debugDescription), expected numbers from 1 to \(Limits.maximumEfSearch)")
        }
        guard (1...1_000).contains(rounds), (0...3_600).contains(seconds) else {
            throw ValidationError("--rounds takes 1 to 1000 and --seconds 0 to 3600")
        }
    }

    func run() async throws {
        let (base, queries) = (try Matrix(path: base), try Matrix(path: queries))
        let ranks = try ranks.map { path throws(JadeError) in try Matrix(path: path) } ?? Self.shuffled(base.rowCount)
        guard ranks.rowCount >= base.rowCount else {
            throw JadeError.invalidArgument("there are ranks of \(ranks.rowCount) rows, needed are \(base.rowCount)")
        }
        let path = "\(folder ?? NSTemporaryDirectory())/jade-filter-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let engine = try Engine(EngineConfiguration(dataDirectory: path))
        defer { engine.shutdown() }
        try await fill(engine, base, ranks)
        for round in 1...rounds {
            if paced {
                Standard.error("ready")
                guard readLine() != nil else { return }
            }
            for column in 0..<ranks.dimension {
                for share in BenchIndex.numbers(shares) ?? [] {
                    let path = try FieldPath(Self.field(column))
                    let first = (share * Double(base.rowCount)).rounded(.up) - 1
                    let filters = (0..<queries.rowCount).map { query in
                        // Between two numbers: they all match the same rows.
                        let part = repeatFilters ? 0.5 : Double(query + 1) / Double(queries.rowCount + 1)
                        return Filter.range(path, .number(lower: nil, upper: .init(first + part, inclusive: false)))
                    }
                    try await points(engine, queries, filters, column: column, share: share, round: round)
                }
            }
            if paced { Standard.out("") }
        }
    }

    private static func field(_ column: Int) -> String { "rank\(column)" }

    private static func shuffled(_ count: Int) -> Matrix {
        Matrix(rowCount: count, dimension: 1, values: (0..<count).map(Float.init).shuffled())
    }

    /// Waits until the graph holds every row.
    private func fill(_ engine: Engine, _ base: Matrix, _ ranks: Matrix) async throws {
        _ = try await engine.createDatabase(
            DatabaseSpecification(
                name: Self.database, dimension: base.dimension, metric: metric, index: IndexSettings(quantization: quantization)))
        for start in stride(from: 0, to: base.rowCount, by: Self.batch) {
            let records = (start..<min(start + Self.batch, base.rowCount)).map { row in
                var metadata: Metadata = [:]
                for (column, rank) in ranks.row(row).enumerated() { metadata[Self.field(column)] = .integer(Int64(rank)) }
                return VectorRecord(id: VectorID(UInt64(row)), values: Array(base.row(row)), metadata: metadata)
            }
            _ = try await engine.upsert(records, into: Self.database)
        }
        while try await engine.describeDatabase(Self.database).index.pending > 0 { try await Task.sleep(for: .milliseconds(50)) }
    }

    private func points(
        _ engine: Engine, _ queries: Matrix, _ filters: [Filter], column: Int, share: Double, round: Int
    ) async throws {
        var truth: [[VectorID]] = []
        for query in 0..<queries.rowCount {
            let request = SearchRequest(query: .values(Array(queries.row(query))), topK: topK, filter: filters[query], exact: true)
            truth.append(try await engine.search(request, in: Self.database).results.map(\.id))
        }
        for ef in (BenchIndex.numbers(ef) ?? []).map({ Int($0) }) {
            let requests = (0..<queries.rowCount).map {
                SearchRequest(query: .values(Array(queries.row($0))), topK: topK, efSearch: ef, filter: filters[$0], explain: true)
            }
            var (found, least, strategies) = (0, topK, Set<String>())
            for (request, wanted) in zip(requests, truth) {
                let answer = try await engine.search(request, in: Self.database)
                found += Set(answer.results.map(\.id)).intersection(wanted).count
                if wanted.count == topK { least = min(least, answer.results.count) }
                if let plan = answer.plan { strategies.insert(plan.strategy.rawValue) }
            }
            // To be explained costs a look at every row that matches.
            let rate = try await measure(engine, requests.map { request in
                var request = request
                request.explain = false
                return request
            })
            let wanted = max(truth.reduce(0) { $0 + $1.count }, 1)
            Standard.out(
                Self.line { writer in
                    writer.key("field"); writer.integer(column)
                    writer.key("share"); writer.double(share)
                    writer.key("ef"); writer.integer(ef)
                    writer.key("round"); writer.integer(round)
                    writer.key("strategies"); writer.string(strategies.sorted().joined(separator: ","))
                    writer.key("recall"); writer.double(Double(found) / Double(wanted))
                    writer.key("fewest_results"); writer.integer(least)
                    writer.key("queries_per_cpu_second"); writer.double(rate)
                })
        }
    }

    /// Searches a second of processor time, one after the other.
    private func measure(_ engine: Engine, _ requests: [SearchRequest]) async throws -> Double {
        let watch = Stopwatch()
        var asked = 0
        while asked == 0 || watch.seconds < seconds {
            for request in requests { _ = try await engine.search(request, in: Self.database) }
            asked += requests.count
        }
        return Double(asked) / watch.cpuSeconds
    }

    private static func line(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        write(&writer)
        writer.endObject()
        return writer.bytes
    }
}
