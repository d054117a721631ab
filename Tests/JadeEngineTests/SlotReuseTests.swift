import JadeAPI
import JadeCore
import JadeEngine
import JadeTestSupport
import Testing

/// Slots of dead vectors go to new ones: space stays flat, and no search takes one for the other.
@Suite("Slot reuse")
struct SlotReuseTests {
    private static let count = 600
    private static let dimension = 16

    @Test(
        "space stays flat and every vector is found while all are replaced again and again, through kills and restarts",
        arguments: IndexSettings.Kind.allCases, ElementType.float32.metrics)
    func replacedAgainAndAgain(kind: IndexSettings.Kind, metric: Metric) async throws {
        guard kind != .ivf || Metric.ofProducts.contains(metric) else { return }
        var random = SeededRandom(seed: Tier.seed)
        var folder = DataFolder()
        var engine = try folder.open { $0.checkpointTransactions = 5 }
        _ = try await engine.createDatabase(
            DatabaseSpecification(
                name: "docs", dimension: Self.dimension, metric: metric,
                index: IndexSettings(kind: kind, m: 8, efConstruction: 60)))
        var values: [VectorID: [Float]] = [:]
        for round in 0..<10 {
            try await replaceAll(round: round, engine, &values, &random)
            try await indexed(engine)
            if round == 4 {
                // A write is answered before the checkpoint that it brings about. This is the 85th, and the copy must not be made
                // while the files change: the answer to the 86th comes after it.
                let again = VectorRecord(id: 0, values: values[0] ?? [], metadata: ["round": .integer(Int64(round))])
                for _ in 0..<2 { _ = try await engine.upsert([again], into: "docs") }
                let killed = try folder.copy()
                engine.shutdown()
                folder = killed
                engine = try folder.open { $0.checkpointTransactions = 5 }
            } else if round == 7 {
                engine.shutdown()
                engine = try folder.open { $0.checkpointTransactions = 5 }
            }
            try await check(round: round, engine, values)
        }
        let bytes = try await engine.describeDatabase("docs").index.memoryBytes
        // A node of m 8 has 64 bytes of links and 5 beside them; without reuse there would be eleven for each vector.
        if kind == .hnsw { #expect(bytes <= Self.count * 69 * 4) }
        engine.shutdown()
    }

    private func replaceAll(
        round: Int, _ engine: Engine, _ values: inout [VectorID: [Float]], _ random: inout SeededRandom
    ) async throws {
        for start in stride(from: 0, to: Self.count, by: 50) {
            var records: [VectorRecord] = []
            for number in start..<start + 50 {
                var vector = random.vector(Self.dimension)
                let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
                // Of one length, so that each is its own nearest by every metric.
                for index in vector.indices { vector[index] /= length }
                let id = VectorID(UInt64(number))
                values[id] = vector
                records.append(VectorRecord(id: id, values: vector, metadata: ["round": .integer(Int64(round))]))
            }
            // Half of them by way of deletion.
            if start % 100 == 0, round > 0 { _ = try await engine.delete(records.map(\.id), from: "docs") }
            _ = try await engine.upsert(records, into: "docs")
        }
    }

    private func check(round: Int, _ engine: Engine, _ values: [VectorID: [Float]]) async throws {
        #expect(try await engine.count(matching: nil, in: "docs") == Self.count)
        let now = Filter.equals(try FieldPath("round"), .integer(Int64(round)))
        #expect(try await engine.count(matching: now, in: "docs") == Self.count)
        var missed = 0
        for (id, vector) in values {
            let hits = try await engine.search(
                SearchRequest(query: .values(vector), topK: 3, efSearch: 100, filter: round % 2 == 0 ? nil : now, parts: [.metadata]),
                in: "docs").results
            #expect(hits.count == 3)
            #expect(Set(hits.map(\.id)).count == 3)
            #expect(hits.allSatisfy { $0.metadata == ["round": .integer(Int64(round))] })
            if hits.first?.id != id { missed += 1 }
        }
        #expect(missed <= Self.count / 100)
    }

    private func indexed(_ engine: Engine) async throws {
        for _ in 0..<3_000 {
            if try await engine.describeDatabase("docs").index.pending == 0 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the index is not complete")
    }
}
