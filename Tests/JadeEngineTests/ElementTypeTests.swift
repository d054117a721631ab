import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// Each element type is stored and searched as such: what comes back is what the type holds, scores are those of the metric's
/// definition over it, through the graph, restarts and kills.
@Suite("Element types")
struct ElementTypeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var type: ElementType
        var metric: Metric
        var testDescription: String { "\(type.name) \(metric.rawValue)" }

        static let all = ElementType.allCases.flatMap { type in type.metrics.map { Case(type: type, metric: $0) } }
    }

    private static let dimension = 45

    private func values(_ type: ElementType, _ random: inout SeededRandom) -> [Float] {
        (0..<Self.dimension).map { _ in
            switch type {
            case .float32, .float16, .bfloat16: Float.random(in: -2...2, using: &random)
            case .int8: Float(Int.random(in: -128...127, using: &random))
            case .uint8: Float(Int.random(in: 0...255, using: &random))
            case .bit: Float(Int.random(in: 0...1, using: &random))
            }
        }
    }

    /// The nearest value that the type has.
    private func held(_ values: [Float], _ type: ElementType) -> [Float] {
        switch type {
        case .float32, .int8, .uint8, .bit: values
        case .float16: values.map { Float(Float16($0)) }
        case .bfloat16:
            values.map { value in
                let bits = value.bitPattern
                return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
            }
        }
    }

    @Test("values come back as the type holds them, scores are the metric's, before and after restart and kill", arguments: Case.all, IndexSettings.Kind.allCases)
    func roundTrip(_ sample: Case, _ kind: IndexSettings.Kind) async throws {
        // Lists are made of f32, for distances that follow from products.
        guard kind != .ivf || (sample.type == .float32 && Metric.ofProducts.contains(sample.metric)) else { return }
        let folder = DataFolder()
        var random = SeededRandom(seed: 11)
        var model = Model(metric: sample.metric)
        var engine = try folder.open()
        _ = try await engine.createDatabase(
            DatabaseSpecification(
                name: "docs", dimension: Self.dimension, metric: sample.metric, elementType: sample.type,
                index: IndexSettings(kind: kind, m: 12, efConstruction: 80)))
        let records = (0..<900).map { VectorRecord(id: VectorID(UInt64($0)), values: values(sample.type, &random)) }
        _ = try await engine.upsert(records, into: "docs")
        _ = try await engine.delete([3, 4], from: "docs")
        for record in records[5...] + records[..<3] {
            model.vectors[record.id] = VectorRecord(id: record.id, values: held(record.values, sample.type))
        }
        let killed = try folder.copy()
        try await check(engine, model, sample, &random)
        engine.shutdown()
        for folder in [folder, killed] {
            engine = try folder.open()
            #expect(try await engine.describeDatabase("docs").specification.field.elementType == sample.type)
            try await check(engine, model, sample, &random)
            engine.shutdown()
        }
    }

    private func check(_ engine: Engine, _ model: Model, _ sample: Case, _ random: inout SeededRandom) async throws {
        let stored = try await engine.vectors((0..<900).map { VectorID(UInt64($0)) }, in: "docs", parts: [.values])
        #expect(stored.count == 898)
        #expect(stored.allSatisfy { $0.values == model.vectors[$0.id]?.values })
        var found = 0
        for _ in 0..<20 {
            let query = values(sample.type, &random)
            let expected = model.nearest(held(query, sample.type), 10, nil)
            let exact = try await engine.search(SearchRequest(query: .values(query), topK: 10, parts: [.values], exact: true), in: "docs")
            #expect(exact.results.count == 10)
            for (hit, wanted) in zip(exact.results, expected) {
                let magnitude = max(1, abs(wanted.score))
                #expect(abs(Double(hit.score) - wanted.score) <= 1e-4 * magnitude, "\(sample.testDescription)")
                #expect(hit.values == model.vectors[hit.id]?.values)
            }
            let graph = try await engine.search(SearchRequest(query: .values(query), topK: 10, efSearch: 200, nprobe: 40), in: "docs")
            let worst = expected[9].score
            // Whole numbers tie: what is as good as the tenth counts.
            found += graph.results.filter {
                sample.metric.largerIsCloser ? Double($0.score) >= worst - 1e-3 * abs(worst) - 1e-4 : Double($0.score) <= worst + 1e-3 * abs(worst) + 1e-4
            }.count
        }
        #expect(found >= 190, "found \(found) of 200 with \(sample.testDescription)")
        let own = try await engine.search(SearchRequest(query: .id(7), topK: 898, exact: true), in: "docs")
        #expect(own.results.count == 897 && own.results.allSatisfy { $0.id != 7 })
    }

    @Test("what a type cannot hold is refused with component and value, and nothing is stored", arguments: [
        (.float16, [0, 70_000], "component 1 of the vector is 70000.0, element type f16 holds numbers from -65504.0 to 65504.0"),
        (.int8, [128, 0], "component 0 of the vector is 128.0, element type i8 holds whole numbers from -128 to 127"),
        (.int8, [0, 0.5], "component 1 of the vector is 0.5, element type i8 holds whole numbers from -128 to 127"),
        (.uint8, [-1, 0], "component 0 of the vector is -1.0, element type u8 holds whole numbers from 0 to 255"),
        (.bit, [0, 2], "component 1 of the vector is 2.0, element type b1 holds whole numbers from 0 to 1"),
        (.bfloat16, [.nan, 0], "component 0 of the vector is nan, expected a finite number"),
        (.bit, [.infinity, 0], "component 0 of the vector is inf, expected a finite number"),
    ] as [(ElementType, [Float], String)])
    func refusals(_ type: ElementType, _ values: [Float], _ message: String) async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: 2, metric: type.metrics[0], elementType: type))
        await #expect(throws: JadeError.invalidArgument(message)) {
            _ = try await engine.upsert([VectorRecord(id: 1, values: [1, 1]), VectorRecord(id: 2, values: values)], into: "docs")
        }
        await #expect(throws: JadeError.invalidArgument(message)) {
            _ = try await engine.search(SearchRequest(query: .values(values)), in: "docs")
        }
        #expect(try await engine.count(matching: nil, in: "docs") == 0)
        engine.shutdown()
    }

    @Test("metrics and types that mean nothing together are refused")
    func pairs() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        await #expect(throws: JadeError.invalidArgument("metric cosine does not compare vectors of element type b1, expected one of hamming, jaccard")) {
            _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, elementType: .bit))
        }
        await #expect(throws: JadeError.invalidArgument(
            "metric hamming does not compare vectors of element type f32, expected one of cosine, euclidean, dot, manhattan")
        ) {
            _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, metric: .hamming))
        }
        engine.shutdown()
    }

    @Test("a row takes the bytes of its type")
    func space() async throws {
        for (type, bytes) in [(.float32, 4_096), (.float16, 2_048), (.bfloat16, 2_048), (.int8, 1_024), (.uint8, 1_024), (.bit, 128)] as [(ElementType, Int)] {
            #expect(type.byteCount(dimension: 1_024) == bytes)
            let folder = DataFolder()
            let engine = try folder.open()
            let created = try await engine.createDatabase(
                DatabaseSpecification(name: "docs", dimension: 1_024, metric: type.metrics[0], elementType: type, index: IndexSettings(kind: .flat)))
            let ones = [Float](repeating: 1, count: 1_024)
            _ = try await engine.upsert((0..<5_000).map { VectorRecord(id: VectorID(UInt64($0)), values: ones) }, into: "docs")
            engine.shutdown()
            let size = try LocalFileSystem().fileSize("\(folder.path)/databases/\(created.id)/vectors.mmap") ?? 0
            #expect(size >= 5_000 * (64 + bytes) && size < 11_000 * (64 + bytes) + (2 << 20), "\(type.name): \(size)")
        }
    }
}
