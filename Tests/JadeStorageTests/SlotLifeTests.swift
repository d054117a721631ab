import JadeCore
import JadeIO
import JadeStorage
import Testing

/// What a slot goes through, and what a stop at any moment leaves of it.
@Suite("The life of a slot")
struct SlotLifeTests {
    private static let slots = 200
    let directory = TemporaryDirectory()
    var path: String { directory("vectors.mmap") }

    private func filled() throws -> MemoryMappedVectorStore {
        let store = try SampleStore.create(path)
        try store.reserve(slots: Self.slots, exactly: true)
        for ordinal in 0..<Self.slots { try SampleStore.write(store, ordinal, sequence: 1) }
        try store.checkpoint(vectorCount: Self.slots, sequence: 1)
        return store
    }

    private func bytes() throws -> [UInt8] { try LocalFileSystem().readFile(path, limit: 1 << 24) }

    @Test("whatever part of a reused slot has reached the disk, a row that the checkpoint counts is whole", arguments: (1...20) as ClosedRange<UInt64>)
    func anyMixture(_ seed: UInt64) throws {
        var random = SeededRandomSource(seed: seed)
        let store = try filled()
        // Deaths that one checkpoint holds, slots that are given back after it, and used as soon as they may be.
        let dead = (0..<Self.slots).filter { _ in random.word() % 3 == 0 }
        try store.markDeleted(dead)
        try store.checkpoint(vectorCount: Self.slots - dead.count, sequence: 2)
        var before = try bytes()
        try store.release(dead)
        var sequence: UInt64 = 2
        for checkpoint in [false, true] {
            if checkpoint {
                try store.checkpoint(vectorCount: Self.slots - dead.count, sequence: sequence)
                before = try bytes()
            }
            let counted = sequence
            while let slot = try store.takeFreeSlot() {
                sequence += 1
                try SampleStore.write(store, slot, sequence: sequence)
            }
            #expect((sequence > counted) == checkpoint)
            try expectWhole(before, try bytes(), since: counted, &random)
        }
    }

    /// Any sector as it was or as it is.
    private func expectWhole(_ before: [UInt8], _ after: [UInt8], since checkpoint: UInt64, _ random: inout SeededRandomSource) throws {
        let files = LocalFileSystem()
        try files.createDirectory(directory("cut"))
        for _ in 0..<10 {
            var image = before
            for sector in stride(from: 4_096, to: image.count, by: 512) where random.word() % 2 == 0 {
                let end = min(sector + 512, image.count)
                image.replaceSubrange(sector..<end, with: after[sector..<end])
            }
            try files.replaceFile(directory("cut/vectors.mmap"), with: image)
            try files.replaceFile(directory("cut/vectors.ids"), with: try files.readFile(directory("vectors.ids"), limit: 1 << 20))
            let store = try SampleStore.open(directory("cut/vectors.mmap"))
            for ordinal in 0..<Self.slots {
                guard let slot = try store.summary(of: ordinal), !slot.isFree, slot.sequence <= checkpoint else { continue }
                try store.verify(ordinal: ordinal)
            }
        }
    }

    @Test("after a crash what nobody vouches for is empty: free slots, rows that the log lost, and all behind the end")
    func unknown() throws {
        do {
            let store = try filled()
            try store.markDeleted([10, 11, 12, 13])
            try store.checkpoint(vectorCount: Self.slots - 4, sequence: 2)
            try store.release([10, 11, 12])
            try store.checkpoint(vectorCount: Self.slots - 4, sequence: 3)
            for slot in [12, 11] {
                #expect(try store.takeFreeSlot() == slot)
                try SampleStore.write(store, slot, sequence: 4)
            }
            try store.reserve(slots: Self.slots + 2)
            for ordinal in [Self.slots, Self.slots + 1] { try SampleStore.write(store, ordinal, sequence: 5) }
        }
        let store = try SampleStore.open(path)
        try store.beginWriting()
        // The log had the row in slot 11 only.
        try SampleStore.write(store, 11, sequence: 4)
        try store.emptyUnknownSlots(below: Self.slots, since: 3) { ![10, 12, 13].contains($0) }
        #expect(try store.summary(of: 10) == nil)
        #expect(try store.summary(of: 11)?.sequence == 4)
        #expect(try store.summary(of: 12) == nil)
        #expect(try store.summary(of: 13)?.isDeleted == true, "a dead row stays whole: a graph may lead over it")
        for ordinal in Self.slots..<store.capacity { #expect(try store.summary(of: ordinal) == nil) }
        for ordinal in 0..<Self.slots { try store.verify(ordinal: ordinal) }
    }
}
