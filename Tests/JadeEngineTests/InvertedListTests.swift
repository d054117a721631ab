import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// A database with an IVF index, and what it must hold.
private struct ListedDatabase {
    static let dimension = 24
    var folder = DataFolder()
    var engine: Engine
    var model: Model
    let vectors: TestVectors
    let settings: IndexSettings

    init(
        _ quantization: IndexSettings.Quantization, _ metric: Metric = .euclidean, count: Int = 3_000, nlist: Int = 100,
        change: (inout EngineConfiguration) -> Void = { _ in }
    ) async throws {
        vectors = TestVectors(count: count, queries: 20, dimension: Self.dimension, seed: 91)
        settings = IndexSettings(nlist: nlist, nprobe: 20, quantization: quantization)
        model = Model(metric: metric)
        engine = try folder.open(change)
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: Self.dimension, metric: metric, index: settings))
    }

    mutating func upsert(_ range: Range<Int>, values: (Int) -> [Float]) async throws {
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 50) {
            let records = (start..<min(start + 50, range.upperBound)).map { number in
                VectorRecord(
                    id: VectorID(UInt64(number)), values: values(number),
                    metadata: ["tenth": .bool(number % 10 == 0), "half": .bool(number % 2 == 0), "few": .bool(number % 200 == 7)])
            }
            _ = try await engine.upsert(records, into: "docs")
            for record in records { model.vectors[record.id] = record }
        }
    }

    mutating func fill(_ range: Range<Int>) async throws { try await upsert(range, values: vectors.row) }

    mutating func delete(_ numbers: [Int]) async throws {
        let ids = numbers.map { VectorID(UInt64($0)) }
        for start in stride(from: 0, to: ids.count, by: 500) {
            _ = try await engine.delete(Array(ids[start..<min(start + 500, ids.count)]), from: "docs")
        }
        for id in ids { model.vectors[id] = nil }
    }

    /// The state of the index once nothing waits and it has learnt what there is to learn.
    @discardableResult
    func settled() async throws -> IndexStatus {
        try await poll("the index to be trained") {
            let status = try await engine.describeDatabase("docs").index
            guard let training = status.training, status.pending == 0, training.advice == .none, training.progress == nil else { return nil }
            return status
        }
    }

    func search(
        _ query: Int, topK: Int = 10, nprobe: Int? = nil, filter: Filter? = nil, rescore: Bool? = nil, oversampling: Double? = nil,
        exact: Bool = false
    ) async throws -> SearchResponse {
        try await engine.search(
            SearchRequest(
                query: .values(vectors.query(query)), topK: topK, filter: filter, exact: exact, explain: true, nprobe: nprobe,
                rescore: rescore, oversampling: oversampling),
            in: "docs")
    }

    /// Recall over all queries, of searches that went `strategy`'s way; every result lives, matches and has its true score.
    func recall(
        _ strategy: SearchPlan.Strategy, nprobe: Int? = nil, filter: Filter? = nil, exact: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Double {
        var (found, wanted) = (0, 0)
        for query in 0..<vectors.queryCount {
            let response = try await search(query, nprobe: nprobe, filter: filter, exact: exact)
            let expected = model.nearest(vectors.query(query), 10, filter)
            #expect(response.plan?.strategy == strategy, sourceLocation: sourceLocation)
            #expect(response.results.count == expected.count, sourceLocation: sourceLocation)
            #expect(Set(response.results.map(\.id)).count == response.results.count, sourceLocation: sourceLocation)
            for hit in response.results {
                let record = try #require(model.vectors[hit.id], sourceLocation: sourceLocation)
                #expect(filter?.matches(record.metadata) ?? true, sourceLocation: sourceLocation)
                let score = model.score(vectors.query(query), record.values)
                #expect(abs(Double(hit.score) - score) <= 1e-4 * max(1, abs(score)), sourceLocation: sourceLocation)
            }
            found += Set(response.results.map(\.id)).intersection(expected.map(\.id)).count
            wanted += expected.count
        }
        return Double(found) / Double(max(wanted, 1))
    }

    mutating func restart(killed: Bool, _ change: (inout EngineConfiguration) -> Void = { _ in }) throws {
        if killed {
            // No checkpoint may be under way: a copy takes its time.
            engine.performDueWork()
            let copy = try folder.copy()
            engine.shutdown()
            folder = copy
        } else {
            engine.shutdown()
        }
        engine = try folder.open(change)
    }
}

