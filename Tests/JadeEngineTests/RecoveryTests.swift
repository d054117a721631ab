import JadeAPI
import JadeCore
import JadeEngine
import JadeTestSupport
import Testing

@Suite("Recovery")
struct RecoveryTests {
    /// The saved graph leads over vectors that died before the crash: they still need what distances are made of.
    @Test("a graph is as good after a kill as before", arguments: ElementType.float32.metrics)
    func graphWithDeadRows(_ metric: Metric) async throws {
        var random = SeededRandom(seed: 3)
        let records = (0..<4_000).map { number in
            var values = random.vector(16)
            let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // Of one length, so that each is its own nearest by every metric.
            for index in values.indices { values[index] /= length }
            return VectorRecord(id: VectorID(UInt64(number)), values: values)
        }
        let folder = DataFolder()
        var engine = try folder.open()
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: 16, metric: metric, index: IndexSettings(m: 12, efConstruction: 80)))
        _ = try await engine.upsert(records, into: "docs")
        try await indexed(engine)
        engine.shutdown()
        engine = try folder.open()
        _ = try await engine.delete(records[..<3_000].map(\.id), from: "docs")
        let killed = try folder.copy()
        engine.shutdown()
        engine = try killed.open()
        #expect(try await missed(records[3_000...], engine) <= 1)
        _ = try await engine.upsert(Array(records[2_000..<3_000]), into: "docs")
        try await indexed(engine)
        #expect(try await missed(records[2_000...], engine) <= 2)
        engine.shutdown()
    }

    @Test("what recovery brought back stays when nothing is written before the next stop", arguments: IndexSettings.Kind.allCases)
    func stopAfterRecovery(_ kind: IndexSettings.Kind) async throws {
        let folder = DataFolder()
        var engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, index: IndexSettings(kind: kind)))
        _ = try await engine.upsert([VectorRecord(id: 1, values: [1, 2]), VectorRecord(id: 2, values: [2, 1])], into: "docs")
        let killed = try folder.copy()
        engine.shutdown()
        for _ in 0..<3 {
            engine = try killed.open()
            try await indexed(engine)
            #expect(try await engine.vectors([1, 2], in: "docs", parts: .values).map(\.values) == [[1, 2], [2, 1]])
            engine.shutdown()
        }
        engine = try killed.open()
        _ = try await engine.delete([1], from: "docs")
        #expect(try await engine.count(matching: nil, in: "docs") == 1)
        engine.shutdown()
    }

    private func indexed(_ engine: Engine) async throws {
        for _ in 0..<3_000 {
            if try await engine.describeDatabase("docs").index.pending == 0 { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the index is not complete")
    }

    private func missed(_ records: ArraySlice<VectorRecord>, _ engine: Engine) async throws -> Int {
        var missed = 0
        for record in records {
            let response = try await engine.search(
                SearchRequest(query: .values(record.values), topK: 1, efSearch: 64, explain: true), in: "docs")
            #expect(response.plan?.strategy == .graph)
            if response.results.first?.id != record.id { missed += 1 }
        }
        return missed
    }
}
