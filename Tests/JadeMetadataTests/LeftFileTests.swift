import GRDB
import JadeCore
import JadeIO
import JadeMetadata
import Testing

/// What simulated power cuts have found in the metadata's files, each by itself.
@Suite("Files that a power cut has left")
struct LeftFileTests {
    @Test("a database that had only begun to be made is made")
    func halfMade() throws {
        let folder = try TemporaryFolder()
        for name in ["system.db", "metadata.db"] {
            // The migrator's own table comes first, in a transaction of its own.
            let pool = try DatabasePool(path: folder.file(name))
            try DatabaseMigrator().migrate(pool)
            try pool.close()
        }
        let catalog = try SQLitePersistenceLayer(path: folder.file("system.db"))
        #expect(try catalog.list().isEmpty)
        catalog.close()
        let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: true)
        #expect(try store.appliedSequence() == 0)
        try store.close()
    }

    @Test("SQLite's log may come back after a clean stop: it is dropped, and the file stays as its checksum says")
    func resurrectedLog() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("metadata.db")
        var store = try ShardMetadataStore(path: path, discardingLog: false)
        let changes = (0..<300).map { MetadataStoreChange.put(VectorID(UInt64($0)), UInt32($0), metadata: bytes("{}")) }
        try store.apply(changes, sequence: 4)
        let log = try folder.read("metadata.db-wal")
        try store.checkpoint()
        try store.close()
        let closed = try folder.read("metadata.db")
        for wasClosed in [true, false] {
            // The transaction that counts the checkpoint is missing, as the mark's length says; the file's salts are the mark's.
            try folder.write(log + [UInt8](repeating: 0, count: 64 << 10), "metadata.db-wal")
            store = try ShardMetadataStore(path: path, discardingLog: true, wasClosed: wasClosed)
            #expect(try store.appliedSequence() == 4)
            try store.close()
            #expect((try folder.read("metadata.db") == closed) == wasClosed)
            try folder.write(closed, "metadata.db")
        }
    }

    @Test("pages that nothing uses go back to the disk")
    func givenBack() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("metadata.db")
        let store = try ShardMetadataStore(path: path, discardingLog: false)
        let text = bytes(#"{"text":"\#(String(repeating: "x", count: 400))"}"#)
        try store.apply((0..<5_000).map { .put(VectorID(UInt64($0)), UInt32($0), metadata: text) }, sequence: 1)
        try store.checkpoint()
        let full = try folder.read("metadata.db").count
        try store.apply((0..<4_990).map { .remove(VectorID(UInt64($0))) }, sequence: 2)
        try store.purge((0..<4_990).map { UInt32($0) })
        try store.checkpoint()
        #expect(try folder.read("metadata.db").count * 4 < full)
        #expect(try store.count() == 10)
        try store.verify()
        try store.close()
    }
}
