import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Logging
import Testing

/// Files that were damaged while the database was closed: right data or a typed error, never a crash, never wrong data, and
/// never anything for the databases beside it.
@Suite("Damaged files", .serialized)
struct DamageTests {
    private static let parent = FileManager.default.fileExists(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    private static let rounds = Tier.rounds(short: 250, long: 10_000)

    @Test("right data or a typed error")
    func rightDataOrAnError() async throws {
        let (original, library) = try await Self.written()
        defer { try? LocalFileSystem().removeTree(original) }
        var random = SeededRandom(seed: Tier.seed)
        let names = try tree("\(original)/databases").filter { !$0.hasSuffix("/lock") }
        var refused = 0
        for round in 0..<Self.rounds {
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            let size = try LocalFileSystem().fileSize("\(original)/databases/\(name)") ?? 0
            let damage = Damage.random(of: size, &random)
            do {
                if try await Self.survive(damage, name, original, library) { refused += 1 }
            } catch {
                Issue.record("seed \(Tier.seed), round \(round), \(name) of \(size) bytes, \(damage): \(error)")
            }
        }
        // Most of the bytes matter, and none of the files may be a matter of indifference as a whole.
        #expect(refused > Self.rounds / 10)
    }

    @Test("a damaged catalog is an error or is read, and nothing crashes")
    func catalog() async throws {
        let (original, _) = try await Self.written()
        defer { try? LocalFileSystem().removeTree(original) }
        var random = SeededRandom(seed: Tier.seed)
        for _ in 0..<(Self.rounds / 10) {
            let copy = try Self.copy(of: original)
            defer { try? LocalFileSystem().removeTree(copy) }
            let size = try LocalFileSystem().fileSize("\(copy)/system.db") ?? 0
            try Damage.random(of: size, &random).apply(to: "\(copy)/system.db")
            guard let engine = try? Self.engine(copy) else { continue }
            for database in try await engine.listDatabases() {
                _ = try? await engine.count(matching: nil, in: database.name)
                _ = try? await everything(engine, in: database.name)
            }
            engine.shutdown()
        }
    }

    @Test("a damaged database is shown with the reason, may be deleted, and keeps nobody from the others")
    func others() async throws {
        let (path, library) = try await Self.written()
        defer { try? LocalFileSystem().removeTree(path) }
        let before = try Self.engine(path)
        let id = try await before.describeDatabase("flat").id
        before.shutdown()
        try Damage.flip(offset: 40, bit: 3).apply(to: "\(path)/databases/\(id)/manifest")
        // Neither do things that are in the way.
        try LocalFileSystem().createDirectory("\(path)/databases/0123456789abcdef0123456789abcdef/wal")
        try LocalFileSystem().replaceFile("\(path)/databases/notes.txt", with: [1, 2, 3])

        let engine = try Self.engine(path)
        let described = try await engine.describeDatabase("flat")
        #expect(described.problem?.contains("\(id)/manifest at offset") == true)
        #expect(described.storage?.state == .quarantined)
        #expect(try await engine.describeDatabase("graph").storage?.state == .ready)
        #expect(try await engine.listDatabases().map(\.name) == ["flat", "graph"])
        #expect(try await engine.status().databaseCount == 2)
        let error = await #expect(throws: JadeError.self) { _ = try await engine.count(matching: nil, in: "flat") }
        #expect(error?.code == .corrupted)
        #expect(error?.message.contains("database \"flat\" cannot be opened") == true)
        await #expect(throws: JadeError.self) {
            _ = try await engine.upsert([VectorRecord(id: 1, values: [Float](repeating: 1, count: Library.dimension))], into: id)
        }
        await #expect(throws: JadeError.conflict("database \"flat\" exists already")) {
            _ = try await engine.createDatabase(DatabaseSpecification(name: "flat", dimension: 3))
        }
        #expect(try await library.read("graph", engine).isWhole)
        try await engine.deleteDatabase("flat")
        _ = try await engine.createDatabase(DatabaseSpecification(name: "flat", dimension: 3))
        #expect(try LocalFileSystem().list("\(path)/databases").count == 3)
        engine.shutdown()
    }

    /// Whether the damage was refused.
    private static func survive(
        _ damage: Damage, _ name: String, _ original: String, _ library: Library
    ) async throws -> Bool {
        let copy = try copy(of: original)
        defer { try? LocalFileSystem().removeTree(copy) }
        try damage.apply(to: "\(copy)/databases/\(name)")
        let engine = try engine(copy)
        defer { engine.shutdown() }
        let damaged = String(name.prefix { $0 != "/" })
        var refused = false
        for database in try await engine.listDatabases() {
            guard database.id == damaged else {
                let found = try await everything(engine, in: database.name)
                guard found == library.vectors else { throw Wrong("\(database.name) suffers too") }
                continue
            }
            refused = !(try await library.read(database.name, engine).isWhole)
        }
        try await write(engine, damaged)
        return refused
    }

    /// Writes may be refused, and must not end the process.
    private static func write(_ engine: Engine, _ database: String) async throws {
        do throws(JadeError) {
            _ = try await engine.upsert([VectorRecord(id: 1, values: [Float](repeating: 1, count: Library.dimension))], into: database)
            _ = try await engine.delete([1], from: database)
        } catch {
            guard error.code == .corrupted || error.code == .unavailable else { throw Wrong("an unfit error: \(error)") }
        }
    }

    private static func written() async throws -> (path: String, library: Library) {
        let path = "\(parent)/jade-damage-\(SystemRandomSource().uniqueID())"
        let library = Library(seed: Tier.seed)
        let engine = try engine(path)
        try await library.write(engine)
        engine.shutdown()
        return (path, library)
    }

    private static func copy(of original: String) throws -> String {
        let copy = "\(parent)/jade-damage-\(SystemRandomSource().uniqueID())"
        try copyTree(original, to: copy)
        return copy
    }

    private static func engine(_ path: String) throws -> Engine {
        var logger = Logger(label: "jade.damage")
        logger.logLevel = .critical
        return try Engine(EngineConfiguration(dataDirectory: path, searchThreads: 1, buildThreads: 1), logger: logger)
    }
}
