import JadeCore
import JadeIO
import JadeStorage
import Testing

/// Disk blocks of slots that are free together.
@Suite("Extents of a vectors file")
struct ExtentTests {
    private static let slots = 20_000

    private func filled(_ folder: TemporaryDirectory) throws -> MemoryMappedVectorStore {
        let store = try SampleStore.create(folder("vectors.mmap"))
        try store.reserve(slots: Self.slots, exactly: true)
        for ordinal in 0..<Self.slots { try SampleStore.write(store, ordinal, sequence: 1) }
        return store
    }

    private func blocks(_ folder: TemporaryDirectory) throws -> Int {
        try LocalFileSystem().allocatedBytes(of: folder("vectors.mmap")) ?? 0
    }

    @Test("an extent that is free as a whole goes back to the disk, one that is not stays")
    func given() throws {
        let folder = TemporaryDirectory()
        let store = try filled(folder)
        let before = try blocks(folder)
        let released = (0..<Self.slots).filter { $0 != 4_000 }
        try store.release(released)
        try store.checkpoint(vectorCount: 1, sequence: 2)
        let given = try store.giveBackSpace()
        #expect(given == 8 * (256 << 10))
        #expect(before - (try blocks(folder)) == given)
        #expect(store.freeSlotCount == Self.slots - 1)
        #expect(try store.giveBackSpace() == 0)
        #expect(try store.id(of: 4_000) == SampleStore.ids[4_000 % SampleStore.ids.count])
        #expect(try store.summary(of: 0) == nil)
        // Released again after a crash, nobody knows any more that they were: nothing happens.
        try store.release(released)
        #expect(store.freeSlotCount == Self.slots - 1)
    }

    @Test("every slot is given out once more, and takes its blocks back")
    func refilled() throws {
        let folder = TemporaryDirectory()
        let store = try filled(folder)
        let before = try blocks(folder)
        try store.release(0..<Self.slots)
        try store.checkpoint(vectorCount: 0, sequence: 2)
        #expect(try store.giveBackSpace() > 0)
        try store.checkpoint(vectorCount: 0, sequence: 3)
        var taken: Set<Int> = []
        while let slot = try store.takeFreeSlot() {
            #expect(taken.insert(slot).inserted)
            try SampleStore.write(store, slot, sequence: 4)
        }
        #expect(taken.count == Self.slots)
        #expect(try blocks(folder) >= before)
        for ordinal in 0..<Self.slots { try store.verify(ordinal: ordinal) }
    }

    @Test("a file that is opened again knows what it has given back")
    func reopened() throws {
        let folder = TemporaryDirectory()
        var store = try filled(folder)
        try store.release(0..<(Self.slots - 1))
        try store.checkpoint(vectorCount: 1, sequence: 2)
        #expect(try store.giveBackSpace() > 0)
        var live = [UInt64](repeating: 0, count: (Self.slots + 63) / 64)
        live[(Self.slots - 1) / 64] = 1 << UInt64((Self.slots - 1) % 64)
        try store.finish(live: live, vectorCount: 1, sequence: 3)
        let small = try blocks(folder)
        store = try SampleStore.open(folder("vectors.mmap"))
        #expect(try blocks(folder) == small)
        #expect(store.freeSlotCount == Self.slots - 1)
        try store.beginWriting()
        var count = 0
        while try store.takeFreeSlot() != nil { count += 1 }
        #expect(count == Self.slots - 1)
    }
}
