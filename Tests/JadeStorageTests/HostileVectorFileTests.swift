import JadeCore
import JadeIO
import JadeStorage
import Testing

/// Whatever is wrong with the bytes: a typed error or the right data, and never a crash.
@Suite struct HostileVectorFileTests {
    let directory = TemporaryDirectory(inMemory: true)
    var path: String { directory("vectors.mmap") }

    /// Opens and reads everything; true when it all is as it should be, false for a typed error.
    private func check(_ expected: StoreContent, _ what: String) -> Bool {
        do throws(JadeError) {
            let content = try StoreContent(SampleStore.open(path))
            #expect(content == expected, "\(what) reads as something else")
            return true
        } catch {
            #expect(error.code == .corrupted || error.code == .unavailable, "\(what): \(error)")
            return false
        }
    }

    @Test func everyFlippedBitOfTheVectorsFile() throws {
        try SampleStore.writeAll(path)
        let expected = try StoreContent(SampleStore.open(path))
        let patcher = try Patcher(path)
        var errors = 0
        for bit in 0..<(patcher.original.count * 8) where !isFill(patcher.original, bit / 8) {
            try patcher.withFlipped(bit: bit) {
                if !check(expected, "bit \(bit % 8) of byte \(bit / 8)") { errors += 1 }
            }
        }
        #expect(errors > 3000, "rows, flags, ids, index area and bitmap are all covered")
    }

    /// Long runs of zeros between header and rows, and behind the rows, hold nothing: one byte in 64 stands for them.
    private func isFill(_ bytes: [UInt8], _ offset: Int) -> Bool {
        let unused = (768..<4096).contains(offset) || (4096 + 12 * 128..<8192).contains(offset)
        return unused && offset % 64 != 2
    }

    @Test func everyTruncationOfTheVectorsFile() throws {
        try SampleStore.writeAll(path)
        let expected = try StoreContent(SampleStore.open(path))
        let patcher = try Patcher(path)
        for size in (0..<patcher.original.count).reversed() {
            try patcher.truncate(to: size)
            #expect(!check(expected, "\(size) bytes"))
        }
    }

    @Test func everyChangeOfTheIDsFile() throws {
        try SampleStore.writeAll(path)
        let expected = try StoreContent(SampleStore.open(path))
        let patcher = try Patcher(directory("vectors.ids"))
        for bit in 0..<(patcher.original.count * 8) {
            try patcher.withFlipped(bit: bit) { #expect(!check(expected, "bit \(bit)")) }
        }
        for size in (0..<patcher.original.count).reversed() {
            try patcher.truncate(to: size)
            #expect(!check(expected, "\(size) bytes"))
        }
    }

    @Test func aDamagedOffsetNeverLeadsToAnotherRowsID() throws {
        // Two ids that differ behind the part that the head keeps.
        let store = try SampleStore.create(path)
        try store.reserve(slots: 2)
        let row = SampleStore.values(0)
        for ordinal in 0..<2 {
            let id = try VectorID(String(repeating: "p", count: 60) + "\(ordinal)")
            try row.withUnsafeBufferPointer { try store.write(ordinal: ordinal, id: id, sequence: 1, values: $0) }
        }
        try store.checkpoint(vectorCount: 2, sequence: 1)
        var bytes = try Patcher(path).original
        for offset in 0..<8 { bytes[4096 + 56 + offset] = bytes[4096 + store.stride + 56 + offset] }
        try Patcher(path).write(bytes)
        let error = #expect(throws: JadeError.self) { try SampleStore.open(path).id(of: 0) }
        #expect(error?.code == .corrupted)
    }

    /// Headers that lie although their checksum is right.
    @Test(arguments: [
        (8, UInt32(0)), (8, 65_537), (8, 6), (36, 9), (40, 1), (48, 0), (56, 1 << 30), (60, 1), (64, 1000), (12, 100), (20, 1),
        (20, 0), (28, 17), (28, 0), (96, 5), (96, 0), (112, 1 << 20), (120, 1), (120, 3), (88, 7),
    ])
    func lyingHeaders(offset: Int, value: UInt32) throws {
        try SampleStore.writeAll(path)
        let patcher = try Patcher(path)
        var bytes = patcher.original
        for start in [0, 512] { Checksummed.set(&bytes, start..<(start + 256), value, at: start + offset) }
        try patcher.write(bytes)
        let error = #expect(throws: JadeError.self) { _ = try StoreContent(SampleStore.open(path)) }
        #expect(error?.code == .corrupted)
    }

    @Test func aFreeListThatBitesItsTail() throws {
        let store = try SampleStore.create(path)
        for ordinal in 0..<8 { try SampleStore.write(store, ordinal, sequence: 1) }
        try store.release([1, 2, 3])
        try store.checkpoint(vectorCount: 5, sequence: 1)
        var bytes = try Patcher(path).original
        // 3 → 2 → 1 → end becomes 3 → 2 → 1 → 3.
        Checksummed.store(&bytes, UInt64(4096 + 3 * store.stride), at: 4096 + store.stride + 56)
        try Patcher(path).write(bytes)
        let error = #expect(throws: JadeError.self) { try SampleStore.open(path).freeList() }
        #expect(error?.code == .corrupted)
    }

    @Test func notAFileOfOurs() throws {
        try SampleStore.writeAll(path)
        let patcher = try Patcher(path)
        let random = SeededRandomSource(seed: 5)
        for _ in 0..<50 {
            try patcher.write(random.bytes(9000))
            let error = #expect(throws: JadeError.self) { try SampleStore.open(path) }
            #expect(error?.code == .corrupted)
        }
        try LocalFileSystem().remove(path)
        let missing = #expect(throws: JadeError.self) { try SampleStore.open(path) }
        #expect(missing?.code == .notFound)
    }
}
