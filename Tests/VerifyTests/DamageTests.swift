import JadeCore
import JadeEngine
import JadeIO
import Testing

/// One kind of damage that loses nothing: what is done, and which file must be named.
struct Damage: Sendable, CustomTestStringConvertible {
    var name: String
    var file: String
    var offset: Int?
    var apply: @Sendable (Folder) throws -> Void

    var testDescription: String { name }

    static let all: [Damage] = [
        Damage(name: "a flipped bit in a row's values", file: "vectors.mmap", offset: Folder.block(0) + 16) { folder in
            try folder.patch("vectors.mmap") { $0[Folder.block(0) + 64 + 17] ^= 4 }
        },
        Damage(name: "a flipped bit in a row's sequence number", file: "vectors.mmap", offset: Folder.block(5) + 16) { folder in
            try folder.patch("vectors.mmap") { $0[Folder.block(5) + 9] ^= 1 }
        },
        Damage(name: "another id in a row's head", file: "vectors.mmap", offset: Folder.block(6) + 16) { folder in
            try folder.patch("vectors.mmap") { $0.replaceSubrange((Folder.block(6) + 20)..<(Folder.block(6) + 24), with: "walk".utf8) }
        },
        Damage(name: "flags that no writer stores", file: "vectors.mmap", offset: Folder.block(6) + 2) { folder in
            try folder.patch("vectors.mmap") { $0[Folder.block(6) + 2] ^= 0xFF }
        },
        Damage(name: "a live row marked as deleted", file: "vectors.mmap", offset: Folder.block(5) + 2) { folder in
            try folder.patch("vectors.mmap") { $0[Folder.block(5) + 2] |= 2; $0[Folder.block(5) + 3] &= ~2 }
        },
        Damage(name: "a damaged dead row", file: "vectors.mmap", offset: Folder.block(3) + 16) { folder in
            try folder.patch("vectors.mmap") { for byte in 0..<9 { $0[Folder.block(3) + 64 + byte] ^= 0x5A } }
        },
        Damage(name: "a long id", file: "vectors.ids", offset: nil) { folder in
            try folder.patch("vectors.ids") { $0[32 + 8 + 20] ^= 1 }
        },
        Damage(name: "the header of the long ids", file: "vectors.ids", offset: nil) { folder in
            try folder.patch("vectors.ids") { $0[9] ^= 1 }
        },
        Damage(name: "the identifier map", file: "vectors.mmap", offset: nil) { folder in
            try folder.patch("vectors.mmap") { $0[Self.indexOffset($0) + 5] ^= 1 }
        },
        Damage(name: "the live bitmap", file: "vectors.mmap", offset: nil) { folder in
            try folder.patch("vectors.mmap") { $0[$0.count - 48 - 8] ^= 1 }
        },
        Damage(name: "a count off by one", file: "vectors.mmap", offset: 12) { folder in
            try folder.patchHeader { bytes, start in bytes[start + 12] &+= 1 }
        },
        Damage(name: "one copy of the header", file: "vectors.mmap", offset: 252) { folder in
            try folder.patch("vectors.mmap") { $0[13] ^= 1 }
        },
        Damage(name: "both copies of the header", file: "vectors.mmap", offset: 252) { folder in
            try folder.patch("vectors.mmap") { $0[13] ^= 1; $0[512 + 70] ^= 1 }
        },
        Damage(name: "an id taken out of the metadata", file: "metadata.db", offset: nil) { folder in
            try folder.sql("DELETE FROM ids WHERE ordinal = 0")
        },
        Damage(name: "an id that leads to another row", file: "metadata.db", offset: nil) { folder in
            try folder.sql("UPDATE ids SET ordinal = 5 WHERE ordinal = 6")
        },
        Damage(name: "an id that leads nowhere", file: "metadata.db", offset: nil) { folder in
            try folder.sql("UPDATE ids SET ordinal = 99999999 WHERE ordinal = 6")
        },
        Damage(name: "an applied sequence of the past", file: "metadata.db", offset: nil) { folder in
            try folder.sql("UPDATE state SET value = 2 WHERE key = 'applied_sequence'")
        },
        Damage(name: "the mark beside the metadata", file: "metadata.db-mark", offset: 32) { folder in
            try folder.patch("metadata.db-mark") { $0[20] ^= 1 }
        },
        Damage(name: "the checksum of metadata.db after a shutdown", file: "metadata.sum", offset: 28) { folder in
            try folder.patch("metadata.sum") { $0[17] ^= 1 }
        },
        Damage(name: "the manifest", file: "manifest", offset: nil) { folder in
            try folder.patch("manifest") { $0[41] ^= 1 }
        },
        Damage(name: "a graph link out of range", file: "index/1/links", offset: 16) { folder in
            try folder.patch("index/1/links") { $0[16...19] = [0xFF, 0xFF, 0xFF, 0x7F] }
        },
        Damage(name: "a graph level", file: "index/1/levels", offset: 0) { folder in try folder.patch("index/1/levels") { $0[5] ^= 1 } },
        Damage(name: "the graph's header", file: "index/1/header", offset: 156) { folder in
            try folder.patch("index/1/header") { $0[49] ^= 1 }
        },
        Damage(name: "a shortened graph", file: "index/1/upper-links", offset: nil) { folder in
            try folder.patch("index/1/upper-links") { $0.removeLast(4) }
        },
        Damage(name: "the scales", file: "facts", offset: 24) { folder in try folder.patch("facts") { $0[40] ^= 1 } },
        Damage(name: "the log's header", file: ".log", offset: 60) { folder in
            try folder.patch(try folder.logName()) { $0[10] ^= 1 }
        },
        Damage(name: "no log", file: "wal", offset: nil) { folder in
            try LocalFileSystem().remove("\(try folder.shard)/\(try folder.logName())")
        },
    ]

