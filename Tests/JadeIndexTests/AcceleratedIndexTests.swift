import JadeCore
import JadeIndex
import JadeTestSupport
import Testing

@Suite("Accelerated index")
struct AcceleratedIndexTests {
    @Test("the graph finds what an exact search finds", arguments: ElementType.float32.metrics)
    func recallOfGraph(metric: Metric) throws {
        let vectors = TestVectors(count: 4000, queries: 50, dimension: 48, seed: 1)
        let index = try AcceleratedIndex(dimension: 48, metric: metric, settings: IndexSettings(m: 16, efConstruction: 120))
        #expect(try index.add(rows: vectors.rows, threads: 1) == 0..<4000)
        #expect(try recall(vectors, index, efSearch: 100) >= 0.97)
    }

    @Test("a graph built by several threads is as good")
    func recallOfParallelBuild() throws {
        let vectors = TestVectors(count: 6000, queries: 50, dimension: 32, seed: 2)
        let index = try AcceleratedIndex(dimension: 32, metric: .euclidean)
        _ = try index.add(rows: vectors.rows, threads: 4)
        #expect(index.count == 6000)
        #expect(try recall(vectors, index, efSearch: 100) >= 0.97)
    }

    @Test("exact search agrees with the definition of the metric", arguments: ElementType.float32.metrics)
    func exactSearch(metric: Metric) throws {
        let vectors = TestVectors(count: 700, queries: 10, dimension: 33, seed: 3)
        let index = try AcceleratedIndex(dimension: 33, metric: metric, settings: IndexSettings(kind: .flat))
        _ = try index.add(rows: vectors.rows)
        for query in 0..<vectors.queryCount {
            let values = vectors.query(query)
            let matches = try index.search(values, topK: 20)
            let truth = (0..<700).map { (distance: referenceDistance(metric, values, vectors.row($0)), ordinal: $0) }
                .sorted { $0 < $1 }.prefix(20)
            for (match, expected) in zip(matches, truth) {
                let wanted = metric.score(fromDistance: Float(expected.distance))
                let tolerance = 2e-5 * max(1, abs(wanted))
                #expect(abs(match.score - wanted) <= tolerance)
            }
            let scores = matches.map(\.score)
            #expect(scores == (metric.largerIsCloser ? scores.sorted(by: >) : scores.sorted()))
        }
    }

    @Test("a batch through matrix products gives the answers of single searches", arguments: ElementType.float32.metrics)
    func exactBatch(metric: Metric) throws {
        let vectors = TestVectors(count: 9000, queries: 70, dimension: 40, seed: 4)
        let index = try AcceleratedIndex(dimension: 40, metric: metric, settings: IndexSettings(kind: .flat))
        _ = try index.add(rows: vectors.rows)
        for ordinal in stride(from: 0, to: 9000, by: 7) { index.remove(UInt32(ordinal)) }
        let batch = try index.exactSearch(batch: vectors.queries, topK: 25)
        #expect(batch.count == 70)
        for query in 0..<70 {
            #expect(batch[query] == (try index.search(vectors.query(query), topK: 25, exact: true)))
            #expect(batch[query].allSatisfy { $0.ordinal % 7 != 0 })
        }
    }

