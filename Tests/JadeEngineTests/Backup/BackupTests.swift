import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeStorage
import JadeTestSupport
import Testing

/// An engine with a place for backups, on a clock that the test moves.
final class BackedUp {
    let data = DataFolder()
    let store = DataFolder()
    let clock: ManualClock
    private(set) var engine: Engine

    init(clock: ManualClock = ManualClock(), _ change: (inout EngineConfiguration) -> Void = { _ in }) throws {
        self.clock = clock
        engine = try Self.open(data.path, store.path, clock, LocalFileSystem(), change)
    }

    static func open(
        _ data: String, _ store: String, _ clock: any JadeIO.Clock, _ files: any FileSystem, seed: UInt64 = 7,
        _ change: (inout EngineConfiguration) -> Void = { _ in }
    ) throws -> Engine {
        var configuration = EngineConfiguration(
            dataDirectory: data, searchThreads: 1, buildThreads: 1, backupDirectories: ["local": store], backupBytesPerSecond: 0)
        change(&configuration)
        return try Engine(configuration, files: files, clock: clock, random: SystemRandomSource(), logger: silentLogger)
    }

    func reopen() throws {
        engine.shutdown()
        engine = try Self.open(data.path, store.path, clock, LocalFileSystem())
    }

    func create(_ name: String = "docs", kind: IndexSettings.Kind = .hnsw) async throws {
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: name, dimension: 8, metric: .euclidean, index: IndexSettings(kind: kind, m: 8, efConstruction: 40)))
    }

    @discardableResult
    func backUp(_ name: String = "docs", full: Bool = false) async throws -> BackupTask {
        try await settled(engine, try await engine.createBackup(BackupRequest(database: name, full: full)))
    }

    func restore(_ request: RestoreRequest) async throws -> BackupTask {
        try await settled(engine, try await engine.restoreBackup(request))
    }

    func verify(_ backup: String?) async throws -> BackupTask {
        try await settled(engine, try await engine.verifyBackup(backup ?? "", in: nil))
    }
}

/// The task once it has ended.
func settled(_ engine: Engine, _ task: BackupTask) async throws -> BackupTask {
    try await poll("task \(task.kind)") {
        let now = try await engine.backupTask(task.id)
        return now.state == .running ? nil : now
    }
}

/// All vectors of a database.
func everything(_ engine: Engine, in database: String) async throws -> [VectorID: VectorRecord] {
    var found: [VectorID: VectorRecord] = [:]
    var after: VectorID?
    repeat {
        let page = try await engine.scroll(ScrollRequest(after: after, limit: 1_000, parts: [.values, .metadata]), in: database)
        for vector in page.vectors { found[vector.id] = VectorRecord(id: vector.id, values: vector.values ?? [], metadata: vector.metadata ?? [:]) }
        after = page.next
    } while after != nil
    #expect(try await engine.count(matching: nil, in: database) == found.count)
    return found
}

func record(_ number: Int, _ random: inout SeededRandom) -> VectorRecord {
    let long = VectorID(uncheckedText: "a-name-that-does-not-fit-into-the-head-of-a-row-\(number)", isInteger: false)
    return VectorRecord(id: number % 5 == 0 ? long : VectorID(UInt64(number)), values: random.vector(8), metadata: ["n": .integer(Int64(number))])
}