    private static func indexOffset(_ bytes: [UInt8]) -> Int {
        (0..<8).reduce(0) { $0 | Int(bytes[28 + $1]) << (8 * $1) }
    }
}

extension Folder {
    func logName() throws -> String {
        "wal/" + (try #require(try LocalFileSystem().list("\(try shard)/wal").last { $0.hasSuffix(".log") }))
    }
}

@Suite("Damage is found and repaired")
struct DamageTests {
    @Test("in a closed folder", arguments: Damage.all)
    func closed(_ damage: Damage) async throws {
        let folder = try await Folder.closed()
        try damage.apply(folder)
        try expect(damage, in: folder)
        try await folder.repair()
    }

    /// Damage to what a closed folder alone has, and to logs, is elsewhere.
    static let whileRunning = Damage.all.filter { damage in
        !["map", "bitmap", "log", "copy of the header", "applied sequence", "scales", "checksum"].contains { damage.name.contains($0) }
    }

    @Test("in the folder of a killed process", arguments: whileRunning)
    func killed(_ damage: Damage) async throws {
        let folder = try await Folder.killed()
        try damage.apply(folder)
        try expect(damage, in: folder)
        try await folder.repair()
    }

    private func expect(_ damage: Damage, in folder: Folder) throws {
        let found = try folder.verify().allFindings.all.filter { $0.severity == .damage }
        #expect(
            found.contains { $0.file.hasSuffix(damage.file) && (damage.offset == nil || $0.offset == damage.offset) },
            "\(found.map(\.description).joined(separator: "\n"))")
    }

    /// Of saved lists; each is found in the file where it is.
    static let lists = [
        Damage(name: "the lists' header", file: "index/1/header", offset: 156) { folder in try folder.patch("index/1/header") { $0[73] ^= 1 } },
        Damage(name: "rows of lists", file: "index/1/ordinals", offset: 0) { folder in try folder.patch("index/1/ordinals") { $0[5] ^= 1 } },
        Damage(name: "lengths of lists", file: "index/1/sizes", offset: nil) { folder in try folder.patch("index/1/sizes") { $0.removeLast(4) } },
        Damage(name: "centroids", file: "index/1/centroids", offset: nil) { folder in try folder.patch("index/1/centroids") { $0[90] ^= 1 } },
    ]

