import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

@Suite("Damage to the log of a killed process")
struct LogDamageTests {
    @Test("a damaged record is found; SQLite's own log stands in for it")
    func record() async throws {
        let folder = try await Folder.killed()
        try folder.patch(try folder.logName()) { $0[64 + 32 + 100] ^= 1 }
        let found = try folder.verify().allFindings.all
        #expect(found.contains { $0.severity == .damage && $0.file.hasSuffix(".log") && $0.offset == 64 + 4 }, "\(found)")
        let report = try await folder.repair()
        let aside = try #require(report.aside)
        #expect(try LocalFileSystem().fileExists("\(aside)/wal"))
    }

    @Test("without SQLite's log the rows of a lost record stay, their metadata is named as lost")
    func recordAndMetadata() async throws {
        let folder = try await Folder.killed()
        try folder.patch(try folder.logName()) { $0[64 + 32 + 100] ^= 1 }
        try LocalFileSystem().remove("\(try folder.shard)/metadata.db-wal")
        let report = try FolderRepair.repair(folder.path)
        let after = try folder.verify()
        #expect(after.isSound, "\(after.allFindings.all)")
        let losses = try #require(report.databases.first).losses
        #expect(losses.first?.hasPrefix("log records ") == true)
        for id in folder.model.keys where losses.contains(where: { $0.contains("\"\(id)\"") }) { folder.model[id]?.metadata = [:] }
        try await folder.expectModel()
    }

    @Test("an unfinished end is a warning, as opening cuts it off")
    func tail() async throws {
        let folder = try await Folder.killed()
        // What the log wrote ahead of itself goes first, then half of the last record.
        try folder.patch(try folder.logName()) { bytes in
            while bytes.last == 0 { bytes.removeLast() }
            bytes.removeLast(20)
        }
        let report = try folder.verify()
        #expect(report.isSound)
        #expect(report.allFindings.all.contains { $0.severity == .warning && $0.file.hasSuffix(".log") })
        #expect(report.databases.first?.pendingRecords == 4)
    }

    @Test("a log that is gone is found; SQLite's own log stands in for it")
    func missing() async throws {
        let folder = try await Folder.killed()
        try LocalFileSystem().remove("\(try folder.shard)/\(try folder.logName())")
        let found = try folder.verify().allFindings.all
        #expect(found.contains { $0.severity == .damage && $0.file.hasSuffix("/wal") }, "\(found)")
        try await folder.repair()
    }

    @Test("without log, SQLite's log and manifest, rows bring themselves back")
    func rowsAlone() async throws {
        let folder = try await Folder.killed()
        for name in [try folder.logName(), "metadata.db-wal", "manifest"] {
            try LocalFileSystem().remove("\(try folder.shard)/\(name)")
        }
        _ = try FolderRepair.repair(folder.path)
        #expect(try folder.verify().isSound)
        let engine = try folder.open()
        defer { engine.shutdown() }
        let records = folder.model.values.sorted { $0.id.text < $1.id.text }
        let found = try await engine.vectors(records.map(\.id), in: "docs", parts: .values)
        let values = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.values) })
        for record in records { #expect(values[record.id] == record.values, "\(record.id)") }
    }

    @Test("any flipped bit is found or harmless, and repair ends in a sound folder that has every row", arguments: [false, true])
    func randomFlips(_ wasKilled: Bool) async throws {
        let folder = wasKilled ? try await Folder.killed() : try await Folder.closed()
        var random = SeededRandom(seed: wasKilled ? 11 : 20_261_122)
        for _ in 0..<(wasKilled ? 10 : 30) {
            let copy = try folder.copy()
            let files = try copy.contents(try copy.shard).filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            let (path, bytes) = files[Int.random(in: files.indices, using: &random)]
            let offset = Int.random(in: bytes.indices, using: &random)
            var changed = bytes
            changed[offset] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            try LocalFileSystem().replaceFile(path, with: changed)
            let isSound = try copy.verify().isSound
            let report = try FolderRepair.repair(copy.path)
            #expect(try copy.verify().isSound, "\(path) at \(offset)")
            #expect(report.databases.first?.vectors == copy.model.count, "\(path) at \(offset): \(report.databases)")
            if isSound || report.hasLosses { continue }
            try await copy.expectModel()
        }
    }
}
