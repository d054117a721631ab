import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// A vector that has expired is nowhere: not in results, reads, pages or counts, before and after it is really deleted.
@Suite("Expiry")
struct ExpiryTests {
    private let folder = DataFolder()
    private let clock = ManualClock(wallMilliseconds: start)
    private static let start: Int64 = 1_700_000_000_000

    private func open(_ folder: DataFolder, _ kind: IndexSettings.Kind = .hnsw, retention: Int? = nil) async throws -> Engine {
        let engine = try Engine(
            EngineConfiguration(dataDirectory: folder.path, searchThreads: 2, buildThreads: 2), files: LocalFileSystem(),
            clock: clock, random: SystemRandomSource())
        if try await engine.listDatabases().isEmpty {
            _ = try await engine.createDatabase(
                DatabaseSpecification(
                    name: "docs", dimension: 1, metric: .euclidean, index: IndexSettings(kind: kind), retentionSeconds: retention))
        }
        return engine
    }

    /// Every way to look at the database agrees on which numbers it holds.
    private func expect(_ alive: Set<UInt64>, of all: Range<UInt64>, _ engine: Engine) async throws {
        #expect(try await engine.count(matching: nil, in: "docs") == alive.count)
        #expect(try await engine.describeDatabase("docs").vectorCount == alive.count)
        let even = alive.filter { $0 % 2 == 0 }
        let isEven = Filter.equals(try FieldPath("even"), .bool(true))
        #expect(try await engine.count(matching: isEven, in: "docs") == even.count)
        for exact in [true, false] {
            let found = try await engine.search(SearchRequest(query: .values([0]), topK: 10_000, exact: exact), in: "docs")
            #expect(Set(found.results.map(\.id)) == Set(alive.map { VectorID($0) }))
            let filtered = try await engine.search(
                SearchRequest(query: .values([0]), topK: 10_000, filter: isEven, exact: exact), in: "docs")
            #expect(Set(filtered.results.map(\.id)) == Set(even.map { VectorID($0) }))
        }
        let got = try await engine.vectors(all.map { VectorID($0) }, in: "docs", parts: .values)
        #expect(got.map(\.id) == all.filter(alive.contains).map { VectorID($0) })
        var scrolled: [VectorID] = []
        var request = ScrollRequest(limit: 7)
        repeat {
            let page = try await engine.scroll(request, in: "docs")
            scrolled += page.vectors.map(\.id)
            request.after = page.next
        } while request.after != nil
        #expect(scrolled.count == alive.count && Set(scrolled) == Set(alive.map { VectorID($0) }))
        if let dead = all.first(where: { !alive.contains($0) }) {
            await #expect(throws: JadeError.self) {
                _ = try await engine.search(SearchRequest(query: .id(VectorID(dead))), in: "docs")
            }
            await #expect(throws: JadeError.self) {
                _ = try await engine.updateMetadata(.merge(["a": 1]), of: VectorID(dead), in: "docs")
            }
        }
    }

    private func record(_ number: UInt64, _ expiry: Expiry?) -> VectorRecord {
        VectorRecord(id: VectorID(number), values: [Float(number)], metadata: ["even": .bool(number % 2 == 0)], expiry: expiry)
    }

    @Test("expiry is exact to the millisecond, through restarts, kills and the sweep", arguments: IndexSettings.Kind.allCases)
    func exact(_ kind: IndexSettings.Kind) async throws {
        var engine = try await open(folder, kind)
        let all: Range<UInt64> = 0..<1_200
        // A third stays, a third has ten seconds, a third expires at a moment.
        let records = all.map { number -> VectorRecord in
            switch number % 3 {
            case 0: record(number, nil)
            case 1: record(number, .after(seconds: 10))
            default: record(number, .at(milliseconds: Self.start + 20_000))
            }
        }
        _ = try await engine.upsert(records, into: "docs")
        try await expect(Set(all), of: all, engine)
        #expect(try await engine.vectors([0, 1, 2], in: "docs", parts: []).map(\.expiresAtMilliseconds)
            == [nil, Self.start + 10_000, Self.start + 20_000])
        clock.advance(byMilliseconds: 9_999)
        try await expect(Set(all), of: all, engine)
        clock.advance(byMilliseconds: 1)
        let left = Set(all.filter { $0 % 3 != 1 })
        try await expect(left, of: all, engine)
        // What recovery reads from the log knows it too, and what was closed.
        let killed = try folder.copy()
        engine.shutdown()
        for folder in [killed, folder] {
            engine = try await open(folder)
            try await expect(left, of: all, engine)
            engine.shutdown()
        }
        engine = try await open(folder)
        try await sweep(engine)
        try await expect(left, of: all, engine)
        clock.advance(byMilliseconds: 10_000)
        try await expect(Set(all.filter { $0 % 3 == 0 }), of: all, engine)
        engine.shutdown()
        engine = try await open(folder)
        try await expect(Set(all.filter { $0 % 3 == 0 }), of: all, engine)
        engine.shutdown()
    }

    @Test("what has expired when it is written was never there, and what it replaces is gone", arguments: IndexSettings.Kind.allCases)
    func expiredWhenWritten(_ kind: IndexSettings.Kind) async throws {
        let engine = try await open(folder, kind)
        let reading = Task {
            while !Task.isCancelled {
                let found = try await engine.vectors((100..<200).map { VectorID($0) }, in: "docs", parts: [])
                #expect(found.isEmpty, "a read that began before the write must not see it either")
            }
        }
        _ = try await engine.upsert((0..<10).map { record($0, nil) }, into: "docs")
        for number in UInt64(100)..<200 {
            let written = try await engine.upsert([record(number, .at(milliseconds: Self.start))], into: "docs")
            #expect(written.count == 1)
        }
        reading.cancel()
        try await reading.value
        #expect(try engine.expiredCount(in: "docs") == 0, "nothing waits to be swept")
        // One that stays, in one request with some that replace others and one that is written twice.
        let past = Expiry.at(milliseconds: Self.start - 1)
        _ = try await engine.upsert([record(0, past), record(1, past), record(20, nil), record(21, past), record(21, nil), record(20, past)], into: "docs")
        let alive = Set((2..<10) as Range<UInt64>).union([21])
        try await expect(alive, of: 0..<200, engine)
        let killed = try folder.copy()
        engine.shutdown()
        let again = try await open(killed, kind)
        try await expect(alive, of: 0..<200, again)
        again.shutdown()
    }

    /// Sweeps until all that has expired is deleted.
    private func sweep(_ engine: Engine) async throws {
        for _ in 0..<3_000 {
            engine.maintain()
            if try engine.expiredCount(in: "docs") == 0 { return }
            try await Task.sleep(for: .milliseconds(1))
        }
        Issue.record("expired vectors are still there")
    }

    @Test("the space of what has expired is used again", arguments: IndexSettings.Kind.allCases)
    func space(_ kind: IndexSettings.Kind) async throws {
        let engine = try Engine(
            EngineConfiguration(dataDirectory: folder.path, checkpointTransactions: 2, searchThreads: 1, buildThreads: 1),
            files: LocalFileSystem(), clock: clock, random: SystemRandomSource())
        let created = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: 64, metric: .euclidean, index: IndexSettings(kind: kind), retentionSeconds: 10))
        var random = SeededRandom(seed: 6)
        for round in 0..<UInt64(40) {
            let batch = (0..<UInt64(500)).map { VectorRecord(id: VectorID(round * 500 + $0), values: random.vector(64)) }
            _ = try await engine.upsert(batch, into: "docs")
            clock.advance(byMilliseconds: 10_000)
            #expect(try await engine.count(matching: nil, in: "docs") == 0)
            try await sweep(engine)
            // The index takes the rows out behind the deletes, and a checkpoint gives their slots back.
            for _ in 0..<3_000 {
                if try await engine.describeDatabase("docs").index.pending == 0 { break }
                try await Task.sleep(for: .milliseconds(1))
            }
        }
        engine.shutdown()
        // 20,000 rows of 320 bytes would take 6.4 MB.
        let size = try LocalFileSystem().fileSize("\(folder.path)/databases/\(created.id)/vectors.mmap") ?? 0
        #expect(size > 500 * 320 && size < 20_000 * 320, "\(size)")
    }

    @Test("writes and deletes treat what has expired as gone; a new vector under its id lives")
    func writes() async throws {
        let engine = try await open(folder)
        _ = try await engine.upsert((0..<10).map { record($0, .after(seconds: 1)) }, into: "docs")
        clock.advance(byMilliseconds: 1_000)
        #expect(try await engine.delete([0, 1], from: "docs").count == 0)
        _ = try await engine.upsert([record(2, nil), record(3, .after(seconds: 5))], into: "docs")
        try await expect([2, 3], of: 0..<10, engine)
        try await sweep(engine)
        try await expect([2, 3], of: 0..<10, engine)
        clock.advance(byMilliseconds: 5_000)
        try await expect([2], of: 0..<10, engine)
        // Replaced before it expires, within one batch too: the last word counts.
        _ = try await engine.upsert([record(4, .after(seconds: 1)), record(4, .never), record(5, nil), record(5, .after(seconds: 1))], into: "docs")
        try await expect([2, 4, 5], of: 0..<10, engine)
        clock.advance(byMilliseconds: 1_000)
        try await expect([2, 4], of: 0..<10, engine)
        engine.shutdown()
    }

    @Test("retention holds for what does not say otherwise, and a change for what is written from then on")
    func retention() async throws {
        var engine = try await open(folder, retention: 60)
        _ = try await engine.upsert([record(0, nil), record(1, .never), record(2, .after(seconds: 600))], into: "docs")
        let changed = try await engine.updateDatabase("docs", DatabaseUpdate(retentionSeconds: 120))
        #expect(changed.specification.retentionSeconds == 120)
        engine.shutdown()
        engine = try await open(folder)
        #expect(try await engine.describeDatabase("docs").specification.retentionSeconds == 120)
        _ = try await engine.upsert([record(3, nil)], into: "docs")
        clock.advance(byMilliseconds: 60_000)
        try await expect([1, 2, 3], of: 0..<4, engine)
        clock.advance(byMilliseconds: 60_000)
        try await expect([1, 2], of: 0..<4, engine)
        #expect(try await engine.updateDatabase("docs", DatabaseUpdate(retentionSeconds: 0)).specification.retentionSeconds == nil)
        _ = try await engine.upsert([record(3, nil)], into: "docs")
        clock.advance(byMilliseconds: 600_000)
        try await expect([1, 3], of: 0..<4, engine)
        await #expect(throws: JadeError.invalidArgument("ttl_seconds is 0, expected 1 to \(Limits.maximumRetentionSeconds)")) {
            _ = try await engine.upsert([self.record(9, .after(seconds: 0))], into: "docs")
        }
        engine.shutdown()
    }

    @Test("a batch as large as batches may be expires like any other")
    func largeBatch() async throws {
        let engine = try await open(folder, .flat)
        let all = 0..<UInt64(Limits.maximumBatchOperations)
        _ = try await engine.upsert(all.map { record($0, .after(seconds: 1 + Int($0 % 2))) }, into: "docs")
        clock.advance(byMilliseconds: 1_000)
        #expect(try await engine.count(matching: nil, in: "docs") == all.count / 2)
        let killed = try folder.copy()
        engine.shutdown()
        let again = try await open(killed)
        #expect(try await again.count(matching: nil, in: "docs") == all.count / 2)
        again.shutdown()
    }

    @Test("random operations against a dictionary with expiries", arguments: [1, 2, 3] as [UInt64])
    func model(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        let all: Range<UInt64> = 0..<120
        var engine = try await open(folder, seed == 2 ? .flat : .hnsw)
        var ends: [UInt64: Int64] = [:]
        for _ in 0..<120 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<5:
                let batch = (0..<Int.random(in: 1...20, using: &random)).map { _ in
                    let seconds = Int.random(in: 0...8, using: &random)
                    return record(UInt64.random(in: all, using: &random), seconds == 0 ? nil : .after(seconds: seconds))
                }
                _ = try await engine.upsert(batch, into: "docs")
                for record in batch {
                    if let number = UInt64(record.id.text) { ends[number] = record.expiry?.milliseconds(from: clock.wallMilliseconds) ?? .max }
                }
            case 5:
                let ids = (0..<3).map { _ in UInt64.random(in: all, using: &random) }
                let alive = Set(ids).filter { (ends[$0] ?? 0) > clock.wallMilliseconds }
                #expect(try await engine.delete(ids.map { VectorID($0) }, from: "docs").count == alive.count)
                for id in ids { ends[id] = nil }
            case 6, 7: clock.advance(byMilliseconds: UInt64.random(in: 1...3_000, using: &random))
            case 8: engine.maintain()
            default:
                engine.shutdown()
                engine = try await open(folder)
            }
            try await expect(Set(ends.filter { $0.value > clock.wallMilliseconds }.keys), of: all, engine)
        }
        engine.shutdown()
    }
}
