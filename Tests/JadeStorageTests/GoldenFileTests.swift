import Foundation
import JadeCore
import JadeIO
import JadeStorage
import Testing

/// Files of released format versions, which must open forever. They were written by this suite with `JADE_WRITE_GOLDEN=1`;
/// a new format version adds a folder and never changes an old one.
@Suite struct GoldenFileTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/v1").path
    static let files = LocalFileSystem()
    let directory = TemporaryDirectory()

    /// Writes one of each file below `folder`.
    private func write(below folder: String) throws {
        try SampleStore.writeAll(folder + "/vectors.mmap")
        let log = try SampleLog.open(folder + "/wal", epoch: 2)
        try log.append(contentsOf: [(1, OperationBatch.encode(OperationCodecTests.sample)), (2, OperationBatch.encode([]))])
        try log.sync()
        try log.append(contentsOf: [(3, OperationBatch.encode([OperationCodecTests.sample[2]]))])
        try ShardManifestTests.sample.write(to: folder + "/manifest", in: Self.files)
    }

    /// A copy that may be opened for writing.
    private func copy() throws -> String {
        let path = directory("copy")
        try Self.files.createDirectory(path + "/wal")
        for name in Self.names { try Self.files.replaceFile(path + "/" + name, with: golden(name)) }
        return path
    }

    static let names = ["vectors.mmap", "vectors.ids", "wal/00000000000000000001.log", "manifest"]

    private func golden(_ name: String) throws -> [UInt8] {
        try Self.files.readFile(Self.folder + "/" + name, limit: 1 << 20)
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["JADE_WRITE_GOLDEN"] == "1")) func writeGoldenFiles() throws {
        try Self.files.createDirectory(Self.folder)
        if try !Self.files.fileExists(Self.folder + "/manifest") { try write(below: Self.folder) }
    }

    @Test func goldenFilesOpen() throws {
        let path = try copy()
        let content = try StoreContent(SampleStore.open(path + "/vectors.mmap"))
        #expect(content.header.checkpointSequence == 9)
        #expect(content.live == [SampleStore.live])
        #expect(content.free == [4, 7])
        #expect(content.rows.map(\.id) == [0, 1, 2, 3, 5, 6].map { SampleStore.ids[$0].text })
        #expect(content.rows.map(\.values) == [0, 1, 2, 3, 5, 6].map { SampleStore.values($0) })
        let log = try SampleLog.open(path + "/wal", epoch: 2)
        #expect(log.tail == nil)
        var batches: [[ShardOperation]] = []
        try log.replay(after: 0) { (record) throws(JadeError) in
            batches.append(try OperationBatch.decode(Array(record.payload), file: record.file))
        }
        #expect(batches == [OperationCodecTests.sample, [], [OperationCodecTests.sample[2]]])
        #expect(try ShardManifest.read(path + "/manifest", in: Self.files) == ShardManifestTests.sample)
    }

    static let expiringLog = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/v2/wal").path

    private func writeExpiring(_ path: String) throws {
        let log = try SampleLog.open(path, epoch: 2)
        try log.append(contentsOf: [(1, OperationBatch.encode(OperationCodecTests.expiring))])
        try log.sync()
    }

    @Test(.enabled(if: ProcessInfo.processInfo.environment["JADE_WRITE_GOLDEN"] == "1")) func writeExpiringLog() throws {
        if try !Self.files.isDirectory(Self.expiringLog) { try writeExpiring(Self.expiringLog) }
    }

    /// A log in which vectors expire: the second version of a batch.
    @Test func theLogOfExpiringVectorsOpens() throws {
        let name = "/00000000000000000001.log"
        try writeExpiring(directory("now"))
        let golden = try Self.files.readFile(Self.expiringLog + name, limit: 1 << 20)
        #expect(try Self.files.readFile(directory("now") + name, limit: 1 << 20) == golden)
        try Self.files.createDirectory(directory("old"))
        try Self.files.replaceFile(directory("old") + name, with: golden)
        var batches: [[ShardOperation]] = []
        try SampleLog.open(directory("old"), epoch: 2).replay(after: 0) { (record) throws(JadeError) in
            batches.append(try OperationBatch.decode(Array(record.payload), file: record.file))
        }
        #expect(batches == [OperationCodecTests.expiring])
    }

    @Test func theWriterStillWritesTheSameBytes() throws {
        try write(below: directory.path)
        for name in Self.names {
            #expect(try Self.files.readFile(directory(name), limit: 1 << 20) == golden(name), "\(name)")
        }
    }
}
