import Glibc
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// A disk that runs full refuses writes, never reads, loses nothing, and takes writes again once there is room.
@Suite("Full disk", .serialized)
struct FullDiskTests {
    /// In all directions: on a line, rows of which some came while others between them were missing need not lead to each other.
    private func values(_ number: UInt64) -> [Float] {
        var random = SeededRandom(seed: number)
        return random.vector(64)
    }

    private func records(_ range: Range<UInt64>) -> [VectorRecord] {
        range.map { number in
            VectorRecord(
                id: VectorID(number), values: values(number),
                metadata: ["text": .string(String(repeating: "x", count: 200)), "even": .bool(number % 2 == 0)])
        }
    }

    /// Everything acknowledged is there, and nothing else.
    private func check(_ engine: Engine, _ acknowledged: Set<UInt64>) async throws {
        #expect(try await engine.count(matching: nil, in: "docs") == acknowledged.count)
        let even = try await engine.count(matching: .equals(try FieldPath("even"), .bool(true)), in: "docs")
        #expect(even == acknowledged.filter { $0 % 2 == 0 }.count)
        let sorted = acknowledged.sorted()
        for place in stride(from: 0, to: sorted.count, by: 97) {
            let number = sorted[place]
            let found = try await engine.search(
                SearchRequest(query: .values(values(number)), topK: 1, efSearch: 400, exact: number % 2 == 0), in: "docs")
            #expect(found.results.first?.id == VectorID(number))
            #expect(try await engine.vectors([VectorID(number)], in: "docs", parts: [.values]).first?.values == values(number))
        }
    }

    @Test(
        "writes are refused with the reason, reads go on, and all is well again by itself",
        .enabled(if: SmallDisk.isPermitted), arguments: [false, true], [30, 300])
    func fullDisk(syncOnWrite: Bool, batch: Int) async throws {
        let disk = try SmallDisk(megabytes: 96)
        func open() throws -> Engine {
            var configuration = EngineConfiguration(dataDirectory: disk.path + "/data", searchThreads: 2, buildThreads: 1)
            configuration.syncOnWrite = syncOnWrite
            configuration.checkpointTransactions = 10
            return try Engine(configuration)
        }
        var engine = try open()
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: 64, metric: .euclidean, index: IndexSettings(m: 8, efConstruction: 40)))
        var acknowledged: Set<UInt64> = []
        var next: UInt64 = 0
        for round in 0..<4 {
            try disk.fill(leaving: 400_000 + round * 700_000)
            var refusals = 0
            for _ in 0..<400 where refusals < 12 {
                let batch = records(next..<next + UInt64(batch))
                next += UInt64(batch.count)
                do throws(JadeError) {
                    _ = try await engine.upsert(batch, into: "docs")
                    for record in batch { acknowledged.insert(UInt64(record.id.text) ?? 0) }
                } catch {
                    refusals += 1
                    #expect(error.code == .resourceExhausted, "\(error)")
                    #expect(error.message.contains("No space left") || error.message.contains("full"), "\(error)")
                }
                if refusals == 5 { engine.maintain() }
            }
            #expect(refusals == 12)
            try await check(engine, acknowledged)
            // A new database does not fit either, and leaves nothing behind.
            let refused = await #expect(throws: JadeError.self) {
                for number in 0..<20 { _ = try await engine.createDatabase(DatabaseSpecification(name: "more\(round)-\(number)", dimension: 2)) }
            }
            #expect(refused?.code == .resourceExhausted)
            if round == 2 {
                // The process ends while the disk is full.
                engine.shutdown()
                try disk.makeRoom()
                engine = try open()
            } else {
                try disk.makeRoom()
            }
            try await check(engine, acknowledged)
            for database in try await engine.listDatabases() where database.name != "docs" { try await engine.deleteDatabase(database.name) }
            _ = try await engine.upsert(records(next..<next + 10), into: "docs")
            acknowledged.formUnion(next..<next + 10)
            next += 10
            let gone = acknowledged.filter { $0 % 5 == UInt64(round) }
            _ = try await engine.delete(gone.map { VectorID($0) }.sorted { $0.text < $1.text }, from: "docs")
            acknowledged.subtract(gone)
            try await check(engine, acknowledged)
        }
        engine.shutdown()
        engine = try open()
        try await check(engine, acknowledged)
        engine.shutdown()
    }

    @Test("a disk that becomes read-only refuses writes with the reason; reads go on, and a restart finds everything")
    func readOnlyDisk() async throws {
        let folder = DataFolder()
        // How many operations it takes until the writes of the test begin differs: all moments are tried.
        for failAt in stride(from: 20, to: 120, by: 9) {
            try? LocalFileSystem().removeTree(folder.path)
            let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: failAt, kind: .error(EROFS), keepsFailing: true)
            guard let engine = try? Engine(
                EngineConfiguration(dataDirectory: folder.path, checkpointTransactions: 3, searchThreads: 1, buildThreads: 1), files: files,
                clock: SystemClock(), random: SystemRandomSource())
            else { continue }
            var acknowledged: Set<UInt64> = []
            do {
                _ = try await engine.createDatabase(
                    DatabaseSpecification(name: "docs", dimension: 64, metric: .euclidean, index: IndexSettings(kind: .flat)))
            } catch {
                engine.shutdown()
                continue
            }
            for next in UInt64(0)..<30 {
                do throws(JadeError) {
                    _ = try await engine.upsert(records(next..<next + 1), into: "docs")
                    acknowledged.insert(next)
                } catch {
                    #expect(error.code == .unavailable, "\(error)")
                    #expect(error.message.contains("Read-only file system"), "\(error)")
                }
            }
            #expect(acknowledged.count < 30, "fault \(failAt) was never met")
            try await check(engine, acknowledged)
            engine.shutdown()
            let again = try folder.open()
            try await check(again, acknowledged)
            again.shutdown()
        }
    }
}
