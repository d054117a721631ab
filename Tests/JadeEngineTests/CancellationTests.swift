import JadeAPI
import JadeCore
import JadeEngine
import Testing

@Suite("A search ends when nobody waits for it")
struct CancellationTests {
    @Test("before it begins, alone and in a batch", arguments: [1, 8])
    func before(count: Int) async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        defer { engine.shutdown() }
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 4))
        _ = try await engine.upsert([VectorRecord(id: 1, values: [1, 0, 0, 0])], into: "docs")
        let searches = [SearchRequest](repeating: SearchRequest(query: .values([1, 0, 0, 0])), count: count)
        #expect(try await engine.search(searches, in: "docs").count == count)
        let task = Task {
            while !Task.isCancelled { await Task.yield() }
            return try await engine.search(searches, in: "docs")
        }
        task.cancel()
        await #expect(throws: JadeError.cancelled("the search was cancelled")) { try await task.value }
    }

    /// Every answer takes a comparison with all rows: the batch would take minutes.
    @Test("within a batch", .timeLimit(.minutes(10)))
    func within() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        defer { engine.shutdown() }
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 1_024, index: IndexSettings(kind: .flat)))
        for batch in 0..<20 {
            let records = (0..<1_000).map { row in
                VectorRecord(id: VectorID(UInt64(batch * 1_000 + row)), values: (0..<1_024).map { Float(($0 * 31 + row) % 17) })
            }
            _ = try await engine.upsert(records, into: "docs")
        }
        let search = SearchRequest(query: .values([Float](repeating: 1, count: 1_024)), exact: true)
        let task = Task {
            var rounds = 0
            while rounds < 1_000 {
                _ = try await engine.search([SearchRequest](repeating: search, count: 1_000), in: "docs")
                rounds += 1
            }
            return rounds
        }
        for _ in 0..<1_000 { await Task.yield() }
        task.cancel()
        await #expect(throws: JadeError.cancelled("the search was cancelled")) { try await task.value }
    }
}
