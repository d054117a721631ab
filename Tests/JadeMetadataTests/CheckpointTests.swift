import Glibc
import JadeCore
import JadeIO
import JadeMetadata
import Testing

@Suite("Checkpoints of a shard's metadata")
struct CheckpointTests {
    /// Batches that touch every page of the database.
    private func fill(_ store: ShardMetadataStore, round: UInt64) throws {
        let changes = (0..<400).map { index in
            MetadataStoreChange.put(
                VectorID(UInt64(index)), UInt32(round) * 400 + UInt32(index),
                metadata: bytes(#"{"round":\#(round),"pad":"\#(String(repeating: "x", count: 200))"}"#))
        }
        try store.apply(changes, sequence: round)
    }

    private func state(_ store: ShardMetadataStore) throws -> [UInt32] {
        var ordinals: [UInt32] = []
        try store.forEachLive { ordinals.append($1) }
        return ordinals.sorted()
    }

    /// A checkpoint fails at each of its steps in turn; then more is written, and the machine stops.
    @Test("a failed checkpoint is either whole or not there, and later writes are not in it")
    func failedCheckpoint() throws {
        var operation = 1
        while true {
            let folder = try TemporaryFolder()
            let path = folder.file("metadata.db")
            var store = try ShardMetadataStore(path: path, discardingLog: false)
            try fill(store, round: 1)
            try store.checkpoint()
            try store.close()

            let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: operation + 1, kind: .error(EIO))  // 1: opening syncs the folder
            store = try ShardMetadataStore(path: path, discardingLog: false, files: files)
            try fill(store, round: 2)
            let failed = code { try store.checkpoint() }
            try fill(store, round: 3)
            #expect(try store.appliedSequence() == 3, "writes go on after a failed checkpoint")
            try store.close()
            if failed == nil { break }
            #expect(failed == .unavailable)

            store = try ShardMetadataStore(path: path, discardingLog: true)
            let sequence = try store.appliedSequence()
            #expect(sequence == 1 || sequence == 2, "operation \(operation)")
            #expect(try state(store) == (0..<400).map { UInt32(sequence) * 400 + $0 })
            try store.verify()
            try store.close()
            operation += 1
        }
        #expect(operation > 4, "the checkpoint was expected to sync, write, rename and sync, found \(operation - 1) operations")
    }

    /// The machine stops while SQLite copies pages from its log: some are old, some are new.
    @Test("a checkpoint that was interrupted while copying is completed", arguments: SeededRandom.seeds(8))
    func tornDatabase(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let folder = try TemporaryFolder()
        let path = folder.file("metadata.db")
        let counting = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: .max, kind: .error(EIO))
        var store = try ShardMetadataStore(path: path, discardingLog: false, files: counting)
        try fill(store, round: 1)
        try store.checkpoint()
        try store.close()
        // The last operation before SQLite's own work makes the mark's name durable.
        let files = FaultyFileSystem(wrapping: LocalFileSystem(), failAt: counting.operations, kind: .error(EIO))
        store = try ShardMetadataStore(path: path, discardingLog: false, files: files)
        let round = UInt64(2 + random.below(3))
        for earlier in 2...round { try fill(store, round: earlier) }
        #expect(code { try store.checkpoint() } == .unavailable)
        // This is what the disk holds as the copying begins.
        let before = try folder.read("metadata.db")
        let log = try folder.read("metadata.db-wal")
        let mark = try folder.read("metadata.db-mark")
        try store.checkpoint()
        let after = try folder.read("metadata.db")
        try store.close()

        let crash = try TemporaryFolder()
        var torn: [UInt8] = []
        for page in 0..<(after.count / 4096) {
            let range = page * 4096..<(page + 1) * 4096
            let keepsOld = range.upperBound <= before.count && random.chance(1, in: 2)
            torn += keepsOld ? before[range] : after[range]
        }
        try crash.write(torn, "metadata.db")
        try crash.write(log, "metadata.db-wal")
        try crash.write(mark, "metadata.db-mark")
        let recovered = try ShardMetadataStore(path: crash.file("metadata.db"), discardingLog: true)
        try recovered.verify()
        #expect(try recovered.appliedSequence() == round, "seed \(seed)")
        #expect(try state(recovered) == (0..<400).map { UInt32(round) * 400 + $0 }, "seed \(seed)")
        try recovered.close()
        // and is in the file now, whatever becomes of the log
        let again = try ShardMetadataStore(path: crash.file("metadata.db"), discardingLog: true)
        #expect(try again.appliedSequence() == round, "seed \(seed)")
        try again.close()
    }

    @Test("closing is not a checkpoint, and letting go is not one either", arguments: [true, false])
    func close(closes: Bool) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("metadata.db")
        do {
            let store = try ShardMetadataStore(path: path, discardingLog: false)
            try fill(store, round: 1)
            if closes { try store.close() }
        }
        var store = try ShardMetadataStore(path: path, discardingLog: false)
        #expect(try store.appliedSequence() == 1, "the log is kept")
        try store.close()
        store = try ShardMetadataStore(path: path, discardingLog: true)
        #expect(try store.appliedSequence() == 0, "nothing was checkpointed")
        #expect(try store.count() == 0)
        try store.close()
    }

    @Test("a checkpoint empties SQLite's log")
    func logIsEmptied() throws {
        let folder = try TemporaryFolder()
        let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: false)
        for round in 1..<4 as Range<UInt64> {
            try fill(store, round: round)
            #expect(try folder.read("metadata.db-wal").count > 0)
            try store.checkpoint()
            #expect(try folder.read("metadata.db-wal").count == 0)
        }
        try store.checkpoint()
        #expect(try store.appliedSequence() == 3)
        try store.close()
    }
}
