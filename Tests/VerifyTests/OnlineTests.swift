import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// Verification of an engine that is open.
@Suite("verify while the engine serves")
struct OnlineTests {
    @Test("files that are written to meanwhile are sound", arguments: IndexSettings.Kind.allCases)
    func underLoad(_ kind: IndexSettings.Kind) async throws {
        let folder = try await Folder.closed(kind: kind)
        var configuration = EngineConfiguration(dataDirectory: folder.path, checkpointTransactions: 3, searchThreads: 1, buildThreads: 1)
        configuration.checkpointSeconds = 1
        let engine = try Engine(configuration)
        let writing = Task {
            var random = SeededRandom(seed: Tier.seed)
            var writes = 0
            while !Task.isCancelled {
                let records = (0..<20).map { _ in
                    VectorRecord(
                        id: VectorID(UInt64.random(in: 0..<400, using: &random)), values: random.vector(Folder.dimension),
                        metadata: ["n": .integer(Int64(writes))])
                }
                _ = try await engine.upsert(records, into: "docs")
                _ = try await engine.delete([records[0].id, records[1].id], from: "docs")
                writes += 1
            }
            return writes
        }
        for _ in 0..<(Tier.isLong ? 200 : 12) {
            let job = try await ended(try await engine.startVerification(VerificationRequest()), engine)
            #expect(job.state == .done)
            #expect(job.findings == [])
        }
        writing.cancel()
        #expect(try await writing.value > 0)
        engine.shutdown()
        #expect(try FolderVerification.verify(folder.path).isSound)
    }

    @Test("a flipped bit is found with its place, and writes go on")
    func flippedBit() async throws {
        let folder = try await Folder.closed()
        let engine = try folder.open()
        let rows = "\(try folder.shard)/vectors.mmap"
        // The values of ordinal 0, which no update has replaced.
        try overwrite(rows, at: Folder.block(0) + 70) { $0 ^ 4 }
        let found = try await findings(engine)
        #expect(found.map(\.file) == [rows])
        #expect(found.map(\.offset) == [Folder.block(0) + 16])
        #expect(found.first?.expected.hasPrefix("checksum 0x") == true)
        _ = try await engine.upsert([VectorRecord(id: 9_999, values: .init(repeating: 1, count: Folder.dimension))], into: "docs")
        engine.shutdown()
    }

    @Test("damage of the log, the manifest, a header, the saved index and metadata is found")
    func otherFiles() async throws {
        let folder = try await Folder.closed()
        let engine = try folder.open(syncOnWrite: true)
        try await folder.fill(engine, 300..<360, seed: 3)
        let shard = try folder.shard
        #expect(try await findings(engine) == [])
        let log = try #require(try LocalFileSystem().list("\(shard)/wal").first)
        let places = [
            ("wal/\(log)", 64 + 40), ("manifest", 40), ("vectors.mmap", 20), ("vectors.mmap", 512 + 20), ("index/1/links", 100),
        ]
        for (name, offset) in places {
            try overwrite("\(shard)/\(name)", at: offset) { $0 ^ 1 }
            let found = try await findings(engine)
            // A link that leads out of the graph is named besides the checksum.
            #expect(Set(found.map(\.file)) == ["\(shard)/\(name)"], "\(name) at \(offset): \(found)")
            try overwrite("\(shard)/\(name)", at: offset) { $0 ^ 1 }
        }
        #expect(try await findings(engine) == [])
        engine.shutdown()
    }

    @Test("a link of the graph in memory that leads nowhere is found")
    func linkInMemory() async throws {
        let folder = try await Folder.closed()
        let engine = try folder.open()
        let shard = try folder.shard
        #expect(try await findings(engine) == [])
        // The graph is mapped, and the page that holds the first list is not a copy yet: what is written to the file is in memory.
        try overwrite("\(shard)/index/1/links", at: 3) { _ in 0x40 }
        let found = try await findings(engine)
        #expect(found.contains { $0.file == "\(shard)/index/1/links" })
        #expect(found.contains { $0.file.contains("in memory") && $0.expected.hasPrefix("node 0 linked") })
        try overwrite("\(shard)/index/1/links", at: 3) { _ in 0 }
        engine.shutdown()
    }

    @Test("an id that leads to another's row is found")
    func wrongID() async throws {
        let folder = try await Folder.closed()
        let one = try #require(folder.model.keys.filter { $0.text.hasPrefix("vector") }.min { $0.text < $1.text })
        try folder.sql("UPDATE ids SET ordinal = (SELECT max(ordinal) FROM ids) WHERE id = '\(one.text)'")
        let engine = try folder.open()
        let found = try await findings(engine)
        let path = "\(try folder.shard)/metadata.db"
        #expect(found.allSatisfy { $0.file == path })
        #expect(found.contains { $0.expected.hasPrefix("one id for ordinal") })
        #expect(found.contains { $0.expected.hasPrefix("an id for the living row at ordinal") })
        engine.shutdown()
    }

    @Test("one at a time, cancelled on request and at the end")
    func cancelled() async throws {
        let folder = try await Folder.closed()
        let engine = try folder.open()
        let slow = VerificationRequest(database: "docs", bytesPerSecond: Limits.minimumVerificationBytesPerSecond)
        await #expect(throws: JadeError.notFound("database \"none\" does not exist")) {
            _ = try await engine.startVerification(VerificationRequest(database: "none"))
        }
        let first = try await engine.startVerification(slow)
        #expect(first.kind == "verify")
        #expect(first.database == "docs")
        _ = try await engine.cancelJob(first.id)
        let end = try await ended(first, engine)
        #expect(end.state == .cancelled || end.state == .done)
        let second = try await engine.startVerification(slow)
        #expect(try await engine.jobs().map(\.id) == [second.id, first.id])
        engine.shutdown()
        #expect(try await engine.job(second.id).state != .running)
        await #expect(throws: JadeError.self) { _ = try await engine.startVerification(slow) }
    }

    private func findings(_ engine: Engine) async throws -> [Finding] {
        let job = try await ended(try await engine.startVerification(VerificationRequest()), engine)
        #expect(job.state == .done, "\(job.problem ?? "")")
        return job.findings
    }

    private func ended(_ job: JobDescription, _ engine: Engine) async throws -> JobDescription {
        try await poll("the verification") {
            let now = try await engine.job(job.id)
            return now.state == .running ? nil : now
        }
    }

    /// Changes a byte of a file in its place: open mappings see it.
    private func overwrite(_ path: String, at offset: Int, _ change: (UInt8) -> UInt8) throws {
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(offset))
        let old = try #require(try file.read(upToCount: 1)?.first)
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: Data([change(old)]))
    }
}
