import Foundation
import JadeCore
import JadeIO
import JadeMetadata
import Testing

@Suite("A shard's metadata")
struct ShardMetadataStoreTests {
    @Test("random changes, reopening and crashes against a dictionary", arguments: SeededRandom.seeds(12))
    func model(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let folder = try TemporaryFolder()
        let path = folder.file("metadata.db")
        var store = try ShardMetadataStore(path: path, discardingLog: false)
        var model = StoreModel()
        var durable = model
        for step in 0..<60 {
            switch random.below(12) {
            case 0:
                try store.checkpoint()
                durable = model
            case 1:
                try store.close()
                store = try ShardMetadataStore(path: path, discardingLog: false)
            case 2:
                try store.close()
                store = try ShardMetadataStore(path: path, discardingLog: true)
                model = durable
            case 3: try store.purge(model.makePurge(&random))
            default:
                let changes = model.makeChanges(&random)
                model.sequence += UInt64(1 + random.below(3))
                try store.apply(changes, sequence: model.sequence)
            }
            if step % 5 == 4 { try model.check(store, "seed \(seed), step \(step)") }
        }
        try model.check(store, "seed \(seed), at the end")
        try store.verify()
        try store.close()
    }

    /// A file that the first version of the format wrote: it opens, and takes what that version did not know.
    @Test("a file of the first version opens, at its checkpoint too")
    func firstVersion() throws {
        let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden/v1/metadata.db").path
        let folder = try TemporaryFolder()
        let path = folder.file("metadata.db")
        try LocalFileSystem().replaceFile(path, with: LocalFileSystem().readFile(golden, limit: 1 << 20))
        #expect(try MetadataView(path, at: .checkpoint, scratch: folder.file("scratch")).expiries().isEmpty)
        for round in 0..<3 {
            // What was not checkpointed is dropped again, the new table included.
            let store = try ShardMetadataStore(path: path, discardingLog: true)
            #expect(try store.lookup([1, .text("häß"), .text("gone")]) == [0, 1, nil])
            #expect(try expiries(store) == (round < 2 ? [:] : [1: 77]))
            try store.apply([.setExpiry(1, milliseconds: 77)], sequence: 3)
            #expect(try expiries(store) == [1: 77])
            if round == 1 { try store.checkpoint() }
            try store.close()
        }
        #expect(try MetadataView(path, at: .checkpoint, scratch: folder.file("scratch")).expiries() == [1: 77])
        let store = try ShardMetadataStore(path: path, discardingLog: true)
        try store.apply([.remove(.text("häß"))], sequence: 4)
        try store.purge([1])
        #expect(try expiries(store).isEmpty)
        try store.close()
    }

    private func expiries(_ store: ShardMetadataStore) throws -> [UInt32: Int64] {
        var found: [UInt32: Int64] = [:]
        try store.forEachExpiry { found[$0] = $1 }
        return found
    }

