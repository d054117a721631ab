import Foundation
import JadeCore
import JadeIO
import JadeStorage
import Testing

@Suite("Manifests of backups") struct BackupManifestTests {
    static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/v1/backup").path
    static let files = LocalFileSystem()

    static let sample: BackupManifest = {
        var head = BackupManifest.Head(id: "20261122T201530123-9f3a01c2", databaseID: "0123456789abcdef0123456789abcdef")
        head.parent = "20261121T201530000-00000001"
        head.schedule = "nightly"
        head.milliseconds = 1_795_378_530_123
        head.finishedMilliseconds = 1_795_378_540_000
        (head.sequence, head.vectorCount) = (77, 12)
        (head.byteCount, head.storedBytes, head.extentCount, head.storedExtents) = (4_596, 500, 3, 1)
        head.specification = Array("{\"name\":\"docs\",\"dimension\":8}".utf8)
        var shard = BackupManifest.Shard(shardID: UniqueID(high: 0x0123_4567_89AB_4DEF, low: 0x8123_4567_89AB_CDEF), epoch: 2)
        (shard.sequence, shard.milliseconds, shard.slots, shard.vectorCount, shard.overflowBytes) = (77, 1_795_378_530_123, 20, 12, 32)
        shard.index = ShardManifest.IndexGeneration(name: "3", sequence: 70, nodeCount: 11)
        var metadata = BackupManifest.File(name: "metadata.db")
        metadata.extents = [BackupManifest.Extent(digest: SHA256.digest([1]), byteCount: 500, origin: head.id)]
        var rows = BackupManifest.File(name: "vectors.mmap")
        rows.extents = [4_096, 0].enumerated().compactMap { index, count in
            count == 0 ? nil : BackupManifest.Extent(digest: SHA256.digest([UInt8(index), 2]), byteCount: count, origin: head.parent)
        }
        shard.files = [metadata, BackupManifest.File(name: "vectors.ids"), rows]
        return BackupManifest(head: head, shards: [shard])
    }()

    @Test(.enabled(if: ProcessInfo.processInfo.environment["JADE_WRITE_GOLDEN"] == "1")) func writeGoldenFile() throws {
        if try !Self.files.fileExists(Self.golden) { try Self.files.replaceFile(Self.golden, with: Self.sample.encoded()) }
    }

    @Test func theGoldenFileOpensAndIsStillWritten() throws {
        let bytes = try Self.files.readFile(Self.golden, limit: 1 << 20)
        #expect(try BackupManifest.decode(bytes, file: "golden") == Self.sample)
        #expect(Self.sample.encoded() == bytes)
        #expect(try BackupManifest.Head.decode(Array(bytes.prefix(400)), file: "golden") == Self.sample.head)
    }

    /// Every bit and every length: damage is an error that names the file, and never a crash.
    @Test func damageIsFound() throws {
        let whole = Self.sample.encoded()
        for bit in 0..<whole.count * 8 {
            var damaged = whole
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            expectCorrupted(damaged, "bit \(bit)")
        }
        for length in 0..<whole.count { expectCorrupted(Array(whole[..<length]), "length \(length)") }
    }

    private func expectCorrupted(_ bytes: [UInt8], _ what: String) {
        do throws(JadeError) {
            _ = try BackupManifest.decode(bytes, file: "damaged")
            Issue.record("\(what) was not noticed")
        } catch { #expect(error.code == .corrupted && error.message.contains("damaged"), "\(what): \(error)") }
    }

    @Test func aNewerVersionSaysSo() throws {
        var bytes = Self.sample.encoded()
        let length = Int(bytes[8]) | Int(bytes[9]) << 8
        Checksummed.set(&bytes, 0..<length, UInt32(2), at: 4)
        do throws(JadeError) {
            _ = try BackupManifest.decode(bytes, file: "newer")
            Issue.record("a newer version was read")
        } catch { #expect(error.code == .unavailable && error.message.contains("version 2"), "\(error)") }
    }

    @Test(arguments: ["../lock", "/etc/passwd", "", ".hidden", "a/../../b", "a\0b"])
    func namesOfFilesLeadNowhereElse(_ name: String) {
        var manifest = Self.sample
        manifest.shards[0].files[0].name = name
        #expect(throws: JadeError.self) { try BackupManifest.decode(manifest.encoded(), file: "hostile") }
    }

    @Test func namesSortByTime() {
        #expect(BackupManifest.newID(milliseconds: 1_795_378_530_123, chance: 0x9F3A_01C2) == "20261122T201530123-9f3a01c2")
        #expect(BackupManifest.newID(milliseconds: 0, chance: 1) == "19700101T000000000-00000001")
        #expect(BackupManifest.newID(milliseconds: 951_782_400_000, chance: 1).hasPrefix("20000229T000000000"))
        for name in ["", "a/b", "..", "a.b", "a b", String(repeating: "a", count: 65)] { #expect(!BackupManifest.isID(name)) }
    }
}
