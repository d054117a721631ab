import JadeCore
import JadeIO
import Testing

@Suite struct ReservedMemoryTests {
    let files = LocalFileSystem()
    let directory = TemporaryDirectory()

    @Test(arguments: [false, true]) func growsInPlaceWithZeros(usesHugePages: Bool) throws {
        let memory = try ReservedMemory(reserve: 1 << 30, usesHugePages: usesHugePages)
        #expect(memory.committedBytes == 0)
        let base = memory.base
        #expect(Int(bitPattern: base) % (2 << 20) == 0)
        for bytes in [1, 4096, 10_000, 8 << 20] {
            try memory.commit(upTo: bytes)
            #expect(memory.base == base)
            #expect(memory.committedBytes >= bytes)
            #expect(base.load(fromByteOffset: bytes - 1, as: UInt8.self) == 0)
            base.storeBytes(of: 9, toByteOffset: bytes - 1, as: UInt8.self)
        }
        try memory.commit(upTo: 5)
        #expect(base.load(fromByteOffset: 9_999, as: UInt8.self) == 9)
        let error = #expect(throws: JadeError.self) { try memory.commit(upTo: 1 << 30 + 1) }
        #expect(error?.code == .resourceExhausted)
    }

    @Test func aMappedFileIsCopiedOnWrite() throws {
        let path = directory("index")
        let content = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try files.replaceFile(path, with: content)
        let memory = try ReservedMemory.mappingFile(path: path, length: 9_000, reserve: 1 << 24)
        let base = memory.base
        for offset in 0..<9_000 where base.load(fromByteOffset: offset, as: UInt8.self) != content[offset] {
            Issue.record("byte \(offset) differs")
            return
        }
        #expect(base.load(fromByteOffset: 9_000, as: UInt8.self) == 0, "bytes behind the length are zero")
        try memory.commit(upTo: 100_000)
        #expect(base.load(fromByteOffset: 99_999, as: UInt8.self) == 0)
        base.initializeMemory(as: UInt8.self, repeating: 0xAA, count: 100_000)
        #expect(try files.readFile(path, limit: 20_000) == content, "the file itself never changes")
    }

    @Test func aShorterFileIsCorrupted() throws {
        let path = directory("index")
        try files.replaceFile(path, with: [1, 2, 3])
        let error = #expect(throws: JadeError.self) {
            try ReservedMemory.mappingFile(path: path, length: 4, reserve: 4096)
        }
        #expect(error?.code == .corrupted)
    }
}
