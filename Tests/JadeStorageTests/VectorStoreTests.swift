import JadeCore
import JadeIO
import JadeStorage
import Testing

@Suite struct VectorStoreTests {
    let directory = TemporaryDirectory()
    var path: String { directory("vectors.mmap") }

    @Test func theHeaderIsTheSeedsToTheByte() throws {
        try SampleStore.writeAll(path)
        let bytes = try LocalFileSystem().readFile(path, limit: 1 << 20)
        func number(_ offset: Int, _ size: Int) -> UInt64 {
            (0..<size).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
        }
        #expect(Array(bytes[0..<4]) == Array("JADE".utf8))
        #expect(number(4, 4) == 1)
        #expect(number(8, 4) == 5)
        #expect(number(12, 8) == 5)
        #expect(number(20, 8) == UInt64(4096 + 4 * 128), "slot 4 was released last")
        let index = Int(number(28, 8))
        #expect(index > 4096 && index < bytes.count && index % 4096 == 0)
        #expect(number(index, 4) == 1, "the index begins with the first id's length")
        #expect(bytes[index + 4] == UInt8(ascii: "a"))
        #expect(number(index + 5, 8) == 4096)
        let second = 4096 + 128
        #expect(number(second, 2) == 2)
        #expect(number(second + 4, 4) == 5)
        #expect(number(second + 8, 8) == 2)
        #expect(Array(bytes[second + 20..<second + 22]) == Array("42".utf8))
        #expect(number(second + 64, 4) == UInt64(Float(10.5).bitPattern))
    }

    @Test func everythingComesBackFromACleanFile() throws {
        try SampleStore.writeAll(path)
        let store = try SampleStore.open(path)
        #expect(store.isClean)
        #expect(store.header.checkpointSequence == 9)
        #expect(store.slotsUsed == 8)
        #expect(try store.readLiveBitmap() == [SampleStore.live])
        #expect(try store.freeList() == [4, 7])
        let content = try StoreContent(store)
        #expect(content.free == [4, 7])
        #expect(content.rows.map(\.ordinal) == [0, 1, 2, 3, 5, 6])
        for row in content.rows {
            #expect(row.id == SampleStore.ids[row.ordinal].text)
            #expect(row.isInteger == SampleStore.ids[row.ordinal].isInteger)
            #expect(row.values == SampleStore.values(row.ordinal))
            #expect(row.isDeleted == (row.ordinal == 5))
            #expect(row.sequence == UInt64(row.ordinal + 1))
        }
        #expect(content.map.count == SampleStore.liveCount)
        #expect(content.map[SampleStore.longID] == 3)
    }

    @Test(arguments: [1, 3, 16, 17, 384, 1536]) func rowsStandAtOneAlignedStride(dimension: Int) throws {
        let store = try MemoryMappedVectorStore.create(
            path, dimension: dimension, elementType: .float32, random: SeededRandomSource(seed: 2), in: LocalFileSystem(),
            maximumVectors: 1024)
        try store.beginWriting()
        #expect(store.stride % 64 == 0 && store.stride >= 64 + dimension * 4 && store.stride < 64 + dimension * 4 + 64)
        #expect(Int(bitPattern: store.valuesBase) % 64 == 0)
        let base = store.valuesBase
        for ordinal in 0..<300 {
            try store.reserve(slots: ordinal + 1)
            let row = (0..<dimension).map { Float(ordinal * 3 + $0) }
            try row.withUnsafeBufferPointer {
                try store.write(ordinal: ordinal, id: VectorID(UInt64(ordinal)), sequence: 1, values: $0)
            }
        }
        #expect(store.valuesBase == base, "growth moves nothing")
        for ordinal in 0..<300 {
            let row = (base + ordinal * store.stride).assumingMemoryBound(to: Float.self)
            #expect(row[0] == Float(ordinal * 3) && row[dimension - 1] == Float(ordinal * 3 + dimension - 1))
        }
    }

    @Test(arguments: [1, 35, 36, 37, 100, 511, 512]) func idsOfEveryLength(bytes: Int) throws {
        let store = try SampleStore.create(path)
        try store.reserve(slots: 2)
        let id = try VectorID(String(repeating: "x", count: bytes - 1) + "y")
        let row = SampleStore.values(0)
        for ordinal in 0..<2 {
            try row.withUnsafeBufferPointer { try store.write(ordinal: ordinal, id: id, sequence: 3, values: $0) }
            #expect(try store.id(of: ordinal) == id)
            try store.verify(ordinal: ordinal)
        }
        try store.finish(live: [3], vectorCount: 2, sequence: 3)
        let again = try SampleStore.open(path)
        #expect(try again.id(of: 1) == id)
        try again.verify(ordinal: 1)
    }

    @Test func whatIsNotCheckpointedIsStillThereAfterAKill() throws {
        do {
            let store = try SampleStore.create(path)
            for ordinal in 0..<4 { try SampleStore.write(store, ordinal, sequence: 1) }
            try store.checkpoint(vectorCount: 4, sequence: 4)
            for ordinal in 4..<8 { try SampleStore.write(store, ordinal, sequence: 5) }
        }
        let store = try SampleStore.open(path)
        #expect(!store.isClean)
        #expect(store.header.checkpointSequence == 4)
        #expect(store.header.vectorCount == 4)
        #expect(throws: JadeError.self) { try store.readLiveBitmap() }
        #expect(try StoreContent(store).rows.map(\.sequence) == [1, 1, 1, 1, 5, 5, 5, 5])
        try store.beginWriting()
        // Redo from the log writes the same rows again.
        for ordinal in 4..<8 { try SampleStore.write(store, ordinal, sequence: 5) }
        try store.finish(live: [0xFF], vectorCount: 8, sequence: 8)
        #expect(try StoreContent(SampleStore.open(path)).rows.count == 8)
    }

