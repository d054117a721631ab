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
              jadevectordb bench index --base base.npy --queries queries.npy --metric cosine --tune --recall 0.95
              jadevectordb bench index --base base.npy --queries queries.npy --metric cosine --index ivf --quantization pq --nprobe 8,16,32 --oversampling 4,8
            """)

    @Option(help: ArgumentHelp("Rows to index.", valueName: "path")) var base: String
    @Option(help: ArgumentHelp("Rows to search near.", valueName: "path")) var queries: String
    @Option(help: ArgumentHelp("Numbers of the nearest rows of each query, nearest first.", valueName: "path")) var truth: String?
    @Option(help: "cosine, euclidean, dot or manhattan.") var metric: Metric
    @Option(help: "hnsw, ivf or flat.") var index: IndexSettings.Kind = .hnsw
    @Option(name: .customLong("m"), help: "Links of a node.") var m: Int = IndexSettings().m
    @Option(help: "Candidates kept while building.") var efConstruction: Int = IndexSettings().efConstruction
    @Option(help: ArgumentHelp("Candidates kept by searches of a graph, a point each.", valueName: "numbers")) var ef: String = "16,32,64,128,256"
    @Option(help: "Lists of an ivf index; 0 takes twice the square root of the number of rows.") var nlist = 0
    @Option(help: ArgumentHelp("Lists that searches look through, a point each.", valueName: "numbers")) var nprobe: String = "4,8,16,32,64"
    @Option(help: "Pieces of a pq code; 0 takes one for every second component, for every fourth beyond 256 dimensions.") var pqSubspaces = 0
    @Option(help: "Codes that the index is searched by: none, sq8, sq4, pq, rabitq, rabitq4 or rabitq8.")
    var quantization: IndexSettings.Quantization = .none
    @Option(help: "Fewer dimensions that a graph is searched by: none, pca or truncate.") var reduction: IndexSettings.Reduction = .none
    @Option(help: "How many dimensions are left; 0 leaves half.") var reducedDimension = 0
    @Option(help: ArgumentHelp("How many times the wanted results are compared with the rows after a search by codes, a point each.", valueName: "numbers"))
    var oversampling: String?
    @Flag(help: "Answer with what the codes say, without comparing with the rows.") var noRescore = false
    @Option(help: "Threads that build and threads that search.") var threads = 1
    @Option(help: "Neighbours to find.") var topK = 10
    @Option(help: "Times that all points are measured.") var rounds = 1
    @Option(help: "Seconds that one point is measured at least; every query is asked once at least.") var seconds = 1.0
    @Flag(help: "Look for the settings that reach --recall soonest, with several indexes, instead of measuring points.") var tune = false
    @Option(help: "What --tune is to reach.") var recall = 0.95
    @Flag(help: "Wait for a line of input before each round, so that another program can take turns with this one.") var paced = false

    func validate() throws {
        try Self.require("--ef", Self.numbers(ef), ef, 1...Double(Limits.maximumEfSearch))
        try Self.require("--nprobe", Self.numbers(nprobe), nprobe, 1...Double(Limits.maximumLists))
        if let oversampling { try Self.require("--oversampling", Self.numbers(oversampling), oversampling, 1...Limits.maximumOversampling) }
        guard Limits.recallRange.contains(recall) else { throw ValidationError("--recall is \(recall), expected 0.1 to 0.999") }
        guard (1...1_024).contains(threads) else { throw ValidationError("--threads is \(threads), expected 1 to 1024") }
        guard (1...1_000).contains(rounds), (0...3_600).contains(seconds) else {
            throw ValidationError("--rounds takes 1 to 1000 and --seconds 0 to 3600")
        }
    }

    private static func require(_ name: String, _ values: [Double]?, _ text: String, _ range: ClosedRange<Double>) throws {
        guard let values, !values.isEmpty, values.allSatisfy(range.contains) else {
            throw ValidationError(
                "\(name) is \(text.debugDescription), expected numbers from \(Int(range.lowerBound)) to \(Int(range.upperBound)) with commas between them")
        }
    }

    static func numbers(_ text: String) -> [Double]? {
        let values = text.split(separator: ",").map { Double($0.filter { !$0.isWhitespace }) }
        return values.contains(nil) ? nil : values.compactMap { $0 }
    }

    /// What is measured, point by point.
    private var efforts: [SearchEffort] {
        let settings = settings
        let factors = oversampling.flatMap { Self.numbers($0) } ?? [settings.oversampling]
        return factors.flatMap { factor -> [SearchEffort] in
            switch settings.kind {
            case .flat: [SearchEffort(settings)]
            case .hnsw: (Self.numbers(ef) ?? []).map { SearchEffort(settings, ef: Int($0), oversampling: factor) }
            case .ivf: (Self.numbers(nprobe) ?? []).map { SearchEffort(settings, nprobe: Int($0), oversampling: factor) }
            }
        }
    }

    func run() throws {
        let queries = try Matrix(path: queries)
        guard !tune else { return try tuned(queries) }
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
            for effort in efforts { Standard.out(run.point(effort, round: round)) }
            if paced { Standard.out("") }
        }
    }

    /// A line for each index that was tried, with the least effort that reaches the recall, and the quickest once more.
    private func tuned(_ queries: Matrix) throws {
        let rows = try Matrix(path: base)
        var truth = try truth.map { path throws(JadeError) in try Truth(path: path) }
        var best: BenchTune.Found?
        for settings in BenchTune.candidates(settings) {
            let built = try BuiltIndex(rows: rows, metric: metric, settings: settings, threads: threads)
            let known = try truth ?? built.exact(queries, topK: topK)
            truth = known
            let run = try BenchRun(built: built, queries: queries, truth: known, topK: topK, threads: threads, seconds: seconds)
            guard let found = BenchTune.search(run, settings, recall: recall) else {
                Standard.error("\(settings.summary) does not reach a recall of \(recall)")
                continue
            }
            Standard.out(found.line)
            if found.queriesPerCPUSecond > best?.queriesPerCPUSecond ?? 0 { best = found }
        }
        guard let best else { throw JadeError.notFound("no settings that were tried reach a recall of \(recall)") }
        Standard.error("quickest at a recall of \(recall): \(best.settings.summary), \(best.effortSummary)")
        Standard.out(best.line)
    }

    private var settings: IndexSettings {
        var settings = IndexSettings(
            kind: index, m: m, efConstruction: efConstruction, quantization: quantization, reduction: reduction,
            reducedDimension: reducedDimension, rescore: !noRescore)
        (settings.nlist, settings.pqSubspaces) = (nlist, pqSubspaces)
        return settings
    }
}
