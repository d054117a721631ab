import GRDBSQLite
import Glibc
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeKernels
import JadeTestSupport
import Testing

/// A data folder with one database `docs`, what it must hold, and ways to damage it.
final class Folder {
    static let dimension = 24

    let path = "/tmp/jade-verify-test-\(SystemRandomSource().uniqueID())"
    var model: [VectorID: VectorRecord] = [:]
    private let files = LocalFileSystem()

    deinit { try? LocalFileSystem().removeTree(path) }

    func open(syncOnWrite: Bool = false) throws(JadeError) -> Engine {
        try Engine(EngineConfiguration(dataDirectory: path, syncOnWrite: syncOnWrite, searchThreads: 1, buildThreads: 1))
    }

    /// Upserts, an update of every tenth, a deletion of every seventh; some ids are numbers, some too long for a head.
    func fill(_ engine: Engine, _ range: Range<Int>, seed: UInt64) async throws {
        var random = SeededRandom(seed: seed)
        func record(_ number: Int) -> VectorRecord {
            let id: VectorID = number % 5 == 0 ? VectorID(UInt64(number)) : .text("vector \(number)" + String(repeating: "x", count: number % 3 * 30))
            return VectorRecord(id: id, values: random.vector(Self.dimension), metadata: ["n": .integer(Int64(number)), "s": .string("§\(number)")])
        }
        let records = range.map(record)
        for start in stride(from: 0, to: records.count, by: 50) {
            let batch = Array(records[start..<min(start + 50, records.count)])
            _ = try await engine.upsert(batch, into: "docs")
            for record in batch { model[record.id] = record }
        }
        let updates = range.filter { $0 % 10 == 3 }.map(record)
        if !updates.isEmpty { _ = try await engine.upsert(updates, into: "docs") }
        for record in updates { model[record.id] = record }
        let gone = range.filter { $0 % 7 == 4 }.map { records[$0 - range.lowerBound].id }
        if !gone.isEmpty { _ = try await engine.delete(gone, from: "docs") }
        for id in gone { model[id] = nil }
    }

