import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

@Suite("Engine")
struct EngineTests {
    @Test("databases are created, listed, renamed, found by name and id, and deleted")
    func databases() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        let created = try await engine.createDatabase(DatabaseSpecification(name: "b", dimension: 3, metric: .dot))
        _ = try await engine.createDatabase(DatabaseSpecification(name: "a", dimension: 4))
        #expect(try await engine.listDatabases().map(\.name) == ["a", "b"])
        #expect(try await engine.describeDatabase(created.id).name == "b")
        await #expect(throws: JadeError.conflict("database \"a\" exists already")) {
            try await engine.createDatabase(DatabaseSpecification(name: "a", dimension: 4))
        }
        let renamed = try await engine.updateDatabase("b", DatabaseUpdate(name: "c", efSearch: 99))
        #expect(renamed.id == created.id)
        #expect(renamed.specification.index.efSearch == 99)
        await #expect(throws: JadeError.notFound("database \"b\" does not exist")) { try await engine.describeDatabase("b") }
        try await engine.deleteDatabase("a")
        engine.shutdown()

        let again = try folder.open()
        #expect(try await again.listDatabases().map(\.name) == ["c"])
        #expect(try await again.describeDatabase("c").specification.index.efSearch == 99)
        #expect(try LocalFileSystem().list("\(folder.path)/databases") == [created.id])
        again.shutdown()
    }

    @Test("a folder belongs to one engine at a time")
    func exclusive() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        let error = #expect(throws: JadeError.self) { try folder.open() }
        #expect(error?.code == .conflict)
        engine.shutdown()
    }

    @Test("leftovers of interrupted creations are removed at start")
    func leftovers() async throws {
        let folder = DataFolder()
        try folder.open().shutdown()
        let files = LocalFileSystem()
        try files.createDirectory("\(folder.path)/databases/0123/index")
        let engine = try folder.open()
        #expect(try files.list("\(folder.path)/databases").isEmpty)
        engine.shutdown()
    }

    @Test("bad input is refused with its values and stores nothing")
    func badInput() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 3))
        let good = VectorRecord(id: 1, values: [1, 2, 3])
        await #expect(throws: JadeError.invalidArgument("vector \"2\" has 2 dimensions, database \"docs\" expects 3")) {
            try await engine.upsert([good, VectorRecord(id: 2, values: [1, 2])], into: "docs")
        }
        await #expect(throws: JadeError.self) {
            try await engine.upsert([good, VectorRecord(id: 2, values: [1, .nan, 2])], into: "docs")
        }
        await #expect(throws: JadeError.self) {
            try await engine.upsert([VectorRecord(id: 2, values: [1, 2, 3], metadata: ["x": .double(.nan)])], into: "docs")
        }
        await #expect(throws: JadeError.self) {
            let large = String(repeating: "x", count: Limits.maximumMetadataBytes)
            return try await engine.upsert([VectorRecord(id: 2, values: [1, 2, 3], metadata: ["x": .string(large)])], into: "docs")
        }
        await #expect(throws: JadeError.self) { try await engine.upsert([], into: "docs") }
        await #expect(throws: JadeError.self) {
            try await engine.search(SearchRequest(query: .values([1, 2, .infinity])), in: "docs")
        }
        await #expect(throws: JadeError.self) { try await engine.search(SearchRequest(query: .id(7)), in: "docs") }
        #expect(try await engine.count(matching: nil, in: "docs") == 0)
        engine.shutdown()
    }

    @Test("metadata that is merged sets keys and removes those that are null; so it is after a restart")
    func mergedMetadata() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 1))
        let record = VectorRecord(id: 1, values: [1], metadata: ["gone": 1, "stays": "x", "list": [.null]])
        _ = try await engine.upsert([record], into: "docs")
        _ = try await engine.updateMetadata(.merge(["gone": .null, "never": .null, "new": true]), of: 1, in: "docs")
        let wanted: Metadata = ["stays": "x", "list": [.null], "new": true]
        #expect(try await engine.vectors([1], in: "docs", parts: [.metadata]).first?.metadata == wanted)
        engine.shutdown()
        let again = try folder.open()
        #expect(try await again.vectors([1], in: "docs", parts: [.metadata]).first?.metadata == wanted)
        again.shutdown()
    }

    @Test("search by id leaves the vector itself out; a threshold bounds the scores")
    func searchByID() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "line", dimension: 1, metric: .euclidean))
        _ = try await engine.upsert((0..<100).map { VectorRecord(id: VectorID($0), values: [Float($0)]) }, into: "line")
        let near = try await engine.search(SearchRequest(query: .id(50), topK: 3), in: "line")
        #expect(near.results.map(\.id) == [49, 51, 48])
        let bounded = try await engine.search(SearchRequest(query: .values([10]), topK: 50, threshold: 2), in: "line")
        #expect(bounded.results.map(\.score) == [0, 1, 1, 2, 2])
        let explained = try await engine.search(SearchRequest(query: .values([1]), topK: 1, exact: true, explain: true), in: "line")
        #expect(explained.plan?.strategy == .exact)
        #expect(explained.plan?.visible == 100)
        engine.shutdown()
    }

    @Test("a write is found by the next search while the index is still behind")
    func readYourWrites() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 8, metric: .euclidean))
        var random = SeededRandom(seed: 5)
        for batch in 0..<30 {
            let records = (0..<100).map { VectorRecord(id: VectorID(UInt64(batch * 100 + $0)), values: random.vector(8)) }
            _ = try await engine.upsert(records, into: "docs")
            for record in records[..<5] {
                let response = try await engine.search(SearchRequest(query: .values(record.values), topK: 1), in: "docs")
                #expect(response.results.first?.id == record.id)
            }
        }
        engine.shutdown()
    }

    @Test("many writers at once: every count and sequence is exact")
    func concurrentWriters() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 4))
        let sequences = try await withThrowingTaskGroup(of: [UInt64].self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var random = SeededRandom(seed: UInt64(writer))
                    var sequences: [UInt64] = []
                    for step in 0..<40 {
                        let records = (0..<5).map { VectorRecord(id: VectorID(UInt64(writer * 1000 + step * 5 + $0)), values: random.vector(4)) }
                        sequences.append(try await engine.upsert(records, into: "docs").sequence)
                    }
                    return sequences
                }
            }
            var all: [UInt64] = []
            for try await part in group { all += part }
            return all
        }
        #expect(sequences.sorted() == Array(1...320))
        #expect(try await engine.count(matching: nil, in: "docs") == 1600)
        engine.shutdown()
    }

    @Test("the index takes in every row in the end, however writes and builders interleave")
    func indexCatchesUp() async throws {
        let folder = DataFolder()
        let engine = try folder.open { $0.checkpointTransactions = 7 }
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        var random = SeededRandom(seed: 9)
        for number in 0..<600 {
            _ = try await engine.upsert([VectorRecord(id: VectorID(UInt64(number)), values: random.vector(2))], into: "docs")
        }
        var pending = Int.max
        for _ in 0..<1_000_000 where pending > 0 {
            pending = try await engine.describeDatabase("docs").index.pending
            await Task.yield()
        }
        #expect(pending == 0)
        engine.shutdown()
    }
}