    @Test("an id keeps the form it was written in, and is one vector in both")
    func idForms() throws {
        let folder = try TemporaryFolder()
        let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: false)
        try store.apply([.put(VectorID(42), 0, metadata: bytes("{}"))], sequence: 1)
        #expect(try store.scroll(after: nil, limit: 10).map(\.0.isInteger) == [true])
        try store.apply([.put(.text("42"), 1, metadata: bytes("{}"))], sequence: 2)
        #expect(try store.scroll(after: nil, limit: 10).map(\.0.isInteger) == [false])
        #expect(try store.lookup([VectorID(42), .text("42"), .text("042")]) == [1, 1, nil])
        #expect(try store.metadata(of: [0, 1, 2]) == [bytes("{}"), bytes("{}"), nil])
        try store.close()
    }

    @Test("replaying the log from any point ends in the same state", arguments: SeededRandom.seeds(6))
    func replay(seed: UInt64) throws {
        var random = SeededRandom(seed)
        let folder = try TemporaryFolder()
        let path = folder.file("metadata.db")
        var store = try ShardMetadataStore(path: path, discardingLog: false)
        var model = StoreModel()
        var log: [(UInt64, [MetadataStoreChange])] = []
        for step in 0..<40 {
            let changes = model.makeChanges(&random)
            model.sequence += 1
            log.append((model.sequence, changes))
            try store.apply(changes, sequence: model.sequence)
            if step == 20 { try store.checkpoint() }
        }
        for start in [0, 10, 20, 21] {
            try store.close()
            store = try ShardMetadataStore(path: path, discardingLog: true)
            #expect(try store.appliedSequence() == 21)
            // in groups that differ from the first time, so that one spans what is applied already
            for first in stride(from: start, to: 40, by: 4) {
                let group = log[first..<min(first + 4, 40)]
                let last = try #require(group.last).0
                try store.apply(group.flatMap(\.1), sequence: last)
            }
            try model.check(store, "seed \(seed), replayed from \(start)")
        }
        try store.close()
    }

    @Test("changes up to an applied sequence number are passed over")
    func appliedAlready() throws {
        let folder = try TemporaryFolder()
        let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: false)
        try store.apply([.put(1, 5, metadata: bytes("{}"))], sequence: 9)
        for sequence in [1, 8, 9] as [UInt64] { try store.apply([.remove(1), .put(2, 6, metadata: bytes("{}"))], sequence: sequence) }
        #expect(try store.appliedSequence() == 9)
        #expect(try store.lookup([1, 2]) == [5, nil])
        try store.apply([.remove(1)], sequence: 10)
        #expect(try store.lookup([1]) == [nil])
        #expect(code { try store.apply([], sequence: .max) } == .internal)
        try store.close()
    }

    @Test("a batch that fails leaves nothing behind")
    func atomicity() throws {
        let folder = try TemporaryFolder()
        let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: false)
        try store.apply([.put(1, 0, metadata: bytes("{}"))], sequence: 1)
        let tooLong = [UInt8](repeating: UInt8(ascii: "x"), count: Limits.maximumStoredMetadataBytes + 1)
        #expect(
            code { try store.apply([.remove(1), .put(2, 1, metadata: bytes("{}")), .put(3, 2, metadata: tooLong)], sequence: 2) }
                == .tooLarge)
        #expect(try store.appliedSequence() == 1)
        #expect(try store.lookup([1, 2, 3]) == [0, nil, nil])
        #expect(try store.metadata(of: [0, 1, 2]) == [bytes("{}"), nil, nil])
        try store.apply([.remove(1)], sequence: 2)
        #expect(try store.lookup([1]) == [nil])
        try store.close()
    }

    @Test("readers see whole transactions while the writer goes on")
    func concurrency() async throws {
        let folder = try TemporaryFolder()
        let store = try ShardMetadataStore(path: folder.file("metadata.db"), discardingLog: false)
        let ids = (0..<50).map { VectorID(UInt64($0)) }
        // every transaction moves all ids by the same distance
        func move(_ round: UInt32) throws {
            let changes = ids.enumerated().map { index, id in
                MetadataStoreChange.put(id, round * 50 + UInt32(index), metadata: bytes(#"{"round":\#(round)}"#))
            }
            try store.apply(changes, sequence: UInt64(round) + 1)
        }
        try move(0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for round in 1..<300 as Range<UInt32> {
                    try move(round)
                    if round % 100 == 0 { try store.checkpoint() }
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<300 {
                        let ordinals = try store.lookup(ids).compactMap { $0 }
                        #expect(ordinals.count == 50)
                        #expect(Set(ordinals.enumerated().map { Int($1) - $0 }).count == 1)
                        let metadata = try store.metadata(of: ordinals)
                        #expect(Set(metadata).count == 1 && metadata.first != .some(nil))
                    }
                }
            }
            try await group.waitForAll()
        }
        try store.close()
    }
}