    @Test func writingTakesTheCleanMarkAwayFirst() throws {
        try SampleStore.writeAll(path)
        let store = try SampleStore.open(path)
        try store.beginWriting()
        #expect(!(try SampleStore.open(path).isClean))
        #expect(throws: JadeError.self) { try store.readLiveBitmap() }
        // Growing over the old index area must not turn its bytes into rows.
        try store.reserve(slots: 2000)
        var slots = 0
        try store.scanHeads { _ in slots += 1 }
        #expect(slots == 8)
    }

    @Test func writesNeedALifeAndARoom() throws {
        let store = try SampleStore.create(path)
        try SampleStore.write(store, 0, sequence: 1)
        let row = SampleStore.values(0)
        #expect(throws: JadeError.self) {
            try row.withUnsafeBufferPointer { try store.write(ordinal: store.capacity, id: 1, sequence: 1, values: $0) }
        }
        let error = #expect(throws: JadeError.self) {
            try row[..<4].withUnsafeBufferPointer { try store.write(ordinal: 0, id: 1, sequence: 1, values: $0) }
        }
        #expect(error?.code == .invalidArgument)
        #expect(throws: JadeError.self) { try store.id(of: -1) }
        #expect(throws: JadeError.self) { try store.id(of: 1) }
        let tooMany = #expect(throws: JadeError.self) { try store.reserve(slots: Limits.maximumVectorsPerShard + 1) }
        #expect(tooMany?.code == .tooLarge)
        try store.finish(live: [1], vectorCount: 1, sequence: 1)
        #expect(throws: JadeError.self) { try SampleStore.write(store, 0, sequence: 2) }
        let exists = #expect(throws: JadeError.self) { try SampleStore.create(path) }
        #expect(exists?.code == .conflict)
    }

    @Test func freeSlotsAreReusedAndChainedAgain() throws {
        let store = try SampleStore.create(path)
        for ordinal in 0..<20 { try SampleStore.write(store, ordinal, sequence: 1) }
        try store.release(10..<20)
        try store.checkpoint(vectorCount: 10, sequence: 1)
        #expect(try store.freeList() == (10..<20).reversed())
        for expected in [19, 18, 17] {
            let slot = try store.takeFreeSlot()
            #expect(slot == expected)
            try SampleStore.write(store, expected, sequence: 2)
        }
        try store.release([2, 18, 3, 3])
        #expect(store.freeSlotCount == 7, "what was given back is given out after the next checkpoint")
        try store.checkpoint(vectorCount: 10, sequence: 2)
        #expect(store.freeSlotCount == 10)
        #expect(try store.freeList() == [3, 18, 2, 16, 15, 14, 13, 12, 11, 10])
        let again = try SampleStore.open(path)
        #expect(try again.freeList().count == 10)
        try again.beginWriting()
        try again.setFreeSlots([5, 6])
        try again.checkpoint(vectorCount: 10, sequence: 3)
        #expect(try again.freeList() == [6, 5])
        #expect(try again.takeFreeSlot() == 6)
        #expect(try again.takeFreeSlot() == 5)
        #expect(try again.takeFreeSlot() == nil)
    }

    @Test func aCleanFileBringsItsFreeSlotsAlong() throws {
        try SampleStore.writeAll(path)
        let store = try SampleStore.open(path)
        try store.beginWriting()
        #expect(try store.takeFreeSlot() == 4)
        #expect(try store.takeFreeSlot() == 7)
        #expect(try store.takeFreeSlot() == nil)
    }

    @Test func anEmptyFileCanBeClosedCleanly() throws {
        try SampleStore.create(path).finish(live: [], vectorCount: 0, sequence: 0)
        let store = try SampleStore.open(path)
        #expect(try store.readLiveBitmap() == [])
        #expect(try StoreContent(store).rows.isEmpty)
    }

    @Test func aTornHeaderIsReadFromItsCopy() throws {
        try SampleStore.writeAll(path)
        let patcher = try Patcher(path)
        let expected = try StoreContent(SampleStore.open(path))
        for torn in 1..<256 {
            var bytes = patcher.original
            for offset in 0..<torn { bytes[offset] = 0xEE }
            try patcher.write(bytes)
            let store = try SampleStore.open(path)
            #expect(store.headerCopiesDiffer)
            #expect(try StoreContent(store) == expected)
        }
        try SampleStore.open(path).beginWriting()
        #expect(!(try SampleStore.open(path).headerCopiesDiffer), "the first write repairs it")
    }

    @Test func aNewerFormatIsRefusedByName() throws {
        try SampleStore.writeAll(path)
        var bytes = try Patcher(path).original
        for start in [0, 512] { Checksummed.set(&bytes, start..<(start + 256), UInt32(2), at: start + 4) }
        try Patcher(path).write(bytes)
        let error = #expect(throws: JadeError.self) { try SampleStore.open(path) }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("format version 2") == true)
    }

    @Test func theCompanionOfAnotherFileIsRefused() throws {
        try SampleStore.writeAll(path)
        _ = try MemoryMappedVectorStore.create(
            directory("other.mmap"), dimension: 5, elementType: .float32, random: SeededRandomSource(seed: 99),
            in: LocalFileSystem(), maximumVectors: 64)
        try LocalFileSystem().rename(directory("other.ids"), to: directory("vectors.ids"))
        let error = #expect(throws: JadeError.self) { try SampleStore.open(path) }
        #expect(error?.code == .corrupted)
    }
}
