import Foundation
import JadeCore
import JadeIndex
import JadeJSON
import Synchronization

/// Searches all queries again and again and says how good and how fast.
struct BenchRun {
    let built: BuiltIndex
    let queries: Matrix
    let truth: Truth
    let topK: Int
    let threads: Int
    let seconds: Double

    init(built: BuiltIndex, queries: Matrix, truth: Truth, topK: Int, threads: Int, seconds: Double) throws(JadeError) {
        guard truth.rowCount >= queries.rowCount, truth.depth >= min(topK, built.rowCount) else {
            throw .invalidArgument(
                "the truth has \(truth.depth) neighbours of \(truth.rowCount) queries, needed are \(topK) of \(queries.rowCount)")
        }
        guard queries.rowCount > 0 else { throw .invalidArgument("there are no queries") }
        self.built = built
        self.queries = queries
        self.truth = truth
        self.topK = topK
        self.threads = threads
        self.seconds = seconds
    }

    /// One JSON line.
    func point(_ effort: SearchEffort, round: Int) -> [UInt8] { measured(effort, round: round).line }

    /// The line, and the rate by processor time.
    func measured(_ effort: SearchEffort, round: Int) -> (line: [UInt8], queriesPerCPUSecond: Double) {
        let recall = recall(effort)
        let watch = Stopwatch()
        let asked = measure(effort, watch)
        let wall = watch.seconds
        let cpu = watch.cpuSeconds
        var writer = JSONWriter()
        writer.beginObject()
        describe(&writer)
        switch built.index.settings.kind {
        case .ivf: writer.key("nprobe"); writer.integer(effort.nprobe)
        case .flat, .hnsw: writer.key("ef"); writer.integer(effort.ef)
        }
        if built.index.settings.readsCodes { writer.key("oversampling"); writer.double(effort.oversampling) }
        writer.key("round"); writer.integer(round)
        writer.key("recall"); writer.double(recall)
        writer.key("queries_per_second"); writer.double(Double(asked) / wall)
        writer.key("queries_per_cpu_second"); writer.double(Double(asked) / cpu)
        writer.endObject()
        return (writer.bytes, Double(asked) / cpu)
    }

    private func describe(_ writer: inout JSONWriter) {
        let settings = built.index.settings
        writer.key("index"); writer.string(settings.kind.rawValue)
        writer.key("metric"); writer.string(built.index.metric.rawValue)
        writer.key("rows"); writer.integer(built.rowCount)
        writer.key("dimension"); writer.integer(built.dimension)
        if settings.kind == .ivf {
            writer.key("nlist"); writer.integer(built.index.training?.nlist ?? 0)
        } else {
            writer.key("m"); writer.integer(settings.m)
            writer.key("ef_construction"); writer.integer(settings.efConstruction)
        }
        writer.key("quantization"); writer.string(settings.quantization.rawValue)
        if settings.reduction != .none {
            writer.key("reduction"); writer.string(settings.reduction.rawValue)
            writer.key("reduced_dimension"); writer.integer(settings.walkedDimension(of: built.dimension))
        }
        writer.key("threads"); writer.integer(threads)
        writer.key("top_k"); writer.integer(topK)
        writer.key("build_seconds"); writer.double(built.buildSeconds)
        writer.key("build_cpu_seconds"); writer.double(built.buildCPUSeconds)
        writer.key("bytes_per_vector"); writer.double(built.bytesPerVector)
    }

    func recall(_ effort: SearchEffort) -> Double {
        let wanted = min(topK, built.rowCount)
        let found = (0..<queries.rowCount).reduce(0) { sum, query in
            let neighbours = Set(truth.row(query).prefix(wanted))
            return sum + search(query, effort).filter { neighbours.contains(Int($0.ordinal)) }.count
        }
        return Double(found) / Double(max(1, wanted * queries.rowCount))
    }

    private func search(_ query: Int, _ effort: SearchEffort) -> [Neighbor] {
        queries.values.withUnsafeBufferPointer { values in
            built.index.search(
                values.baseAddress! + query * queries.dimension, topK: topK, effort: effort, exact: built.index.settings.kind == .flat)
        }
    }

    /// How many queries were answered until the time was up, by all threads together.
    private func measure(_ effort: SearchEffort, _ watch: Stopwatch) -> Int {
        let next = Atomic(0)
        let answered = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            var count = 0
            while true {
                let query = next.wrappingAdd(1, ordering: .relaxed).oldValue
                if query >= queries.rowCount, watch.seconds >= seconds { break }
                _ = search(query % queries.rowCount, effort)
                count += 1
            }
            answered.wrappingAdd(count, ordering: .relaxed)
        }
        return answered.load(ordering: .relaxed)
    }
}
