import JadeAPI
import JadeCore
import JadeEngine
import JadeTestSupport
import Testing

/// Random operations with restarts and kills against a dictionary with exact search.
@Suite("Engine against a model")
struct ModelTests {
    /// `JADE_ROUNDS` asks for another number of steps, `JADE_SEED` for other stories.
    private static let seeds = [Tier.seed, Tier.seed + 1]

    @Test("every answer is the model's, through restarts and kills", arguments: ElementType.float32.metrics, Self.seeds)
    func randomOperations(metric: Metric, seed: UInt64) async throws {
        var run = try await ModelRun(metric: metric, seed: seed, kind: seed == Tier.seed ? .hnsw : .flat)
        for _ in 0..<Tier.rounds(short: 250, long: 3_000) { try await run.step() }
        try await run.check()
        run.engine.shutdown()
    }
}

private struct ModelRun {
    static let dimension = 12
    var random: SeededRandom
    var model: Model
    var folder = DataFolder()
    var engine: Engine
    private var lastSequence: UInt64 = 0

    init(metric: Metric, seed: UInt64, kind: IndexSettings.Kind) async throws {
        random = SeededRandom(seed: seed)
        model = Model(metric: metric)
        engine = try folder.open { $0.checkpointTransactions = 20 }
        _ = try await engine.createDatabase(
            DatabaseSpecification(
                name: "docs", dimension: Self.dimension, metric: metric,
                index: IndexSettings(kind: kind, m: 8, efConstruction: 64, efSearch: 64)))
    }

    mutating func step() async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<40: try await upsert()
        case 40..<52: try await delete()
        case 52..<62: try await changeMetadata()
        case 62..<92: try await search()
        case 92..<95: try await checkScroll()
        case 95..<97: try await restart()
        case 97..<99: try await kill()
        default: try await check()
        }
    }

    private mutating func randomID() -> VectorID {
        let number = UInt64.random(in: 0..<300, using: &random)
        if number % 3 == 0 { return VectorID(number) }
        // Some ids are longer than a row's head holds.
        let text = number % 3 == 1 ? "doc-\(number)" : "a-long-name-that-does-not-fit-into-the-head-of-a-row-\(number)"
        return (try? VectorID(text)) ?? 0
    }

    private mutating func randomMetadata() -> Metadata {
        var metadata: Metadata = ["n": .integer(Int64.random(in: 0..<10, using: &random))]
        if Bool.random(using: &random) { metadata["tag"] = Bool.random(using: &random) ? "red" : "blue" }
        if Bool.random(using: &random) { metadata["list"] = [1, "two", .null] }
        return metadata
    }

    private mutating func randomFilter() throws -> Filter? {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .equals(try FieldPath("tag"), .string("red"))
        case 1: .range(try FieldPath("n"), .number(lower: .init(3, inclusive: true), upper: .init(7, inclusive: false)))
        case 2: .and([.exists(try FieldPath("list"), true), .not(.equals(try FieldPath("n"), .integer(4)))])
        default: nil
        }
    }

    private mutating func upsert() async throws {
        var records: [VectorRecord] = []
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            records.append(
                VectorRecord(id: randomID(), values: random.vector(Self.dimension), metadata: randomMetadata()))
        }
        let result = try await engine.upsert(records, into: "docs")
        #expect(result.count == records.count)
        #expect(result.sequence > lastSequence)
        lastSequence = result.sequence
        for record in records { model.vectors[record.id] = record }
    }

    private mutating func delete() async throws {
        let ids = (0..<3).map { _ in randomID() }
        let existing = Set(ids).filter { model.vectors[$0] != nil }
        #expect(try await engine.delete(ids, from: "docs").count == existing.count)
        for id in ids { model.vectors[id] = nil }
    }

    private mutating func changeMetadata() async throws {
        let id = randomID()
        var metadata = randomMetadata()
        let replaces = Bool.random(using: &random)
        if Bool.random(using: &random) { metadata.updateValue(.null, forKey: "tag") }
        guard let old = model.vectors[id] else {
            let engine = engine
            await #expect(throws: JadeError.self) {
                _ = try await engine.updateMetadata(MetadataChange.replace(metadata), of: id, in: "docs")
            }
            return
        }
        _ = try await engine.updateMetadata(replaces ? .replace(metadata) : .merge(metadata), of: id, in: "docs")
        model.vectors[id]?.metadata = replaces ? metadata : old.metadata.merging(metadata) { $1 }.filter { metadata[$0.key] != .some(.null) }
    }

    private mutating func search() async throws {
        let query = random.vector(Self.dimension)
        let filter = try randomFilter()
        let topK = Int.random(in: 1...15, using: &random)
        let exact = Bool.random(using: &random)
        let response = try await engine.search(
            SearchRequest(
                query: .values(query), topK: topK, efSearch: 200, filter: filter, parts: [.values, .metadata], exact: exact),
            in: "docs")
        let expected = model.nearest(query, topK, filter)
        #expect(response.results.count == expected.count)
        for (hit, wanted) in zip(response.results, expected) {
            #expect(abs(Double(hit.score) - wanted.score) < 1e-4)
            #expect(hit.values == model.vectors[hit.id]?.values)
            #expect(hit.metadata == model.vectors[hit.id]?.metadata)
        }
    }

    private mutating func checkScroll() async throws {
        let filter = try randomFilter()
        var seen: [StoredVector] = []
        var after: VectorID?
        repeat {
            let page = try await engine.scroll(
                ScrollRequest(after: after, limit: 7, filter: filter, parts: [.values, .metadata]), in: "docs")
            seen += page.vectors
            after = page.next
        } while after != nil
        let expected = model.vectors.values.filter { filter?.matches($0.metadata) ?? true }
            .sorted { $0.id.text.utf8.lexicographicallyPrecedes($1.id.text.utf8) }
        #expect(seen.map(\.id) == expected.map(\.id))
        #expect(seen.map(\.values) == expected.map(\.values))
        #expect(seen.map(\.metadata) == expected.map(\.metadata))
        #expect(try await engine.count(matching: filter, in: "docs") == expected.count)
    }

    private mutating func restart() async throws {
        engine.shutdown()
        engine = try folder.open { $0.checkpointTransactions = 20 }
    }

    /// Goes on in a copy of the folder that was made while the engine was open, as after kill -9.
    private mutating func kill() async throws {
        // No checkpoint may be under way: a copy takes its time.
        engine.performDueWork()
        let copy = try folder.copy()
        engine.shutdown()
        folder = copy
        engine = try folder.open { $0.checkpointTransactions = 20 }
    }

    mutating func check() async throws {
        #expect(try await engine.describeDatabase("docs").vectorCount == model.vectors.count)
        #expect(try await engine.count(matching: nil, in: "docs") == model.vectors.count)
        for chunk in stride(from: 0, to: 300, by: 50) {
            let ids = (chunk..<chunk + 50).map { VectorID(UInt64($0)) }
            let found = try await engine.vectors(ids, in: "docs", parts: [.values, .metadata])
            #expect(found.map(\.id) == ids.filter { model.vectors[$0] != nil })
            for vector in found { #expect(vector.values == model.vectors[vector.id]?.values) }
        }
    }
}
