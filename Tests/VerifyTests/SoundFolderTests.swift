import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeIndex
import Testing

@Suite("Verifying sound folders")
struct SoundFolderTests {
    @Test("a closed folder is sound, and stays as it is", arguments: IndexSettings.Kind.allCases)
    func closed(_ kind: IndexSettings.Kind) async throws {
        let folder = try await Folder.closed(kind: kind)
        let before = try folder.contents()
        let report = try folder.verify()
        #expect(report.allFindings.all == [])
        let database = try #require(report.databases.first)
        #expect(database.vectors == folder.model.count)
        #expect(database.wasClosed)
        #expect(database.state == "closed")
        #expect((database.index == nil) == (kind == .flat))
        #expect(database.index.map { $0.nodes >= folder.model.count } ?? true)
        #expect(database.index?.unreachable.isEmpty ?? true)
        #expect(try folder.contents() == before)
    }

    @Test("a folder of a killed process is sound and says what waits")
    func killed() async throws {
        let folder = try await Folder.killed()
        let before = try folder.contents()
        let report = try folder.verify()
        #expect(report.allFindings.all == [])
        let database = try #require(report.databases.first)
        #expect(!database.wasClosed)
        // Three upserts, one of updates, one deletion.
        #expect(database.pendingRecords == 5)
        #expect(database.state == "was not closed; 5 log records wait to be applied")
        #expect(database.vectors == folder.model.count)
        #expect(try folder.contents() == before)
        try await folder.expectModel()
    }

    @Test("an empty folder, an empty database and one that was killed empty are sound")
    func empty() async throws {
        let folder = Folder()
        try folder.open().shutdown()
        #expect(try folder.verify().allFindings.all == [])
        let engine = try folder.open()
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 3))
        let copy = try folder.copy()
        engine.shutdown()
        #expect(try folder.verify().allFindings.all == [])
        #expect(try copy.verify().allFindings.all == [])
        #expect(try copy.verify().databases.first?.vectors == 0)
    }

    @Test("a folder that a server has open is refused, as is one that is none")
    func refusals() async throws {
        let folder = Folder()
        let engine = try folder.open()
        let held = #expect(throws: JadeError.self) { try folder.verify() }
        #expect(held?.code == .conflict)
        engine.shutdown()
        let absent = #expect(throws: JadeError.self) { try FolderVerification.verify("/tmp/no-such-folder") }
        #expect(absent?.code == .notFound)
        let missing = #expect(throws: JadeError.self) { try FolderVerification.verify(folder.path, database: "other") }
        #expect(missing?.code == .notFound)
    }

    @Test("repairing a sound folder does nothing")
    func nothingToRepair() async throws {
        for folder in [try await Folder.closed(), try await Folder.killed()] {
            let before = try folder.contents()
            let report = try FolderRepair.repair(folder.path)
            #expect(report.databases.first?.actions == [])
            #expect(try folder.contents() == before)
        }
    }
}