@Suite("Backups in a directory")
struct BackupTests {
    @Test("a restore is the database at the backup, whatever came after", arguments: IndexSettings.Kind.allCases)
    func roundTrip(_ kind: IndexSettings.Kind) async throws {
        var random = SeededRandom(seed: Tier.seed)
        let backed = try BackedUp()
        try await backed.create(kind: kind)
        let engine = backed.engine
        _ = try await engine.upsert((0..<400).map { record($0, &random) }, into: "docs")
        _ = try await engine.delete((0..<400).filter { $0 % 7 == 1 }.map { record($0, &random).id }, from: "docs")
        _ = try await engine.upsert((100..<150).map { record($0, &random) }, into: "docs")
        let model = try await everything(engine, in: "docs")
        let task = try await backed.backUp()
        #expect(task.state == .succeeded, "\(String(describing: task.failure))")
        _ = try await engine.upsert((300..<700).map { record($0, &random) }, into: "docs")
        _ = try await engine.delete((0..<50).map { record($0, &random).id }, from: "docs")
        let restored = try await backed.restore(RestoreRequest(backup: task.backup, database: "again"))
        #expect(restored.state == .succeeded, "\(String(describing: restored.failure))")
        #expect(try await everything(engine, in: "again") == model)
        #expect(try await engine.describeDatabase("again").vectorCount == model.count)
        // It takes writes and searches like any other.
        _ = try await engine.upsert([record(9_999, &random)], into: "again")
        let query = try #require(model.values.first)
        let nearest = try await engine.search(SearchRequest(query: .values(query.values), topK: 1, exact: true), in: "again")
        #expect(nearest.results.first?.id == query.id)
        #expect(try await backed.verify(task.backup).state == .succeeded)
        try backed.reopen()
        #expect(try await everything(backed.engine, in: "again").count == model.count + 1)
        backed.engine.shutdown()
        let report = try FolderVerification.verify(backed.data.path)
        #expect(report.isSound, "\(report.allFindings.all)")
    }

    @Test("a restored folder is sound before it was ever closed")
    func soundAtOnce() async throws {
        var random = SeededRandom(seed: 3)
        let backed = try BackedUp()
        try await backed.create()
        _ = try await backed.engine.upsert((0..<300).map { record($0, &random) }, into: "docs")
        _ = try await backed.engine.delete((0..<300).filter { $0 % 3 == 1 }.map { record($0, &random).id }, from: "docs")
        let task = try await backed.backUp()
        #expect(try await backed.restore(RestoreRequest(backup: task.backup, database: "again")).state == .succeeded)
        let killed = try backed.data.copy()
        let report = try FolderVerification.verify(killed.path)
        #expect(report.isSound, "\(report.allFindings.all)")
        backed.engine.shutdown()
    }

    @Test("only what changed is stored again, and each backup stands for itself")
    func incremental() async throws {
        var random = SeededRandom(seed: 5)
        let backed = try BackedUp()
        try await backed.create(kind: .flat)
        let engine = backed.engine
        // Extents of rows are 8 MiB: 128 bytes a row make some 65,000 rows an extent.
        for start in stride(from: 0, to: 140_000, by: 10_000) {
            _ = try await engine.upsert((start..<start + 10_000).map { VectorRecord(id: VectorID(UInt64($0)), values: random.vector(8)) }, into: "docs")
        }
        let first = try await backed.backUp()
        #expect(first.storedBytes == first.totalBytes)
        let nothing = try await backed.backUp()
        // The header's page tells the sequence, metadata counts its checkpoints.
        #expect(nothing.storedBytes < first.storedBytes / 4, "\(nothing.storedBytes) of \(first.storedBytes)")
        _ = try await engine.upsert([VectorRecord(id: 1, values: random.vector(8))], into: "docs")
        let model = try await everything(engine, in: "docs")
        let third = try await backed.backUp()
        #expect(third.storedBytes < first.storedBytes / 2)
        let full = try await backed.backUp(full: true)
        #expect(full.storedBytes == full.totalBytes)
        for backup in [first.backup, nothing.backup] { _ = try await engine.deleteBackup(backup ?? "", in: nil) }
        #expect(try await backed.verify(third.backup).state == .succeeded)
        #expect(try await backed.restore(RestoreRequest(backup: third.backup, database: "again")).state == .succeeded)
        #expect(try await everything(engine, in: "again") == model)
        // The last deletion leaves nothing behind.
        for backup in [third.backup, full.backup] { _ = try await engine.deleteBackup(backup ?? "", in: nil) }
        let left = try await DirectoryObjectStore(backed.store.path, files: LocalFileSystem(), random: SystemRandomSource()).listAll("")
        #expect(left.isEmpty, "\(left)")
        engine.shutdown()
    }

