import JadeAPI
import JadeCore
import JadeEngine
import JadeGRPCClient
import JadeTestSupport
import Synchronization
import Testing

@Suite("A service behind the gRPC door answers like the service itself")
struct GRPCCongruenceTests {
    @Test("random requests, with random filters", arguments: CongruenceTests.seeds)
    func random(seed: UInt64) async throws {
        let near = MemoryService()
        let far = MemoryService()
        try await LiveDoor.run(far) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                var requests = RandomRequests(random: SeededRandom(seed: seed))
                for metric in ElementType.float32.metrics {
                    let specification = DatabaseSpecification(name: metric.rawValue, dimension: 5, metric: metric)
                    let created = try await client.createDatabase(specification)
                    #expect(created == (try await near.createDatabase(specification)))
                }
                for step in 0..<300 {
                    let before = requests
                    let left = await CongruenceTests.step(near, &requests)
                    requests = before
                    let right = await CongruenceTests.step(client, &requests)
                    #expect(left == right, "seed \(seed), step \(step)")
                }
                #expect(ElementType.float32.metrics.contains { near.vectorCount(of: $0.rawValue) > 0 })
                for metric in ElementType.float32.metrics {
                    #expect(near.vectorCount(of: metric.rawValue) == far.vectorCount(of: metric.rawValue))
                }
            }
        }
    }

    @Test("what an index has learnt of itself is told in full")
    func calibration() async throws {
        let folder = try TemporaryFolder()
        let engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, metric: .euclidean))
        let vectors = (0..<4_000).map { VectorRecord(id: VectorID(UInt64($0)), values: [Float($0 % 61), Float($0 / 61)]) }
        _ = try await engine.upsert(vectors, into: "docs")
        try await LiveDoor.run(engine) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                try await poll("the index") { try await client.describeDatabase("docs").index.pending == 0 ? true : nil }
                _ = try await client.search(SearchRequest(query: .values([7, 7]), recall: 0.9), in: "docs")
                let told = try await client.describeDatabase("docs").index
                #expect(told == (try await engine.describeDatabase("docs").index))
                #expect(told.calibration?.points.isEmpty == false)
            }
        }
        engine.shutdown()
    }

    @Test("databases with every setting")
    func databases() async throws {
        let near = MemoryService()
        try await LiveDoor.run { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                var index = IndexSettings(kind: .flat, m: 7, efConstruction: 77, efSearch: 33)
                var specification = DatabaseSpecification(
                    name: "bits", dimension: 64, metric: .jaccard, elementType: .bit, index: index, retentionSeconds: 9)
                #expect(try await client.createDatabase(specification) == (try await near.createDatabase(specification)))
                index = IndexSettings(quantization: .sq4, rescore: false, oversampling: 3.5)
                specification = DatabaseSpecification(name: "codes", dimension: 8, metric: .dot, index: index)
                #expect(try await client.createDatabase(specification) == (try await near.createDatabase(specification)))
                index = IndexSettings(nlist: 12, nprobe: 5, quantization: .pq, pqSubspaces: 4, oversampling: 9)
                let lists = DatabaseSpecification(name: "lists", dimension: 8, metric: .dot, index: index)
                #expect(try await client.createDatabase(lists) == (try await near.createDatabase(lists)))
                index = IndexSettings(quantization: .pq, reduction: .pca, reducedDimension: 6)
                index.pqSubspaces = 3
                let reduced = DatabaseSpecification(name: "reduced", dimension: 8, metric: .dot, index: index)
                #expect(try await client.createDatabase(reduced) == (try await near.createDatabase(reduced)))
                #expect(try await client.describeDatabase("reduced").specification.index == index)
                let change = DatabaseUpdate(nprobe: 7, rescore: false, oversampling: 3)
                #expect(try await client.updateDatabase("lists", change) == (try await near.updateDatabase("lists", change)))
                let update = DatabaseUpdate(name: "renamed", efSearch: 50, retentionSeconds: 0)
                #expect(try await client.updateDatabase("bits", update) == (try await near.updateDatabase("bits", update)))
                #expect(try await client.listDatabases() == (try await near.listDatabases()))
                #expect(try await client.describeDatabase("codes") == (try await near.describeDatabase("codes")))
                #expect(try await client.databaseID(of: "codes") == (try await near.databaseID(of: "codes")))
                #expect(try await client.status() == (try await near.status()))
                for service in [client, near] as [any DatabaseService] {
                    await #expect(throws: JadeError.conflict("database \"codes\" exists already")) {
                        try await service.createDatabase(specification)
                    }
                    try await service.deleteDatabase("codes")
                    await #expect(throws: JadeError.self) { try await service.deleteDatabase("codes") }
                }
            }
        }
    }

    @Test("when vectors expire")
    func expiry() async throws {
        let service = MemoryService()
        try await LiveDoor.run(service) { live in
            try await live.withClient { (client: JadeGRPCClient) async throws -> Void in
                _ = try await client.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
                let records = [Expiry.never, .at(milliseconds: 4_102_444_800_000), .after(seconds: 60), nil].enumerated().map {
                    VectorRecord(id: VectorID(UInt64($0.offset)), values: [1, 2], expiry: $0.element)
                }
                _ = try await client.upsert(records, into: "docs")
                let stored = service.state.withLock { $0.databases[0].vectors }
                for record in records { #expect(stored[record.id] == record) }
            }
        }
    }
}