    /// A folder that was closed, with 300 vectors or so and a saved graph.
    static func closed(kind: IndexSettings.Kind = .hnsw) async throws -> Folder {
        let folder = Folder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: dimension, index: IndexSettings(kind: kind, m: 8, efConstruction: 40)))
        try await folder.fill(engine, 0..<300, seed: 1)
        try await folder.waitForIndex(engine)
        engine.shutdown()
        return folder
    }

    private func waitForIndex(_ engine: Engine) async throws {
        for _ in 0..<10_000 {
            if try await engine.describeDatabase("docs").index.pending == 0 { return }
            await Task.yield()
            usleep(1_000)
        }
        Issue.record("the index never caught up")
    }

    /// What a process that is killed leaves: a folder that was closed once, was opened again and written to. Every write was
    /// promised.
    static func killed() async throws -> Folder {
        let folder = try await closed()
        let engine = try folder.open(syncOnWrite: true)
        try await folder.fill(engine, 300..<450, seed: 2)
        let copy = try folder.copy()
        engine.shutdown()
        return copy
    }

    func copy() throws(JadeError) -> Folder {
        let copy = Folder()
        copy.model = model
        try copyTree(path, copy.path)
        return copy
    }

    private func copyTree(_ from: String, _ to: String) throws(JadeError) {
        try files.createDirectory(to)
        for name in try files.list(from) {
            if try files.isDirectory("\(from)/\(name)") {
                try copyTree("\(from)/\(name)", "\(to)/\(name)")
            } else {
                try files.replaceFile("\(to)/\(name)", with: try files.readFile("\(from)/\(name)", limit: 1 << 30))
            }
        }
    }

    /// Bytes from one block to the next, and where a row's block begins.
    static let blockBytes = 64 + 128
    static func block(_ ordinal: Int) -> Int { 4_096 + ordinal * blockBytes }

    var shard: String {
        get throws { "\(path)/databases/\(try #require(try files.list("\(path)/databases").first))" }
    }

    /// Every file with its bytes: to show that nothing changed.
    func contents(_ directory: String? = nil) throws -> [String: [UInt8]] {
        let directory = directory ?? path
        var found: [String: [UInt8]] = [:]
        for name in try files.list(directory) {
            let member = "\(directory)/\(name)"
            if try files.isDirectory(member) {
                found.merge(try contents(member)) { first, _ in first }
            } else { found[member] = try files.readFile(member, limit: 1 << 30) }
        }
        return found
    }

    /// Changes bytes of a file of the shard.
    func patch(_ name: String, _ change: (inout [UInt8]) -> Void) throws {
        let path = "\(try shard)/\(name)"
        var bytes = try files.readFile(path, limit: 1 << 30)
        change(&bytes)
        try files.replaceFile(path, with: bytes)
    }

    /// Changes both copies of the rows' header and gives them their checksums again.
    func patchHeader(_ change: (inout [UInt8], Int) -> Void) throws {
        try patch("vectors.mmap") { bytes in
            for start in [0, 512] {
                change(&bytes, start)
                let checksum = CRC32C.checksum(Array(bytes[start..<start + 252]))
                for byte in 0..<4 { bytes[start + 252 + byte] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * byte)) }
            }
        }
    }

    /// Runs SQL on the shard's `metadata.db` and leaves it without a log, and without the checksum that would tell.
    func sql(_ text: String) throws {
        try files.remove("\(try shard)/metadata.sum")
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        #expect(sqlite3_open("\(try shard)/metadata.db", &connection) == SQLITE_OK)
        var message: UnsafeMutablePointer<CChar>?
        #expect(sqlite3_exec(connection, text, nil, nil, &message) == SQLITE_OK, "\(message.map { String(cString: $0) } ?? "")")
        #expect(sqlite3_exec(connection, "PRAGMA wal_checkpoint(TRUNCATE)", nil, nil, nil) == SQLITE_OK)
    }

    func verify() throws(JadeError) -> VerificationReport { try FolderVerification.verify(path) }

    /// Repairs, and expects a sound folder afterwards whose database holds what the model says.
    @discardableResult
    func repair(losses: Int = 0, sourceLocation: SourceLocation = #_sourceLocation) async throws -> RepairReport.Database {
        let before = try contents()
        let planned = try FolderRepair.repair(path, dryRun: true)
        #expect(try contents() == before, "a dry run changed something", sourceLocation: sourceLocation)
        let report = try FolderRepair.repair(path)
        #expect(report.databases.map(\.actions) == planned.databases.map(\.actions), sourceLocation: sourceLocation)
        let database = try #require(report.databases.first)
        #expect(database.losses.count == losses, "\(database.losses)", sourceLocation: sourceLocation)
        let after = try verify()
        #expect(after.allFindings.all.filter { $0.severity == .damage } == [], sourceLocation: sourceLocation)
        try await expectModel(sourceLocation: sourceLocation)
        return database
    }

    /// Opens the database and compares every vector.
    func expectModel(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let engine = try open()
        defer { engine.shutdown() }
        #expect(try await engine.describeDatabase("docs").vectorCount == model.count, sourceLocation: sourceLocation)
        let wanted = model.values.sorted { $0.id.text < $1.id.text }
        let found = try await engine.vectors(wanted.map(\.id), in: "docs", parts: [.values, .metadata])
        let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0) })
        for record in wanted {
            let stored = byID[record.id]
            #expect(stored?.values == record.values, "\(record.id)", sourceLocation: sourceLocation)
            #expect(stored?.metadata == record.metadata, "\(record.id)", sourceLocation: sourceLocation)
        }
        // Searches find what they should: the graph, or what stands in for it.
        for record in wanted.prefix(20) {
            let answer = try await engine.search(SearchRequest(query: .values(record.values), topK: 1), in: "docs")
            #expect(answer.results.first?.id == record.id, sourceLocation: sourceLocation)
        }
    }
}

extension VectorID {
    static func text(_ text: String) -> VectorID {
        guard let id = try? VectorID(text) else { preconditionFailure("ids of tests are valid") }
        return id
    }
}
