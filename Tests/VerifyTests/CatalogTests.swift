import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport
import Testing

/// `system.db` damaged or gone.
@Suite("a catalog that is made again")
struct CatalogTests {
    private static let names = ["angles", "distances"]

    /// Two databases of different shapes with a few vectors each; one has been renamed.
    private func written() async throws -> Folder {
        let folder = Folder()
        let engine = try folder.open()
        for (name, metric) in zip(["first", "distances"], [Metric.cosine, .euclidean]) {
            _ = try await engine.createDatabase(
                DatabaseSpecification(
                    name: name, dimension: 3, metric: metric, index: IndexSettings(kind: metric == .cosine ? .hnsw : .flat, m: 7)))
            _ = try await engine.upsert((1...5).map { VectorRecord(id: VectorID(UInt64($0)), values: [Float($0), 1, 2]) }, into: name)
        }
        _ = try await engine.updateDatabase("first", DatabaseUpdate(name: "angles", efSearch: 77))
        engine.shutdown()
        return folder
    }

    private func check(_ folder: Folder) async throws {
        #expect(try FolderVerification.verify(folder.path).isSound)
        let engine = try folder.open()
        #expect(try await engine.listDatabases().map(\.name) == Self.names)
        let angles = try await engine.describeDatabase("angles")
        #expect(angles.specification.field.metric == .cosine)
        #expect(angles.specification.index == IndexSettings(kind: .hnsw, m: 7, efSearch: 77))
        for name in Self.names { #expect(try await engine.count(matching: nil, in: name) == 5) }
        engine.shutdown()
    }

    @Test("without a catalog the databases' own folders say what they are")
    func gone() async throws {
        let folder = try await written()
        try LocalFileSystem().remove("\(folder.path)/system.db")
        #expect(try !FolderVerification.verify(folder.path).isSound)
        let plan = try FolderRepair.repair(folder.path, dryRun: true)
        #expect(plan.catalog?.databases == Self.names)
        #expect(try !LocalFileSystem().fileExists("\(folder.path)/system.db"))
        let report = try FolderRepair.repair(folder.path)
        #expect(report.catalog?.databases == Self.names)
        #expect(report.catalog?.losses.count == 1)
        try await check(folder)
    }

    @Test("what can be read of a damaged catalog comes along, wherever the damage is")
    func damaged() async throws {
        let original = try await written()
        let size = try #require(try LocalFileSystem().fileSize("\(original.path)/system.db"))
        for offset in stride(from: 0, to: size, by: 4_096) {
            let folder = try original.copy()
            let path = "\(folder.path)/system.db"
            var bytes = try LocalFileSystem().readFile(path, limit: 1 << 30)
            for place in offset..<min(offset + 200, size) { bytes[place] = 0xA5 }
            try LocalFileSystem().replaceFile(path, with: bytes)
            if try FolderVerification.verify(folder.path).isSound { continue }
            let report = try FolderRepair.repair(folder.path)
            #expect(report.catalog?.databases == Self.names, "damage at \(offset)")
            #expect(try LocalFileSystem().readFile(report.catalog?.aside ?? "", limit: 1 << 30) == bytes)
            try await check(folder)
        }
    }

    @Test("a note that is damaged, too, is named, and the rest comes back")
    func damagedNote() async throws {
        let folder = try await written()
        let databases = try LocalFileSystem().list("\(folder.path)/databases")
        let note = "\(folder.path)/databases/\(databases[0])/database.json"
        var bytes = try LocalFileSystem().readFile(note, limit: 1 << 20)
        bytes[30] ^= 1
        try LocalFileSystem().replaceFile(note, with: bytes)
        try LocalFileSystem().remove("\(folder.path)/system.db")
        let report = try FolderRepair.repair(folder.path)
        #expect(report.catalog?.databases.count == 1)
        #expect(report.findings.all.contains { $0.file == note })
    }
}
