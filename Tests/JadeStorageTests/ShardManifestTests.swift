import Glibc
import JadeCore
import JadeIO
import JadeStorage
import Testing

@Suite struct ShardManifestTests {
    static var sample: ShardManifest {
        var manifest = ShardManifest(shardID: SampleLog.shardID, condition: .checkpointing, epoch: 3)
        manifest.checkpointSequence = 1_000
        manifest.slotsUsed = 900
        manifest.firstLogSequence = 950
        manifest.overflowBytes = 32
        manifest.index = .init(name: "00000000000000001000", sequence: 990, nodeCount: 880)
        return manifest
    }

    @Test func manifestsComeBack() throws {
        for condition in ShardManifest.Condition.allCases {
            var manifest = Self.sample
            manifest.condition = condition
            if condition == .clean { manifest.index = nil }
            #expect(try ShardManifest.decode(manifest.encoded(), file: "manifest") == manifest)
        }
    }

    @Test func everyDamageIsCorrupted() throws {
        let bytes = Self.sample.encoded()
        for bit in 0..<(bytes.count * 8) {
            var damaged = bytes
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            let error = #expect(throws: JadeError.self) { try ShardManifest.decode(damaged, file: "manifest") }
            #expect(error?.code == .corrupted)
        }
        for count in 0..<bytes.count {
            let error = #expect(throws: JadeError.self) { try ShardManifest.decode(Array(bytes[..<count]), file: "manifest") }
            #expect(error?.code == .corrupted)
        }
        #expect(throws: JadeError.self) { try ShardManifest.decode(bytes + [0], file: "manifest") }
    }

    @Test func newerFormatsAndForeignNamesAreRefused() throws {
        var bytes = Self.sample.encoded()
        Checksummed.set(&bytes, 0..<bytes.count, UInt32(2), at: 4)
        #expect(throws: JadeError.unavailable("manifest has format version 2, this program reads up to version 1: use a newer one")) {
            try ShardManifest.decode(bytes, file: "manifest")
        }
        var escaping = Self.sample.encoded()
        Checksummed.set(&escaping, 0..<escaping.count, UInt8(ascii: "/"), at: escaping.count - 10)
        #expect(throws: JadeError.self) { try ShardManifest.decode(escaping, file: "manifest") }
    }

    @Test(arguments: [Fault.error(EIO), .noSpace, .shortWrite]) func replacingIsAtomic(kind: Fault) throws {
        let directory = TemporaryDirectory()
        let path = directory("manifest")
        var next = Self.sample
        next.checkpointSequence = 2_000
        var attempt = 1
        while true {
            try Self.sample.write(to: path, in: LocalFileSystem())
            let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: attempt, kind: kind)
            do throws(JadeError) {
                try next.write(to: path, in: files)
                #expect(try ShardManifest.read(path, in: LocalFileSystem()) == next)
            } catch {
                #expect([Self.sample, next].contains(try ShardManifest.read(path, in: LocalFileSystem())))
            }
            if !files.hasFailed { break }
            attempt += 1
        }
        #expect(attempt > 5)
        let error = #expect(throws: JadeError.self) { try ShardManifest.read(directory("none"), in: LocalFileSystem()) }
        #expect(error?.code == .notFound)
    }
}
