import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// Slots of dead rows are given to new ones: what a stop leaves of these is no damage unless a checkpoint or the log counts it.
@Suite("verify and slots that are written again")
struct ReusedSlotTests {
    private func open(_ folder: Folder, checkpointTransactions: Int) throws(JadeError) -> Engine {
        try Engine(
            EngineConfiguration(
                dataDirectory: folder.path, checkpointTransactions: checkpointTransactions, searchThreads: 1, buildThreads: 1))
    }

    private func records(_ range: Range<Int>, _ random: inout SeededRandom) -> [VectorRecord] {
        range.map { number in
            // Every second id is longer than a head holds.
            let id: VectorID = .text("vector \(number)" + String(repeating: "y", count: number % 2 * 40))
            return VectorRecord(id: id, values: random.vector(Folder.dimension), metadata: ["n": .integer(Int64(number))])
        }
    }

    /// A folder with free slots, that was closed.
    private func folderWithFreeSlots(_ kind: IndexSettings.Kind, _ random: inout SeededRandom) async throws -> Folder {
        let folder = Folder()
        let engine = try open(folder, checkpointTransactions: 1)
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: Folder.dimension, index: IndexSettings(kind: kind, m: 8, efConstruction: 40)))
        let first = records(0..<300, &random)
        _ = try await engine.upsert(first, into: "docs")
        _ = try await engine.delete(first[100..<200].map(\.id), from: "docs")
        for record in first[..<100] + first[200...] { folder.model[record.id] = record }
        // Their slots are free once the index has let go of them and a checkpoint has passed.
        var number = 300
        _ = try await poll("free slots") {
            let next = records(number..<number + 1, &random)
            number += 1
            _ = try await engine.upsert(next, into: "docs")
            folder.model[next[0].id] = next[0]
            let row = try LocalFileSystem().readFile("\(try folder.shard)/vectors.mmap", limit: 1 << 24)[Folder.block(150) + 2]
            return row & 16 != 0 ? true : nil
        }
        engine.shutdown()
        return folder
    }

    @Test("writes that the log has lost are no damage, before the next start and after it", arguments: IndexSettings.Kind.allCases, 1...4)
    func lostWrites(_ kind: IndexSettings.Kind, _ seed: Int) async throws {
        var random = SeededRandom(seed: UInt64(seed))
        let folder = try await folderWithFreeSlots(kind, &random)
        #expect(try folder.verify().isSound)
        let engine = try open(folder, checkpointTransactions: 1_000)
        let kept = records(1_000..<1_001, &random)
        _ = try await engine.upsert(kept, into: "docs")
        folder.model[kept[0].id] = kept[0]
        let before = try folder.copy()
        _ = try await engine.upsert(records(2_000..<2_040, &random), into: "docs")
        let cut = try folder.copy()
        engine.shutdown()
        // The rows have reached the disk in part, the log and the long ids have not.
        let (files, shard) = (LocalFileSystem(), try cut.shard)
        for name in try files.list("\(shard)/wal") { try files.remove("\(shard)/wal/\(name)") }
        for name in try files.list("\(try before.shard)/wal").map({ "wal/\($0)" }) + ["vectors.ids"] {
            try files.replaceFile("\(shard)/\(name)", with: try files.readFile("\(try before.shard)/\(name)", limit: 1 << 24))
        }
        let old = try files.readFile("\(try before.shard)/vectors.mmap", limit: 1 << 24)
        try cut.patch("vectors.mmap") { bytes in
            #expect(bytes != old)
            for sector in stride(from: 4_096, to: min(bytes.count, old.count), by: 512) where random.happens(50) {
                bytes.replaceSubrange(sector..<sector + 512, with: old[sector..<sector + 512])
            }
        }
        #expect(try cut.verify().allFindings.all.filter { $0.severity == .damage } == [])
        try await cut.expectModel()
        #expect(try cut.verify().allFindings.all.filter { $0.severity == .damage } == [])
        try await cut.expectModel()
    }

    @Test("the first write of a database is no row without an id for a verification that began before it")
    func firstWrite() async throws {
        let folder = Folder()
        let engine = try folder.open()
        var random = SeededRandom(seed: 5)
        for number in 0..<(Tier.isLong ? 1_000 : 60) {
            _ = try await engine.createDatabase(DatabaseSpecification(name: "n\(number)", dimension: Folder.dimension, index: IndexSettings(kind: .flat)))
            let written = records(0..<20, &random)
            async let written1 = engine.upsert(written, into: "n\(number)")
            let job = try await engine.startVerification(VerificationRequest(database: "n\(number)"))
            _ = try await written1
            let ended = try await poll("the verification") {
                let now = try await engine.job(job.id)
                return now.state == .running ? nil : now
            }
            #expect(ended.findings == [])
            try await engine.deleteDatabase("n\(number)")
        }
        engine.shutdown()
    }
}