    @Test("removed rows never come back and others fill their places", arguments: [false, true])
    func removal(compacts: Bool) throws {
        let vectors = TestVectors(count: 3000, queries: 30, dimension: 24, seed: 5)
        let index = try AcceleratedIndex(dimension: 24, metric: .euclidean)
        _ = try index.add(rows: vectors.rows, threads: 2)
        for ordinal in 0..<3000 where ordinal % 3 != 0 { #expect(index.remove(UInt32(ordinal))) }
        if compacts { index.compact(threads: 2) }
        #expect(!index.remove(1))
        #expect(!index.remove(3000))
        #expect(index.count == 1000)
        #expect(index.values(of: 1) == nil)
        #expect(index.values(of: 3) == vectors.row(3))
        #expect(try recall(vectors, index, efSearch: 100, hidden: { $0 % 3 != 0 }) >= 0.97)
        for query in 0..<30 {
            let matches = try index.search(vectors.query(query), topK: 40)
            #expect(matches.count == 40)
            #expect(matches.allSatisfy { $0.ordinal % 3 == 0 })
        }
    }

    @Test("k results whenever k rows exist, even when nearly all were removed")
    func fewSurvivors() throws {
        let vectors = TestVectors(count: 2000, queries: 5, dimension: 16, seed: 6)
        let index = try AcceleratedIndex(dimension: 16, metric: .cosine)
        _ = try index.add(rows: vectors.rows)
        for ordinal in 0..<2000 where ordinal % 400 != 0 { index.remove(UInt32(ordinal)) }
        for query in 0..<5 {
            let ordinals = try index.search(vectors.query(query), topK: 10, efSearch: 10).map(\.ordinal)
            #expect(Set(ordinals) == [0, 400, 800, 1200, 1600])
        }
    }

    @Test("equal vectors come in order of their addition", arguments: IndexSettings.Kind.allCases)
    func ties(kind: IndexSettings.Kind) throws {
        let index = try AcceleratedIndex(dimension: 4, metric: .euclidean, settings: IndexSettings(kind: kind))
        for _ in 0..<50 { try index.add([1, 2, 3, 4]) }
        #expect(try index.search([1, 2, 3, 4], topK: 10, efSearch: 64).map(\.ordinal) == Array(0..<10))
    }

    @Test("a zero vector has cosine 0 to everything")
    func zeroVector() throws {
        let index = try AcceleratedIndex(dimension: 2, metric: .cosine)
        _ = try index.add(rows: [0, 0, 1, 0, 0, 1])
        #expect(try index.search([1, 0], topK: 3).map(\.score) == [1, 0, 0])
        #expect(try index.search([0, 0], topK: 3).map(\.score) == [0, 0, 0])
    }

    @Test("an empty index answers with nothing")
    func empty() throws {
        for kind in IndexSettings.Kind.allCases {
            let index = try AcceleratedIndex(dimension: 3, metric: .dot, settings: IndexSettings(kind: kind))
            #expect(try index.search([1, 2, 3], topK: 5).isEmpty)
            #expect(try index.exactSearch(batch: [1, 2, 3], topK: 5) == [[]])
        }
    }

    @Test("searches run beside additions and miss nothing that was added before")
    func concurrentAdditions() async throws {
        let vectors = TestVectors(count: 4000, queries: 1, dimension: 16, seed: 7)
        let index = try AcceleratedIndex(dimension: 16, metric: .euclidean)
        _ = try index.add(rows: Array(vectors.rows[..<(500 * 16)]))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for start in stride(from: 500, to: 4000, by: 100) {
                    _ = try index.add(rows: Array(vectors.rows[start * 16..<(start + 100) * 16]), threads: 2)
                }
            }
            for reader in 0..<3 {
                group.addTask {
                    var random = SeededRandom(seed: UInt64(reader))
                    for _ in 0..<400 {
                        let end = index.rowEnd
                        let ordinal = Int.random(in: 0..<end, using: &random)
                        let best = try #require(try index.search(vectors.row(ordinal), topK: 1, efSearch: 80).first)
                        #expect(best.score == 0)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(index.count == 4000)
    }

    @Test("bad input is refused with its values and changes nothing")
    func badInput() throws {
        let index = try AcceleratedIndex(dimension: 3, metric: .cosine)
        #expect(throws: JadeError.invalidArgument("4 components are no whole number of rows of 3")) {
            try index.add(rows: [1, 2, 3, 4])
        }
        #expect(throws: JadeError.invalidArgument("component 1 of the vector is nan, expected a finite number")) {
            try index.add(rows: [1, 2, 3, 1, .nan, 3])
        }
        #expect(throws: JadeError.self) { try index.add([.infinity, 0, 0]) }
        #expect(throws: JadeError.self) { try index.add([1e30, 0, 0]) }
        #expect(throws: JadeError.invalidArgument("vector has 2 dimensions, the index expects 3")) {
            try index.search([1, 2], topK: 1)
        }
        #expect(throws: JadeError.invalidArgument("top_k is 0, expected 1 to 10000")) { try index.search([1, 2, 3], topK: 0) }
        #expect(throws: JadeError.self) { try AcceleratedIndex(dimension: 0, metric: .dot) }
        #expect(throws: JadeError.self) {
            try AcceleratedIndex(dimension: 3, metric: .dot, settings: IndexSettings(m: 1))
        }
        #expect(index.count == 0)
    }
}
