import JadeCore
import JadeIO
import JadeStorage
import Testing

/// Disk blocks of `vectors.ids` in which only ids of free slots stand.
@Suite("Space of long ids")
struct LongIDTests {
    private static let slots = 2_000
    private static let values: [Float] = [1, 2, 3, 4, 5]

    private func id(_ number: Int) -> VectorID {
        VectorID(uncheckedText: "\(number)/" + String(repeating: "long/", count: 20 + number % 60), isInteger: false)
    }

    private func write(_ store: MemoryMappedVectorStore, _ slot: Int, _ number: Int) throws {
        try Self.values.withUnsafeBufferPointer { try store.write(ordinal: slot, id: id(number), sequence: UInt64(number + 1), values: $0) }
    }

    private func filled(_ folder: TemporaryDirectory) throws -> MemoryMappedVectorStore {
        let store = try SampleStore.create(folder("vectors.mmap"))
        try store.reserve(slots: Self.slots, exactly: true)
        for number in 0..<Self.slots { try write(store, number, number) }
        try store.checkpoint(vectorCount: Self.slots, sequence: 2_000)
        return store
    }

    private func blocks(_ folder: TemporaryDirectory) throws -> Int {
        try LocalFileSystem().allocatedBytes(of: folder("vectors.ids")) ?? 0
    }

    @Test("pages without an id that is needed go back to the disk, the others stay, and so do ids of rows that are dead and not free")
    func given() throws {
        let folder = TemporaryDirectory()
        var store = try filled(folder)
        let before = try blocks(folder)
        let kept = [0, 700, 701, 1_300, 1_999]
        let free = Set(0..<Self.slots).subtracting(kept)
        try store.markDeleted(700..<702)
        try store.release(free)
        try store.checkpoint(vectorCount: 3, sequence: 2_001)
        let given = try store.giveBackIDs()
        #expect(given > 450_000)
        #expect(before - (try blocks(folder)) == given)
        #expect(try store.giveBackIDs() == 0)
        for number in kept { #expect(try store.id(of: number) == id(number)) }
        // What comes next goes on behind the old end.
        let slot = try #require(try store.takeFreeSlot())
        try write(store, slot, 5_000)
        try store.checkpoint(vectorCount: 4, sequence: 5_001)
        store = try SampleStore.open(folder("vectors.mmap"))
        for number in kept { #expect(try store.id(of: number) == id(number)) }
        #expect(try store.id(of: slot) == id(5_000))
    }

    @Test("the space that ids take stays flat while all rows are replaced again and again")
    func flat() throws {
        let folder = TemporaryDirectory()
        let store = try filled(folder)
        let before = try blocks(folder)
        var owners = Array(0..<Self.slots)
        for number in Self.slots..<(8 * Self.slots) {
            // Any one of them.
            try store.release([owners.remove(at: number &* 7_919 % owners.count)])
            guard number % 200 == 199 else { continue }
            try store.checkpoint(vectorCount: owners.count, sequence: UInt64(number))
            try store.giveBackIDs()
            for next in (number - 199)...number {
                let slot = try #require(try store.takeFreeSlot())
                try write(store, slot, next)
                owners.append(slot)
            }
        }
        // A page of some twenty ids lives as long as the longest of them: a few times the mean.
        #expect(try blocks(folder) < 6 * before)
        for slot in owners { try store.verify(ordinal: slot) }
    }

    @Test("where a head is damaged nothing is given back: its id would be missing")
    func damaged() throws {
        let folder = TemporaryDirectory()
        let store = try filled(folder)
        try store.release(1..<Self.slots)
        try store.checkpoint(vectorCount: 1, sequence: 2_001)
        // The flags of the first block, which the format places behind the header's page.
        try Patcher(folder("vectors.mmap")).withFlipped(bit: (4_096 + 2) * 8) { #expect((try? store.giveBackIDs()) == 0) }
        #expect(try store.giveBackIDs() > 0)
    }
}