@Suite("IVF end to end", .timeLimit(.minutes(10)))
struct InvertedListTests {
    private static func equals(_ field: String) throws -> Filter { .equals(try FieldPath(field), .bool(true)) }

    @Test(
        "recall holds with every code after build, deletes, updates, restart and kill",
        arguments: IndexSettings.Quantization.allCases, Metric.ofProducts)
    func story(_ quantization: IndexSettings.Quantization, _ metric: Metric) async throws {
        var database = try await ListedDatabase(quantization, metric)
        try await database.fill(0..<3_000)
        let status = try await database.settled()
        #expect(status.training?.state == .trained && status.training?.nlist == 100 && status.indexed == 3_000)
        #expect(try await database.recall(.lists) >= 0.93)
        // One list finds less: it is lists that are looked through.
        #expect(try await database.recall(.lists, nprobe: 1) < 0.9)
        #expect(try await database.recall(.lists, nprobe: 100) >= 0.98)
        #expect(try await database.recall(.exact, exact: true) == 1)

        try await database.delete(Array(0..<1_000))
        let vectors = database.vectors
        try await database.upsert(1_000..<1_300) { vectors.row($0 - 1_000) }
        try await database.settled()
        #expect(try await database.recall(.lists) >= 0.93)
        for killed in [true, false] {
            try database.restart(killed: killed)
            let status = try await database.settled()
            #expect(status.settings == database.settings && status.indexed - status.tombstones == 2_000)
            #expect(try await database.recall(.lists) >= 0.93)
        }
        // Closed in order, what was learnt is mapped and not learnt again.
        #expect(try await database.settled().training?.trainings == 0)
        database.engine.shutdown()
    }

    @Test("filters are kept, and k come whenever k match", arguments: IndexSettings.Quantization.allCases)
    func filters(_ quantization: IndexSettings.Quantization) async throws {
        var database = try await ListedDatabase(quantization, count: 8_000)
        try await database.fill(0..<8_000)
        try await database.settled()
        let half = try Self.equals("half")
        #expect(try await database.recall(.listsFiltered, filter: half) >= 0.93)
        // Where a list or two hold too few that match, others are looked through.
        for (field, matching) in [("half", 4_000), ("tenth", 800), ("few", 40)] {
            for nprobe in [1, 2, 100] {
                for query in 0..<5 {
                    let found = try await database.search(query, topK: 30, nprobe: nprobe, filter: Self.equals(field))
                    #expect(found.results.count == 30 && found.plan?.matching == matching)
                    #expect(found.results.allSatisfy { database.model.vectors[$0.id]?.metadata[field] == .bool(true) })
                }
            }
        }
        #expect(try await database.search(0, topK: 100, nprobe: 1, filter: Self.equals("few")).results.count == 40)
        #expect(try await database.search(0, topK: 8_000, nprobe: 1).results.count == 8_000)
        database.engine.shutdown()
    }

