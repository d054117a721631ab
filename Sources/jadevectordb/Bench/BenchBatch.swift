import ArgumentParser
import Foundation
import JadeCore
import JadeIndex
import JadeJSON

struct BenchBatch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "batch", abstract: "Searches exactly for all queries of a file at once and prints how fast, one JSON line a round.",
        discussion: """
            One thread. With --coded, codes of 8 bits are made of the rows first: they exclude most rows, the rest is compared as it is, \
            and the answers are the same.

              jadevectordb bench batch --base base.npy --queries queries.npy --metric euclidean --coded
            """)

    @Option(help: ArgumentHelp("Rows to search in.", valueName: "path")) var base: String
    @Option(help: ArgumentHelp("Rows to search near.", valueName: "path")) var queries: String
    @Option(help: "cosine, euclidean or dot.") var metric: Metric
    @Option(help: "Neighbours to find.") var topK = 10
    @Option(help: "Times that all queries are asked.") var rounds = 3
    @Flag(help: "Make codes of the rows first.") var coded = false
    @Option(help: ArgumentHelp("Where the ordinals found go: for each query top_k numbers of 32 bits, -1 where there are fewer.", valueName: "path"))
    var answers: String?
    @Flag(help: "Wait for a line of input before each round, so that another program can take turns with this one.") var paced = false

    func validate() throws {
        guard (1...1_000).contains(rounds) else { throw ValidationError("--rounds is \(rounds), expected 1 to 1000") }
    }

    func run() throws {
        let queries = try Matrix(path: queries)
        let built = try BuiltIndex(rows: Matrix(path: base), metric: metric, settings: IndexSettings(kind: .flat), threads: 1)
        guard queries.dimension == built.dimension else {
            throw JadeError.invalidArgument("queries have \(queries.dimension) numbers, rows \(built.dimension)")
        }
        if coded { built.index.prepareBatchSearch() }
        if paced { Standard.error("ready") }
        for round in 1...rounds {
            if paced, readLine() == nil { return }
            let watch = Stopwatch()
            let found = try built.index.exactSearch(batch: queries.values, topK: topK)
            let (seconds, cpuSeconds) = (watch.seconds, watch.cpuSeconds)
            if let answers, round == 1 { try write(found, to: answers) }
            Standard.out(line(built, round: round, queries: queries.rowCount, seconds: seconds, cpuSeconds: cpuSeconds))
        }
    }

    private func line(_ built: BuiltIndex, round: Int, queries: Int, seconds: Double, cpuSeconds: Double) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("round"); writer.integer(round)
        writer.key("rows"); writer.integer(built.rowCount)
        writer.key("dimension"); writer.integer(built.dimension)
        writer.key("queries"); writer.integer(queries)
        writer.key("coded"); writer.bool(coded)
        writer.key("bytes_per_vector"); writer.double(built.bytesPerVector)
        writer.key("seconds"); writer.double(seconds)
        writer.key("cpu_seconds"); writer.double(cpuSeconds)
        writer.endObject()
        return writer.bytes
    }

    private func write(_ found: [[AcceleratedIndex.Match]], to path: String) throws {
        var bytes = Data(capacity: found.count * topK * 4)
        for matches in found {
            for rank in 0..<topK {
                let ordinal = rank < matches.count ? Int32(bitPattern: matches[rank].ordinal) : -1
                withUnsafeBytes(of: ordinal.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        try bytes.write(to: URL(fileURLWithPath: path))
    }
}
