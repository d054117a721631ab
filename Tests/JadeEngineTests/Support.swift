import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import Logging

/// A data folder of the test's own, removed with the object.
final class DataFolder {
    let path = "/tmp/jade-engine-\(SystemRandomSource().uniqueID())"

    deinit { try? LocalFileSystem().removeTree(path) }

    func open(_ change: (inout EngineConfiguration) -> Void = { _ in }) throws(JadeError) -> Engine {
        var configuration = EngineConfiguration(dataDirectory: path, searchThreads: 2, buildThreads: 2)
        change(&configuration)
        return try Engine(configuration)
    }

    /// A copy of the folder as it is now: what a process that is killed now would leave.
    func copy() throws(JadeError) -> DataFolder {
        let copy = DataFolder()
        try Self.copyTree(path, copy.path)
        return copy
    }

    private static func copyTree(_ from: String, _ to: String) throws(JadeError) {
        let files = LocalFileSystem()
        try files.createDirectory(to)
        for name in try files.list(from) {
            if try files.isDirectory("\(from)/\(name)") {
                try copyTree("\(from)/\(name)", "\(to)/\(name)")
            } else {
                try files.replaceFile("\(to)/\(name)", with: try files.readFile("\(from)/\(name)", limit: 1 << 30))
            }
        }
    }
}

/// What a database must hold, and how its searches must answer: a dictionary and the definition of the metric.
struct Model {
    let metric: Metric
    var vectors: [VectorID: VectorRecord] = [:]

    func score(_ left: [Float], _ right: [Float]) -> Double {
        let pairs = zip(left, right).map { (Double($0), Double($1)) }
        let dot = pairs.reduce(0) { $0 + $1.0 * $1.1 }
        switch metric {
        case .euclidean: return pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
        case .dot: return dot
        case .manhattan: return pairs.reduce(0) { $0 + abs($1.0 - $1.1) }
        case .hamming: return pairs.reduce(0) { $0 + ($1.0 != $1.1 ? 1 : 0) }
        case .jaccard:
            let either = pairs.reduce(0) { $0 + max($1.0, $1.1) }
            return either > 0 ? 1 - dot / either : 0
        case .cosine:
            let lengths = (pairs.reduce(0) { $0 + $1.0 * $1.0 } * pairs.reduce(0) { $0 + $1.1 * $1.1 }).squareRoot()
            return lengths > 0 ? dot / lengths : 0
        }
    }

    func nearest(_ query: [Float], _ topK: Int, _ filter: Filter?) -> [(id: VectorID, score: Double)] {
        let scored = vectors.values
            .filter { filter?.matches($0.metadata) ?? true }
            .map { (id: $0.id, score: score(query, $0.values)) }
        return Array(scored.sorted { metric.largerIsCloser ? $0.score > $1.score : $0.score < $1.score }.prefix(topK))
    }
}

/// For engines that are meant to meet errors.
let silentLogger = Logger(label: "silent") { _ in SwiftLogNoOpLogHandler() }
