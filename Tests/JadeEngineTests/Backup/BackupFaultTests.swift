import Glibc
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeStorage
import JadeTestSupport
import Testing

/// Every file operation of a backup, a deletion and a restore fails once, at each place where it can.
@Suite("Backups on disks that fail")
struct BackupFaultTests {
    @Test("what a failed operation leaves is nothing or all, and the next attempt works", arguments: [Fault.error(EIO), .noSpace], [false, true])
    func everyOperation(_ kind: Fault, _ keepsFailing: Bool) async throws {
        var failed = 0
        // Every so many operations fail in the short tier, others for each kind.
        var number = kind == .noSpace ? 1 : 4
        while true {
            let story = try await BackupFaultStory(failAt: number, kind, keepsFailing)
            let hasFailed = try await story.tell()
            if !hasFailed { break }
            failed += 1
            number += keepsFailing ? 29 : Tier.isLong ? 1 : 7
        }
        #expect(failed > (keepsFailing ? 2 : 10), "\(failed) operations")
    }
}

private final class BackupFaultStory {
    private let data = DataFolder()
    private let store = DataFolder()
    private let files: FaultyFileSystem
    private let model: [VectorID: VectorRecord]
    private let clock = ManualClock()

    /// A closed database, so that counting begins with the backup.
    init(failAt: Int, _ kind: Fault, _ keepsFailing: Bool) async throws {
        var random = SeededRandom(seed: 1)
        let engine = try BackedUp.open(data.path, store.path, clock, LocalFileSystem())
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 8, metric: .euclidean, index: IndexSettings(kind: .flat)))
        _ = try await engine.upsert((0..<60).map { record($0, &random) }, into: "docs")
        model = try await everything(engine, in: "docs")
        engine.shutdown()
        files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: failAt, kind: kind, keepsFailing: keepsFailing)
    }

    /// Whether the operation that was to fail was reached.
    func tell() async throws -> Bool {
        let engine: Engine
        do { engine = try BackedUp.open(data.path, store.path, clock, files) } catch { return true }
        var backup: String?
        if let task = try? await engine.createBackup(BackupRequest(database: "docs")) { backup = try await settled(engine, task).backup }
        if let task = try? await engine.createBackup(BackupRequest(database: "docs")) { backup = try await settled(engine, task).backup ?? backup }
        if let task = try? await engine.restoreBackup(RestoreRequest(source: "docs", database: "again")) {
            let ended = try await settled(engine, task)
            let names = try await engine.listDatabases().map(\.name)
            #expect(names.contains("again") == (ended.state == .succeeded), "\(ended)")
            if ended.state == .succeeded { #expect(try await everything(engine, in: "again") == model) }
        }
        if let oldest = try? await engine.listBackups(in: nil, of: nil).first { _ = try? await engine.deleteBackup(oldest.id, in: nil) }
        let hasFailed = files.hasFailed
        let operation = files.failedOperation ?? ""
        engine.shutdown()
        try await check(operation)
        return hasFailed
    }

    /// On files that work: the database is what it was, and each backup that is listed is whole.
    private func check(_ operation: String) async throws {
        let engine = try BackedUp.open(data.path, store.path, clock, LocalFileSystem())
        let databases = try await engine.listDatabases()
        #expect(databases.allSatisfy { $0.problem == nil }, "after \(operation): \(databases)")
        for database in databases { #expect(try await everything(engine, in: database.name) == model, "after \(operation)") }
        #expect(databases.contains { $0.name == "docs" })
        for backup in try await engine.listBackups(in: nil, of: nil) {
            let task = try await settled(engine, try await engine.verifyBackup(backup.id, in: nil))
            #expect(task.state == .succeeded, "after \(operation): \(String(describing: task.failure))")
        }
        let next = try await settled(engine, try await engine.createBackup(BackupRequest(database: "docs")))
        #expect(next.state == .succeeded, "after \(operation): \(String(describing: next.failure))")
        // Once all are deleted nothing is left, whatever was left unfinished before.
        // The deletion of one completes that of another which failed before.
        while let backup = try await engine.listBackups(in: nil, of: nil).first { _ = try await engine.deleteBackup(backup.id, in: nil) }
        let left = try await DirectoryObjectStore(store.path, files: LocalFileSystem(), random: SystemRandomSource()).listAll("")
        #expect(left.isEmpty, "after \(operation): \(left)")
        engine.shutdown()
    }
}
