import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// What is deleted gives its disk space back, in allocated blocks.
@Suite("Disk space")
struct SpaceTests {
    private static let dimension = 64
    private static let count = 8_000

    private func records(_ numbers: Range<Int>, _ random: inout SeededRandom) -> [VectorRecord] {
        numbers.map {
            VectorRecord(
                id: VectorID(UInt64($0)), values: random.vector(Self.dimension),
                metadata: ["text": .string(String(repeating: "\($0) ", count: 60))])
        }
    }

    private func blocks(_ folder: DataFolder, _ name: String) throws -> Int {
        let databases = "\(folder.path)/databases"
        let id = try #require(try LocalFileSystem().list(databases).first)
        let path = "\(databases)/\(id)/\(name)"
        if try LocalFileSystem().isDirectory(path) { return try LocalFileSystem().allocatedBytes(below: path) }
        return try LocalFileSystem().allocatedBytes(of: path) ?? 0
    }

    private func fill(_ engine: Engine, _ numbers: Range<Int>, _ random: inout SeededRandom) async throws {
        for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 1_000) {
            let batch = records(start..<min(start + 1_000, numbers.upperBound), &random)
            _ = try await engine.upsert(batch, into: "docs")
        }
    }

    @Test("rows, metadata and log shrink after deletes, and what is left is whole")
    func afterDeletes() async throws {
        var random = SeededRandom(seed: 1)
        let folder = DataFolder()
        var engine = try folder.open { $0.checkpointTransactions = 1 }
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: Self.dimension, metric: .euclidean, index: IndexSettings(kind: .flat)))
        try await fill(engine, 0..<Self.count, &random)
        let kept = try await engine.vectors((Self.count - 50..<Self.count).map { VectorID(UInt64($0)) }, in: "docs", parts: .values)
        let names = ["vectors.mmap", "metadata.db"]
        let before = try names.map { try blocks(folder, $0) }
        let whole = try #require(try await engine.describeDatabase("docs").storage?.diskBytes)
        for start in stride(from: 0, to: Self.count - 50, by: 1_000) {
            let doomed = (start..<min(start + 1_000, Self.count - 50)).map { VectorID(UInt64($0)) }
            _ = try await engine.delete(doomed, from: "docs")
        }
        // Metadata gives back some at each checkpoint.
        for _ in 0..<3 { _ = try await engine.updateMetadata(.replace([:]), of: VectorID(UInt64(Self.count - 1)), in: "docs") }
        engine.performDueWork()
        let after = try names.map { try blocks(folder, $0) }
        let rowBytes = Self.count * (64 + Self.dimension * 4)
        #expect(before[0] - after[0] > rowBytes * 8 / 10, "rows \(before[0]) → \(after[0])")
        #expect(after[1] * 2 < before[1], "metadata \(before[1]) → \(after[1])")
        #expect(try blocks(folder, "wal") < 1 << 20)
        #expect(try #require(try await engine.describeDatabase("docs").storage?.diskBytes) < whole / 2)

        // Through a restart, through a kill, and with new rows.
        for kills in [false, true, false] {
            engine.performDueWork()
            let copy = kills ? try folder.copy() : folder
            engine.shutdown()
            engine = try copy.open { $0.checkpointTransactions = 1 }
            #expect(try await engine.count(matching: nil, in: "docs") == 50)
            #expect(try await engine.vectors(kept.map(\.id), in: "docs", parts: .values) == kept)
            try await fill(engine, 0..<500, &random)
            _ = try await engine.delete((0..<500).map { VectorID(UInt64($0)) }, from: "docs")
            if kills {
                engine.shutdown()
                #expect(try FolderVerification.verify(copy.path).allFindings.all == [])
                engine = try folder.open { $0.checkpointTransactions = 1 }
            }
        }
        engine.shutdown()
        #expect(try FolderVerification.verify(folder.path).allFindings.all == [])
    }

    @Test("a log is checkpointed by its bytes, and a kill leaves no more of it to replay")
    func checkpointByBytes() async throws {
        var random = SeededRandom(seed: 2)
        let folder = DataFolder()
        let engine = try folder.open {
            ($0.checkpointTransactions, $0.checkpointSeconds, $0.checkpointBytes) = (1_000_000, 86_400, 1 << 20)
        }
        _ = try await engine.createDatabase(
            DatabaseSpecification(name: "docs", dimension: Self.dimension, index: IndexSettings(kind: .flat)))
        var groups: [Int] = []
        for start in stride(from: 0, to: 4_000, by: 400) {
            try await fill(engine, start..<(start + 400), &random)
            // A checkpoint comes after the answer.
            engine.performDueWork()
            groups.append(try #require(try await engine.describeDatabase("docs").storage?.replayBytes))
        }
        // 400 rows are 0.25 MB or so: checkpoints come after every fourth or fifth group.
        #expect(groups.allSatisfy { $0 < (1 << 20) + (1 << 19) })
        #expect(groups.count { $0 < 1_000 } >= 2)
        let killed = try folder.copy()
        engine.shutdown()
        let again = try killed.open()
        let storage = try #require(try await again.describeDatabase("docs").storage)
        #expect(try await again.count(matching: nil, in: "docs") == 4_000)
        if groups.last! > 1_000 {
            #expect(try #require(storage.recovery).bytes <= groups.last!)
            #expect(try #require(storage.recovery).records > 0)
        }
        again.shutdown()
    }

    @Test("an unfinished write is cut off the log, and shown; nothing else is lost")
    func tornTail() async throws {
        let folder = DataFolder()
        let engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        for number in 0..<5 { _ = try await engine.upsert([VectorRecord(id: VectorID(UInt64(number)), values: [1, 2])], into: "docs") }
        let killed = try folder.copy()
        #expect(try await engine.describeDatabase("docs").storage?.recovery == nil)
        engine.shutdown()
        let databases = "\(killed.path)/databases"
        let shard = "\(databases)/\(try #require(try LocalFileSystem().list(databases).first))"
        let segment = try #require(try LocalFileSystem().list("\(shard)/wal").first)
        let log = try LocalFileSystem().openAppendFile("\(shard)/wal/\(segment)", create: false)
        let end = log.size
        try log.write([UInt8](repeating: 7, count: 41))
        log.close()

        let again = try killed.open()
        let storage = try #require(try await again.describeDatabase("docs").storage)
        #expect(storage.state == .ready)
        #expect(storage.recovery?.records == 5)
        #expect(storage.recovery?.bytesCut == 41)
        #expect(storage.recovery?.cut?.contains("at offset \(end)") == true)
        #expect(try await again.count(matching: nil, in: "docs") == 5)
        again.shutdown()
    }
}
