import JadeAPI
import JadeCore
import JadeEngine
import JadeTestSupport
import Testing

/// What does not fit into the memory that an engine may hold is refused with the numbers; everything else goes on.
@Suite("Limit of memory")
struct MemoryLimitTests {
    private func fill(_ engine: Engine, upTo count: Int) async throws -> JadeError? {
        var random = SeededRandom(seed: 4)
        for start in stride(from: 0, to: count, by: 500) {
            let batch = (start..<start + 500).map { VectorRecord(id: VectorID(UInt64($0)), values: random.vector(4)) }
            do throws(JadeError) { _ = try await engine.upsert(batch, into: "docs") } catch { return error }
        }
        return nil
    }

    @Test("a database grows until the limit, answers on, and opens again with more memory")
    func growth() async throws {
        let folder = DataFolder()
        var engine = try folder.open { $0.memoryLimitBytes = 2 << 20 }
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 4, index: IndexSettings(m: 16)))
        let refused = try #require(try await fill(engine, upTo: 100_000))
        #expect(refused.code == .resourceExhausted)
        #expect(refused.message.contains("database \"docs\" with ") && refused.message.contains(" of 2097152 are left"), "\(refused)")
        let count = try await engine.count(matching: nil, in: "docs")
        #expect(count > 5_000 && count < 20_000)
        let status = try await engine.status().memory
        #expect(status.limitBytes == 2 << 20 && status.databaseBytes > 1 << 20 && status.writeBytes == 0 && status.searchBytes == 0)
        let found = try await engine.search(SearchRequest(query: .values([1, 0, 0, 0]), topK: 100), in: "docs")
        #expect(found.results.count == 100)
        // A search that holds more than there is, too.
        let large = await #expect(throws: JadeError.self) {
            _ = try await engine.search(
                [SearchRequest](repeating: SearchRequest(query: .values([1, 0, 0, 0]), topK: 5_000, parts: [.values, .metadata]), count: 50), in: "docs")
        }
        #expect(large?.message.hasPrefix("a batch of 50 searches needs ") == true)
        #expect(try await engine.delete([0], from: "docs").count == 1)
        engine.shutdown()

        // With less than it needs it does not open, says why, and keeps nobody from using the others.
        engine = try folder.open { $0.memoryLimitBytes = 1 << 20 }
        let problem = try await engine.describeDatabase("docs").problem
        #expect(problem?.contains("bytes of memory") == true)
        _ = try await engine.createDatabase(DatabaseSpecification(name: "small", dimension: 2))
        _ = try await engine.upsert([VectorRecord(id: 1, values: [1, 2])], into: "small")
        engine.shutdown()

        engine = try folder.open { $0.memoryLimitBytes = 64 << 20 }
        #expect(try await engine.count(matching: nil, in: "docs") == count - 1)
        #expect(try await fill(engine, upTo: 20_000) == nil)
        let before = try await engine.status().memory.databaseBytes
        try await engine.deleteDatabase("docs")
        for _ in 0..<3_000 {
            if try await engine.status().memory.databaseBytes < before { break }
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(try await engine.status().memory.databaseBytes < before / 10)
        engine.shutdown()
    }

    @Test("a batch that does not fit is refused, one that does is stored")
    func batches() async throws {
        let folder = DataFolder()
        let engine = try folder.open { $0.memoryLimitBytes = 1 << 20 }
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 1_000, index: IndexSettings(kind: .flat)))
        let batch = (0..<100).map { VectorRecord(id: VectorID(UInt64($0)), values: [Float](repeating: 1, count: 1_000)) }
        await #expect(throws: JadeError.resourceExhausted("a batch of 100 vectors needs 1226400 bytes of memory, 1048576 of 1048576 are left")) {
            _ = try await engine.upsert(batch, into: "docs")
        }
        _ = try await engine.upsert(Array(batch[..<50]), into: "docs")
        #expect(try await engine.count(matching: nil, in: "docs") == 50)
        #expect(try await engine.status().memory.writeBytes == 0)
        engine.shutdown()
    }
}
