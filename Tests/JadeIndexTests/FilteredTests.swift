import JadeCore
import JadeIndex
import JadeKernels
import JadeTestSupport
import Testing

/// Searches of a graph that may return a part of the rows only.
@Suite("Filtered graph search")
struct FilteredTests {
    private static let count = 12_000

    /// Which rows a filter admits.
    enum Matches: String, CaseIterable {
        /// Any.
        case random
        /// Those closest to a query.
        case near
        /// Those farthest from all queries.
        case far
    }

    @Test(
        "recall is at least 0.95 and k results come, whatever part matches and wherever it lies", arguments: Matches.allCases,
        [0.5, 0.3, 0.1, 0.05, 0.01, 0.001])
    func recall(matches: Matches, part: Double) throws {
        let world = try World.shared.get()
        var random = SeededRandom(seed: 61)
        var (found, wanted) = (0, 0)
        for number in 0..<15 {
            let query = world.vectors.query(number)
            let bitmap = world.bitmap(matches, part, query: query, &random)
            let (graph, exact) = bitmap.withUnsafeBufferPointer { words in
                query.withUnsafeBufferPointer { query in world.search(query.baseAddress!, words, part) }
            }
            #expect(graph.count == exact.count)
            #expect(Set(graph.map(\.ordinal)).count == graph.count)
            for hit in graph { #expect(bitmap[Int(hit.ordinal) / 64] >> UInt64(hit.ordinal % 64) & 1 == 1) }
            let nearest = Set(exact.map(\.ordinal))
            found += graph.count { nearest.contains($0.ordinal) }
            wanted += exact.count
        }
        #expect(Double(found) >= 0.95 * Double(wanted), "\(found) of \(wanted)")
    }

    @Test("the cost of a search through the graph grows as less of it matches, up to the two hops and beyond them")
    func costs() {
        let shares = [0, 0.2, 0.5, 0.97, 0.99, 0.999]
        let costs = shares.map { HiddenRows.graphCost(ef: 64, m: 16, share: $0) }
        #expect(costs == costs.sorted())
        // Hidden rows are not compared: more of them only ask for more places to begin.
        #expect(HiddenRows.graphCost(ef: 64, m: 16, share: 0.9) < 2 * HiddenRows.graphCost(ef: 64, m: 16, share: 0.6))
        #expect(HiddenRows.graphCost(ef: 64, m: 16, share: 1) > 1e9)
    }

    private final class World: Sendable {
        static let shared = Result { try World() }
        let vectors = TestVectors(count: count, queries: 25, dimension: 24, clusters: 30, seed: 60)
        let rows: RowSource
        let index: HNSWIndex
        let scan: ExactScan

        init() throws {
            let kernels = try Kernels.selected()
            // Lives as long as the program.
            let memory = UnsafeMutablePointer<Float>.allocate(capacity: vectors.rows.count)
            memory.initialize(from: vectors.rows, count: vectors.rows.count)
            rows = RowSource(base: memory, stride: 96, dimension: 24, metric: .euclidean, scales: nil)
            index = try HNSWIndex(rows: rows, settings: IndexSettings(), kernels: kernels)
            try index.build(0..<count, workers: .system(2), include: { _ in true }, progress: nil)
            scan = ExactScan(rows: rows, kernels: kernels)
        }

        func bitmap(_ matches: Matches, _ part: Double, query: [Float], _ random: inout SeededRandom) -> [UInt64] {
            let wanted = Int(Double(count) * part)
            let chosen: ArraySlice<UInt32> =
                switch matches {
                case .random: (0..<UInt32(count)).shuffled(using: &random)[..<wanted]
                case .near: ordered(by: query)[..<wanted]
                case .far: ordered(by: query)[(count - wanted)...]
                }
            var words = [UInt64](repeating: 0, count: count / 64 + 1)
            for ordinal in chosen { words[Int(ordinal) / 64] |= 1 << UInt64(ordinal % 64) }
            return words
        }

        private func ordered(by query: [Float]) -> [UInt32] {
            let all = Visibility(stamps: nil, sequence: .max)
            return query.withUnsafeBufferPointer {
                scan.search($0.baseAddress!, k: count, in: 0..<count, all, hidesRows: false).map(\.ordinal)
            }
        }

        /// As a shard does it: the graph, and where it gives too little the rows that match.
        func search(
            _ query: UnsafePointer<Float>, _ words: UnsafeBufferPointer<UInt64>, _ part: Double
        ) -> (graph: [Neighbor], exact: [Neighbor]) {
            let visibility = Visibility(
                stamps: nil, sequence: .max, allowed: words.baseAddress, allowedWords: words.count)
            let exact = scan.searchAllowed(query, k: 10, in: 0..<count, visibility)
            let graph = index.search(query, k: 10, ef: 100, visibility, hidden: 1 - part, below: .max)
            return (graph.count < exact.count ? exact : graph, exact)
        }
    }
}
