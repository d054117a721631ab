import ArgumentParser
import JadeCore
import JadeIndex

struct BenchIndex: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "index", abstract: "Builds an index over a file and prints recall against speed, one JSON line a point.",
        discussion: """
            Each line has recall (the part of the true top_k that was found), queries_per_second by the clock and \
            queries_per_cpu_second by processor time, build_seconds, and bytes_per_vector of rows and index together. Without \
            --truth the true neighbours are computed first.

              jadevectordb bench index --base base.fvecs --queries query.fvecs --truth truth.ivecs --metric euclidean --ef 16,32,64,128
              jadevectordb bench index --base base.npy --queries queries.npy --metric cosine --index flat
            """)

    @Option(help: ArgumentHelp("Rows to index.", valueName: "path")) var base: String
    @Option(help: ArgumentHelp("Rows to search near.", valueName: "path")) var queries: String
    @Option(help: ArgumentHelp("Numbers of the nearest rows of each query, nearest first.", valueName: "path")) var truth: String?
    @Option(help: "cosine, euclidean, dot or manhattan.") var metric: Metric
    @Option(help: "hnsw or flat.") var index: IndexSettings.Kind = .hnsw
    @Option(name: .customLong("m"), help: "Links of a node.") var m: Int = IndexSettings().m
    @Option(help: "Candidates kept while building.") var efConstruction: Int = IndexSettings().efConstruction
    @Option(help: ArgumentHelp("Candidates kept by searches, a point each.", valueName: "numbers")) var ef: String = "16,32,64,128,256"
    @Option(help: "Threads that build and threads that search.") var threads = 1
    @Option(help: "Neighbours to find.") var topK = 10
    @Option(help: "Times that all points are measured.") var rounds = 1
    @Option(help: "Seconds that one point is measured at least; every query is asked once at least.") var seconds = 1.0
    @OptionGroup var codes: CodeOptions
    @Flag(help: "Wait for a line of input before each round, so that another program can take turns with this one.") var paced = false

    func validate() throws {
        guard !efValues.isEmpty, efValues.allSatisfy({ (1...Limits.maximumEfSearch).contains($0) }) else {
            throw ValidationError("--ef is \(ef.debugDescription), expected numbers from 1 to \(Limits.maximumEfSearch) with commas between them")
        }
        guard (1...1_024).contains(threads) else { throw ValidationError("--threads is \(threads), expected 1 to 1024") }
        guard (1...1_000).contains(rounds), (0...3_600).contains(seconds) else {
            throw ValidationError("--rounds takes 1 to 1000 and --seconds 0 to 3600")
        }
    }

    private var efValues: [Int] {
        let values = ef.split(separator: ",").map { Int($0.filter { !$0.isWhitespace }) }
        return values.contains(nil) ? [] : values.compactMap { $0 }
    }

    func run() throws {
        let queries = try Matrix(path: queries)
        let built = try BuiltIndex(rows: Matrix(path: base), metric: metric, settings: settings, threads: threads)
        guard queries.dimension == built.dimension else {
            throw JadeError.invalidArgument("queries have \(queries.dimension) numbers, rows \(built.dimension)")
        }
        let truth = try truth.map { path throws(JadeError) in try Truth(path: path) } ?? built.exact(queries, topK: topK)
        let run = try BenchRun(built: built, queries: queries, truth: truth, topK: topK, threads: threads, seconds: seconds)
        for round in 1...rounds {
            if paced {
                Standard.error("ready")
                guard readLine() != nil else { return }
            }
            for ef in settings.kind == .flat ? [efValues[0]] : efValues { Standard.out(run.point(ef: ef, round: round)) }
            if paced { Standard.out("") }
        }
    }

    private var settings: IndexSettings {
        codes.settings(IndexSettings(kind: index, m: m, efConstruction: efConstruction))
    }
}