    @Test("in saved lists", arguments: lists)
    func savedLists(_ damage: Damage) async throws {
        let folder = try await Folder.closed(kind: .ivf)
        let inspection = try FileInspector.inspect("\(try folder.shard)/index/1/header", limit: 1)
        #expect(inspection.kind == "saved index" && inspection.findings.all == [])
        #expect(inspection.fields.contains { $0.name == "type" && $0.value == .string("ivf") })
        try damage.apply(folder)
        try expect(damage, in: folder)
        try await folder.repair()
    }

    @Test("a row whose values are gone is set aside, and every other one stays")
    func lostRow() async throws {
        let folder = try await Folder.closed()
        try folder.patch("vectors.mmap") { for byte in 0..<9 { $0[Folder.block(6) + 64 + byte] ^= 0x5A } }
        folder.model[.text("vector 6")] = nil
        let report = try await folder.repair(losses: 1)
        #expect(report.losses.first?.contains("vector \"vector 6\"") == true)
        let aside = try #require(report.aside)
        let lines = String(decoding: try LocalFileSystem().readFile("\(aside)/lost-rows.jsonl", limit: 1 << 20), as: UTF8.self)
        #expect(lines.hasPrefix("{\"id\":\"vector 6\",\"ordinal\":6,"))
        #expect(lines.contains("\"metadata\":{\"n\":6,\"s\":\"§6\"}"))
    }

    @Test("a vector whose metadata is gone keeps its values")
    func lostMetadata() async throws {
        let folder = try await Folder.closed()
        try folder.sql("DELETE FROM rows WHERE ordinal = 6")
        folder.model[.text("vector 6")]?.metadata = [:]
        #expect(try folder.verify().allFindings.all.contains { $0.file.hasSuffix("metadata.db") })
        let report = try await folder.repair(losses: 1)
        #expect(report.losses == ["the metadata of \"vector 6\" is gone: the vector stays, with none"])
    }

    @Test("a letter that changed in stored metadata is noticed, and said to stay")
    func changedLetter() async throws {
        let folder = try await Folder.closed()
        try folder.patch("metadata.db") { bytes in
            let text = Array("{\"n\":6,\"s\":\"§6\"}".utf8)
            guard let place = bytes.indices.first(where: { bytes[$0...].starts(with: text) }) else { return }
            bytes[place + 5] = UInt8(ascii: "7")
        }
        folder.model[.text("vector 6")]?.metadata["n"] = 7
        #expect(try folder.verify().allFindings.all.map(\.file) == ["\(try folder.shard)/metadata.db"])
        let report = try await folder.repair(losses: 1)
        #expect(report.losses.first?.hasPrefix("metadata.db is not what the last shutdown left") == true)
    }

    @Test("without any metadata.db the rows come back from their own file")
    func noMetadata() async throws {
        let folder = try await Folder.closed()
        try folder.patch("metadata.db") { bytes in for index in bytes.indices { bytes[index] = UInt8(truncatingIfNeeded: index) } }
        for id in folder.model.keys { folder.model[id]?.metadata = [:] }
        let report = try await folder.repair(losses: folder.model.count)
        let aside = try #require(report.aside)
        #expect(try LocalFileSystem().fileExists("\(aside)/metadata.db"))
    }

    @Test("a page of metadata.db that is gone takes only its own rows' metadata along")
    func metadataPage() async throws {
        let folder = try await Folder.closed()
        try folder.patch("metadata.db") { bytes in
            for index in (bytes.count - 4_096)..<bytes.count { bytes[index] = 0xA5 }
        }
        #expect(try folder.verify().allFindings.all.contains { $0.file.hasSuffix("metadata.db") })
        let report = try FolderRepair.repair(folder.path)
        #expect(try folder.verify().isSound)
        let losses = try #require(report.databases.first).losses
        #expect(losses.count < folder.model.count)
        for id in folder.model.keys where losses.contains(where: { $0.contains("\"\(id)\"") }) { folder.model[id]?.metadata = [:] }
        try await folder.expectModel()
    }
}
