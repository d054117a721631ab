import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Synchronization
import Testing

@Suite("Backups while writes go on")
struct BackupWhileServingTests {
    /// One writer, so that every sequence number has one state; backups run beside it, slowed down, with checkpoints after
    /// every few writes. The third writes and deletes in long runs, so that whole pages of long ids are given back meanwhile.
    @Test("a backup is exactly the state at its sequence number", arguments: [1, 2, 3] as [UInt64])
    func consistent(_ seed: UInt64) async throws {
        var random = SeededRandom(seed: Tier.seed * 10 + seed)
        let backed = try BackedUp {
            $0.checkpointTransactions = 5
            $0.backupBytesPerSecond = 3 << 20
        }
        try await backed.create(kind: seed == 1 ? .hnsw : .flat)
        let engine = backed.engine
        _ = try await engine.upsert((0..<3_000).map { record($0, &random) }, into: "docs")
        let first = try await everything(engine, in: "docs")
        let ending = Ending()
        let writing = Task { [random] in
            var writer = Writer(vectors: first, random: random, inRuns: seed == 3)
            while !ending.hasBegun { try await writer.step(engine) }
            return writer
        }
        var backups: [BackupTask] = []
        for _ in 0..<(Tier.isLong ? 20 : 4) { backups.append(try await backed.backUp()) }
        ending.begin()
        var writer = try await writing.value
        for backup in backups {
            #expect(backup.state == .succeeded, "\(String(describing: backup.failure))")
            let sequence = try #require(backup.sequence)
            let task = try await backed.restore(RestoreRequest(backup: backup.backup, database: "then"))
            #expect(task.state == .succeeded, "\(String(describing: task.failure))")
            let expected = try #require(writer.states[sequence])
            let found = try await everything(engine, in: "then")
            #expect(found == expected, "sequence \(sequence): \(found.count) vectors, expected \(expected.count)")
            try await engine.deleteDatabase("then")
        }
        // Writes went on beside every backup.
        #expect(Set(backups.map(\.sequence)).count == backups.count)
        // A machine that is busy lets the writer do little beside the backups.
        for _ in 0..<(seed == 3 ? 1_000 : 0) {
            if try Self.hasGivenBackIDs(backed) { break }
            try await writer.step(engine)
        }
        if seed == 3 { #expect(try Self.hasGivenBackIDs(backed)) }
        #expect(try await everything(engine, in: "docs") == writer.vectors)
        engine.shutdown()
    }

    private static func hasGivenBackIDs(_ backed: BackedUp) throws -> Bool {
        let files = LocalFileSystem()
        let folder = "\(backed.data.path)/databases"
        let ids = "\(folder)/\(try #require(try files.list(folder).first))/vectors.ids"
        let (kept, all) = (try #require(try files.allocatedBytes(of: ids)), try #require(try files.fileSize(ids)))
        return kept < all
    }

    @Test("a cancelled backup leaves nothing, and the next one is not in its way")
    func cancelled() async throws {
        var random = SeededRandom(seed: 4)
        let backed = try BackedUp { $0.backupBytesPerSecond = 100 << 10 }
        try await backed.create()
        _ = try await backed.engine.upsert((0..<3_000).map { record($0, &random) }, into: "docs")
        let task = try await backed.engine.createBackup(BackupRequest(database: "docs"))
        await expectCode(.conflict) { _ = try await backed.engine.createBackup(BackupRequest(database: "docs")) }
        _ = try await poll("the first bytes") { try await backed.engine.backupTask(task.id).doneBytes > 0 ? true : nil }
        _ = try await backed.engine.cancelBackupTask(task.id)
        #expect(try await settled(backed.engine, task).state == .cancelled)
        #expect(try await backed.engine.listBackups(in: nil, of: nil).isEmpty)
        let files = LocalFileSystem()
        #expect(try files.list(backed.store.path).filter { !$0.hasPrefix(".") }.isEmpty)
        // An engine that stops does not wait for a backup.
        _ = try await backed.engine.createBackup(BackupRequest(database: "docs"))
        backed.engine.shutdown()
        #expect(try files.list(backed.store.path).filter { !$0.hasPrefix(".") }.isEmpty)
    }
}

/// Leads a database through states that are known by sequence number.
private struct Writer: Sendable {
    private(set) var vectors: [VectorID: VectorRecord]
    private(set) var states: [UInt64: [VectorID: VectorRecord]]
    private var random: SeededRandom
    private let inRuns: Bool

    init(vectors: [VectorID: VectorRecord], random: SeededRandom, inRuns: Bool) {
        self.inRuns = inRuns
        self.vectors = vectors
        self.random = random
        states = [1: vectors]
    }

    private mutating func number() -> Int { Int.random(in: 0..<4_000, using: &random) }

    private mutating func numbers(_ count: Int) -> [Int] {
        guard inRuns else { return (0..<count).map { _ in number() } }
        let first = number()
        return (first..<first + count).map { $0 % 4_000 }
    }

    mutating func step(_ engine: Engine) async throws {
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<6:
            let records = numbers(Int.random(in: 1...(inRuns ? 300 : 60), using: &random)).map { record($0, &random) }
            let result = try await engine.upsert(records, into: "docs")
            for record in records { vectors[record.id] = record }
            states[result.sequence] = vectors
        case 6..<9:
            let ids = numbers(inRuns ? 400 : 30).map { record($0, &random).id }
            let result = try await engine.delete(ids, from: "docs")
            for id in ids { vectors[id] = nil }
            states[result.sequence] = vectors
        default:
            let start = number()
            guard let id = (0..<4_000).lazy.map({ VectorID(UInt64(($0 + start) % 4_000)) }).first(where: { vectors[$0] != nil }) else { return }
            let metadata: Metadata = ["changed": .integer(Int64(number()))]
            let result = try await engine.updateMetadata(.replace(metadata), of: id, in: "docs")
            vectors[id]?.metadata = metadata
            states[result.sequence] = vectors
        }
    }
}

/// Set once a task beside the test has to end.
private final class Ending: Sendable {
    private let flag = Atomic(false)
    var hasBegun: Bool { flag.load(ordering: .acquiring) }
    func begin() { flag.store(true, ordering: .releasing) }
}
