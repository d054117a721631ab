import JadeAPI
import JadeClient
import JadeCore
import JadeTestSupport
import Testing

@Suite("Backups from the shell")
struct BackupCommandTests {
    @Test("create, list, show, verify, restore, delete")
    func story() async throws {
        let folder = try TemporaryFolder()
        let server = try RunningServer(
            launchedIn: folder, settings: ["--log-level", "warning", "--backup-targets", "local=\(folder.path("backups"))"])
        try await server.waitUntilReady()
        #expect(try await server.run("database", "create", "docs", "--dimension", "2").status == 0)
        let client = try JadeClient(url: server.url)
        _ = try await client.upsert((0..<50).map { VectorRecord(id: VectorID(UInt64($0)), values: [Float($0) + 1, 1]) }, into: "docs")
        let created = try await server.run("backup", "create", "docs")
        #expect(created.status == 0, "\(created.errors)")
        #expect(created.output.contains(#/state +succeeded/#) && created.output.contains(#/stored +\d/#), "\(created.output)")
        let backup = try #require(try await client.listBackups(in: nil, of: "docs").first)
        #expect(backup.vectorCount == 50)
        let list = try await server.run("backup", "list")
        #expect(list.output.contains("BACKUP") && list.output.contains(backup.id) && list.output.contains("docs"))
        #expect(try await server.run("backup", "list", "-o", "json").output.contains("\"id\":\"\(backup.id)\""))
        #expect(try await server.run("backup", "show", backup.id).output.contains(#/vectors +50/#))
        #expect(try await server.run("backup", "verify", backup.id).status == 0)
        let restored = try await server.run("backup", "restore", backup.id, "--database", "again", "-o", "json")
        #expect(restored.status == 0 && restored.output.contains("\"state\":\"succeeded\""), "\(restored)")
        #expect(try await client.count(matching: nil, in: "again") == 50)
        let again = try await server.run("backup", "restore", backup.id, "--database", "again")
        #expect(again.status == 1 && again.errors.contains("exists already"), "\(again)")
        #expect(try await server.run("backup", "delete", backup.id).status == 1)
        #expect(try await server.run("backup", "delete", backup.id, "--yes", "--target", "local").status == 0)
        #expect(try await server.run("backup", "verify", backup.id).status == 3)
        #expect(try await client.listBackups(in: "local", of: nil).isEmpty)
        #expect(try await server.run("backup", "tasks").output.contains("verify"))
        try await client.shutdown()
        #expect(try await server.stop() == 0)
    }

    @Test("a schedule with an archived log brings back any moment")
    func schedule() async throws {
        let folder = try TemporaryFolder()
        let server = try RunningServer(
            launchedIn: folder, settings: ["--log-level", "warning", "--backup-targets", "local=\(folder.path("backups"))"])
        try await server.waitUntilReady()
        let client = try JadeClient(url: server.url)
        _ = try await client.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        let set = try await server.run("backup", "schedule", "set", "nightly", "--database", "docs", "--every", "24h", "--keep-daily", "7", "--log", "1s")
        #expect(set.status == 0, "\(set.errors)")
        var last: UInt64 = 0
        for number in 0..<5 { last = try await client.upsert([VectorRecord(id: VectorID(UInt64(number)), values: [1, 2])], into: "docs").sequence }
        _ = try await poll("the archive") {
            let status = try await client.backupSchedules()[0]
            return status.lastBackup != nil && (status.archivedSequence ?? 0) >= last ? true : nil
        }
        #expect(try await server.run("backup", "schedule", "list").output.contains("nightly"))
        let newest = try #require(try await client.listBackups(in: nil, of: "docs").last)
        let point = max(newest.sequence, 3)
        let restored = try await server.run("backup", "restore", "--source", "docs", "--database", "then", "--sequence", "\(point)")
        #expect(restored.status == 0, "\(restored)")
        #expect(try await client.count(matching: nil, in: "then") == Int(point))
        #expect(try await server.run("backup", "restore", "--source", "docs", "--database", "now", "--latest").status == 0)
        #expect(try await client.count(matching: nil, in: "now") == 5)
        #expect(try await server.run("backup", "schedule", "delete", "nightly").status == 0)
        #expect(try await server.run("backup", "schedule", "delete", "nightly").status == 3)
        try await client.shutdown()
        #expect(try await server.stop() == 0)
    }

    @Test("wrong usage is said")
    func usage() async throws {
        #expect(try await Program.run("backup", "restore").status == 2)
        #expect(try await Program.run("backup", "restore", "x", "--at", "2026-01-01T00:00:00Z", "--latest").status == 2)
        #expect(try await Program.run("backup", "schedule", "set", "x", "--database", "d", "--every", "often").status == 2)
        let server = try await RunningServer()
        let none = try await server.run("backup", "create", "docs")
        #expect(none.status != 0 && none.errors.contains("backup.targets"), "\(none)")
        #expect(try await server.stop() == 0)
    }
}