    @Test("an empty database comes back empty")
    func empty() async throws {
        let backed = try BackedUp()
        try await backed.create()
        let task = try await backed.backUp()
        #expect(task.state == .succeeded, "\(String(describing: task.failure))")
        try await backed.engine.deleteDatabase("docs")
        #expect(try await backed.restore(RestoreRequest(source: "docs")).state == .succeeded)
        #expect(try await backed.engine.count(matching: nil, in: "docs") == 0)
        backed.engine.shutdown()
    }

    @Test("what cannot be is refused with a reason")
    func refusals() async throws {
        let backed = try BackedUp()
        try await backed.create()
        let engine = backed.engine
        await #expect(throws: JadeError.notFound("database \"none\" does not exist")) { _ = try await engine.createBackup(BackupRequest(database: "none")) }
        await expectCode(.notFound) { _ = try await engine.createBackup(BackupRequest(database: "docs", target: "nowhere")) }
        await expectCode(.notFound) { _ = try await engine.restoreBackup(RestoreRequest(backup: "20261122T201530123-9f3a01c2")) }
        await expectCode(.invalidArgument) { _ = try await engine.restoreBackup(RestoreRequest(backup: "../../etc/passwd")) }
        await expectCode(.invalidArgument) { _ = try await engine.restoreBackup(RestoreRequest()) }
        let task = try await backed.backUp()
        await expectCode(.conflict) { _ = try await engine.restoreBackup(RestoreRequest(backup: task.backup)) }
        await expectCode(.notFound) { _ = try await engine.deleteBackup("20261122T201530123-00000000", in: nil) }
        engine.shutdown()
    }

    @Test("any damaged or missing object is found, by verify and by restore")
    func damage() async throws {
        var random = SeededRandom(seed: 11)
        let backed = try BackedUp()
        try await backed.create()
        _ = try await backed.engine.upsert((0..<200).map { record($0, &random) }, into: "docs")
        let task = try await backed.backUp()
        let files = LocalFileSystem()
        let store = DirectoryObjectStore(backed.store.path, files: files, random: SystemRandomSource())
        let objects = try await store.listAll("")
        #expect(objects.count >= 4)
        for object in objects {
            let path = "\(backed.store.path)/\(object.key)"
            let whole = try files.readFile(path, limit: 1 << 30)
            for version in 0..<3 {
                var damaged = whole
                switch version {
                case 0: damaged[Int.random(in: 0..<whole.count, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: damaged.removeLast(Int.random(in: 1...whole.count, using: &random))
                default: try files.remove(path)
                }
                if version < 2 { try files.replaceFile(path, with: damaged) }
                await expectFailure(backed, task.backup, "\(object.key) version \(version)")
                try files.replaceFile(path, with: whole)
            }
        }
        #expect(try await backed.verify(task.backup).state == .succeeded)
        #expect(try await backed.engine.listDatabases().map(\.name) == ["docs"])
        backed.engine.shutdown()
    }

    /// Either the call or its task fails; nothing comes to be.
    private func expectFailure(_ backed: BackedUp, _ backup: String?, _ what: String) async {
        for restores in [false, true] {
            do {
                let task = restores ? try await backed.restore(RestoreRequest(backup: backup, database: "again")) : try await backed.verify(backup)
                #expect(task.state == .failed, "\(what): \(restores ? "restored" : "verified")")
                #expect(task.failure.map { [.corrupted, .notFound].contains($0.code) } ?? false, "\(what): \(String(describing: task.failure))")
            } catch {
                let code = (error as? JadeError)?.code
                #expect(code == .corrupted || code == .notFound || code == .unavailable, "\(what): \(error)")
            }
        }
    }
}

func expectCode(_ code: ErrorCode, _ body: () async throws -> Void) async {
    do {
        try await body()
        Issue.record("expected \(code)")
    } catch {
        #expect((error as? JadeError)?.code == code, "\(error)")
    }
}
