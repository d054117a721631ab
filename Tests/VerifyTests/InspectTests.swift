import JadeCore
import JadeEngine
import JadeIO
import Testing

extension FileInspection {
    fileprivate func integer(_ name: String) -> Int64? {
        guard case .integer(let value)? = fields.first(where: { $0.name == name })?.value else { return nil }
        return value
    }
}

@Suite("Inspecting files")
struct InspectTests {
    @Test("every file of a folder is recognised by its magic, and sound")
    func everyFile() async throws {
        let folder = try await Folder.killed()
        let shard = try folder.shard
        let before = try folder.contents()
        let kinds = [
            "vectors.mmap": "rows", "vectors.ids": "long ids", try folder.logName(): "log segment", "manifest": "manifest",
            "metadata.db": "metadata", "metadata.db-mark": "checkpoint mark", "index/1": "saved index", "index/1/header": "saved index",
            "facts": "scales", "../../system.db": "catalog",
        ]
        for (name, kind) in kinds {
            let inspection = try FileInspector.inspect("\(shard)/\(name)", limit: 3)
            #expect(inspection.kind == kind, "\(name)")
            #expect(inspection.findings.all == [], "\(name)")
        }
        #expect(try folder.contents() == before)
        let closed = try await Folder.closed()
        let sum = try FileInspector.inspect("\(try closed.shard)/metadata.sum", limit: 0)
        #expect(sum.kind == "checksum of metadata")
        #expect(sum.findings.all == [])
    }

    @Test("a log segment lists its records with their operations by kind")
    func log() async throws {
        let folder = try await Folder.killed()
        let inspection = try FileInspector.inspect("\(try folder.shard)/\(try folder.logName())", limit: 4)
        let listing = try #require(inspection.listing)
        #expect(listing.total == 5)
        #expect(listing.rows.count == 4)
        #expect(listing.columns == ["sequence", "epoch", "offset", "bytes", "upserts", "deletes", "metadata changes"])
        #expect(listing.rows.first?[2] == .integer(64))
        #expect(listing.rows.first?[4...] == [.integer(50), .integer(0), .integer(0)])
        // 150 inserted, every tenth updated; every seventh deleted.
        #expect(inspection.integer("upserts") == 165)
        #expect(inspection.integer("deletes") == 21)
    }

    @Test("a vectors file lists its header, counts and first rows")
    func rows() async throws {
        let folder = try await Folder.closed()
        let inspection = try FileInspector.inspect("\(try folder.shard)/vectors.mmap", limit: 2)
        #expect(inspection.integer("dimension") == Int64(Folder.dimension))
        #expect(inspection.integer("vector count") == Int64(folder.model.count))
        #expect(inspection.integer("rows not marked deleted") == Int64(folder.model.count))
        #expect(inspection.listing?.rows.count == 2)
        #expect(inspection.listing?.rows.first?[4] == .string("0"))
        try folder.patch("vectors.mmap") { $0[Folder.block(1) + 64] ^= 1 }
        let damaged = try FileInspector.inspect("\(try folder.shard)/vectors.mmap", limit: 2)
        #expect(damaged.integer("damaged blocks") == 1)
        #expect(damaged.findings.all.first?.offset == Folder.block(1) + 16)
    }

    @Test("files of newer programs are refused with what to do, and left alone by verify and repair")
    func newer() async throws {
        let folder = try await Folder.closed()
        try folder.patchHeader { bytes, start in bytes[start + 4] = 2 }
        let path = "\(try folder.shard)/vectors.mmap"
        let error = #expect(throws: JadeError.self) { try FileInspector.inspect(path, limit: 1) }
        #expect(error == .unavailable("\(path) has format version 2, this program reads up to version 1: use a newer one"))
        #expect(try !folder.verify().isSound)
        let before = try folder.contents()
        let error1 = #expect(throws: JadeError.self) { _ = try FolderRepair.repair(folder.path) }
        #expect(error1?.code == .unavailable)
        #expect(try folder.contents() == before)
    }

    @Test("files of other programs are refused by name")
    func foreign() throws {
        let folder = Folder()
        let files = LocalFileSystem()
        try files.createDirectory(folder.path)
        try files.replaceFile("\(folder.path)/x.png", with: [0x89] + Array("PNG\r\n".utf8))
        let error = #expect(throws: JadeError.self) { try FileInspector.inspect("\(folder.path)/x.png", limit: 1) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("it begins with 89 50 4e 47") == true)
        try files.replaceFile("\(folder.path)/empty", with: [])
        let error2 = #expect(throws: JadeError.self) { try FileInspector.inspect("\(folder.path)/empty", limit: 1) }
        #expect(error2?.code == .invalidArgument)
        let error3 = #expect(throws: JadeError.self) { try FileInspector.inspect("\(folder.path)/none", limit: 1) }
        #expect(error3?.code == .notFound)
    }
}