    @Test("a search says how thorough it is, else the database does")
    func efforts() async throws {
        let database = try await { () async throws -> ListedDatabase in
            var database = try await ListedDatabase(.pq)
            try await database.fill(0..<3_000)
            return database
        }()
        try await database.settled()
        #expect(try await database.search(0).plan?.nprobe == 20)
        #expect(try await database.search(0, nprobe: 500).plan?.nprobe == 100)
        _ = try await database.engine.updateDatabase("docs", DatabaseUpdate(nprobe: 3))
        #expect(try await database.search(0).plan?.nprobe == 3)
        var (withRows, withCodes, thorough, scoresOfCodes) = (0, 0, 0, 0)
        for query in 0..<20 {
            let expected = Set(database.model.nearest(database.vectors.query(query), 10, nil).map(\.id))
            let coded = try await database.search(query, nprobe: 100, rescore: false).results
            withRows += Set(try await database.search(query, nprobe: 100, oversampling: 1).results.map(\.id)).intersection(expected).count
            thorough += Set(try await database.search(query, nprobe: 100, oversampling: 20).results.map(\.id)).intersection(expected).count
            withCodes += Set(coded.map(\.id)).intersection(expected).count
            scoresOfCodes += coded.count { hit in
                let score = database.model.score(database.vectors.query(query), database.model.vectors[hit.id]?.values ?? [])
                return abs(Double(hit.score) - score) > 1e-4 * score
            }
        }
        #expect(thorough > withRows && thorough >= 195)
        #expect(withRows == withCodes && scoresOfCodes > 100)
        let foreign = await #expect(throws: JadeError.self) {
            _ = try await database.engine.updateDatabase("docs", DatabaseUpdate(efSearch: 3))
        }
        #expect(foreign == .invalidArgument("\"ef_search\" is no setting of an index of type ivf"))
        let refused = await #expect(throws: JadeError.self) { _ = try await database.search(0, nprobe: 0) }
        #expect(refused == .invalidArgument("nprobe is 0, expected 1 to 65536"))
        database.engine.shutdown()
    }

    @Test("few vectors are compared exactly; many are learnt from behind the writes, and again once they have become others")
    func retraining() async throws {
        var database = try await ListedDatabase(.sq8, count: 6_000, nlist: 0)
        try await database.fill(0..<200)
        var status = try await database.settled()
        #expect(status.training?.state == .untrained && status.pending == 0)
        #expect(try await database.recall(.exact) == 1)
        try await database.fill(200..<2_000)
        status = try await database.settled()
        #expect(status.training?.state == .trained)
        let first = try #require(status.training)
        // Three times as many vectors, all of them elsewhere: lists as before would hold them badly.
        let vectors = database.vectors
        try await database.upsert(2_000..<6_000) { vectors.row($0).map { $0 + 6 } }
        status = try await database.settled()
        let second = try #require(status.training)
        #expect(second.trainings > first.trainings && second.nlist > first.nlist && second.failedTrainings == 0)
        #expect(try await database.recall(.lists, nprobe: 100) >= 0.93)
        database.engine.shutdown()
    }

    @Test("without memory for training the index serves untrained, and says so")
    func noMemory() async throws {
        // 300 vectors with their places in the index, and a batch of 50 on its way; what training takes does not fit beside them.
        var database = try await ListedDatabase(.pq, count: 300, nlist: 0) { $0.memoryLimitBytes = 65_000 }
        try await database.fill(0..<300)
        let status = try await poll("rows in the index") { [engine = database.engine] () async throws -> IndexStatus? in
            let status = try await engine.describeDatabase("docs").index
            return status.pending == 0 ? status : nil
        }
        #expect(status.training?.state == .untrained && status.training?.advice == .train)
        #expect(try await database.recall(.exact) == 1)
        try database.restart(killed: false)
        #expect(try await database.settled().training?.state == .trained)
        database.engine.shutdown()
    }

    @Test("a saved index that is damaged is built anew")
    func damaged() async throws {
        var database = try await ListedDatabase(.rabitq)
        try await database.fill(0..<3_000)
        try await database.settled()
        let id = try await database.engine.describeDatabase("docs").id
        database.engine.shutdown()
        let files = LocalFileSystem()
        let path = "\(database.folder.path)/databases/\(id)/index/1/ordinals"
        var bytes = try files.readFile(path, limit: 1 << 20)
        bytes[100] ^= 1
        try files.replaceFile(path, with: bytes)
        database.engine = try Engine(
            EngineConfiguration(dataDirectory: database.folder.path, searchThreads: 2, buildThreads: 2), logger: silentLogger)
        let status = try await database.settled()
        #expect(status.indexed == 3_000 && status.training?.trainings == 1)
        #expect(try await database.recall(.lists) >= 0.93)
        database.engine.shutdown()
    }
}
