import JadeCore
import JadeIO
import Testing

@Suite struct MappedFileTests {
    let files = LocalFileSystem()
    let directory = TemporaryDirectory()

    @Test func growsInPlace() throws {
        let path = directory("m")
        let file = try files.createMappedFile(path, length: 100, reserving: 64 << 20)
        let base = file.base
        file.base.storeBytes(of: 42, toByteOffset: 96, as: UInt32.self)
        for length in [101, 4096, 4097, 1 << 20, 40 << 20] {
            try file.grow(to: length)
            #expect(file.length == length)
            #expect(file.base == base)
            #expect(try files.fileSize(path) == length)
            #expect(base.load(fromByteOffset: length - 1, as: UInt8.self) == 0)
            base.storeBytes(of: 7, toByteOffset: length - 1, as: UInt8.self)
        }
        try file.grow(to: 5)
        #expect(file.length == 40 << 20)
        #expect(base.load(fromByteOffset: 96, as: UInt32.self) == 42)
        try file.sync(90..<file.length)
        let bytes = try files.readFile(path, limit: 64 << 20)
        #expect(bytes[96] == 42)
        #expect(bytes[4096] == 7)
        #expect(bytes.last == 7)
    }

    @Test func reopensWithItsContent() throws {
        let path = directory("m")
        do {
            let file = try files.createMappedFile(path, length: 5000, reserving: 1 << 20)
            file.base.storeBytes(of: 0xAB, toByteOffset: 4999, as: UInt8.self)
        }
        let file = try files.openMappedFile(path, reserving: 1 << 20)
        #expect(file.length == 5000)
        #expect(file.base.load(fromByteOffset: 4999, as: UInt8.self) == 0xAB)
        let error = #expect(throws: JadeError.self) { try files.createMappedFile(path, length: 1, reserving: 4096) }
        #expect(error?.code == .conflict)
    }

    @Test func whatIsShrunkAwayComesBackAsZeros() throws {
        let file = try files.createMappedFile(directory("m"), length: 3 * 4096, reserving: 1 << 20)
        file.base.initializeMemory(as: UInt8.self, repeating: 0xFF, count: 3 * 4096)
        try file.shrink(to: 5000)
        try file.grow(to: 3 * 4096)
        #expect(file.base.load(fromByteOffset: 4999, as: UInt8.self) == 0xFF)
        for offset in 5000..<(3 * 4096) where file.base.load(fromByteOffset: offset, as: UInt8.self) != 0 {
            Issue.record("byte \(offset) is not zero")
            break
        }
    }

    @Test func staysInsideItsReservation() throws {
        let file = try files.createMappedFile(directory("m"), length: 10, reserving: 1 << 16)
        let error = #expect(throws: JadeError.self) { try file.grow(to: file.reservedBytes + 1) }
        #expect(error?.code == .resourceExhausted)
        #expect(file.length == 10)
        let huge = #expect(throws: JadeError.self) {
            try files.createMappedFile(directory("n"), length: 10, reserving: Limits.maximumReservedFileBytes + 1)
        }
        #expect(huge?.code == .tooLarge)
    }

    @Test func manyFilesFitTheAddressSpaceByReservingLess() throws {
        // Together they ask for four times the 128 TiB that a process has.
        var open: [any MappedFile] = []
        for number in 0..<512 {
            open.append(try files.createMappedFile(directory("m\(number)"), length: 10, reserving: 1 << 40))
        }
        #expect(open.allSatisfy { $0.reservedBytes >= Limits.minimumReservedFileBytes })
        #expect(open[0].reservedBytes > 1 << 38)
        #expect(open[0].reservedBytes > open[300].reservedBytes)
    }

    @Test func holesAreFilledOnRequest() throws {
        let path = directory("sparse")
        let sparse = try files.openAppendFile(path, create: true)
        try sparse.truncate(to: 1 << 20)
        sparse.close()
        let file = try files.openMappedFile(path, reserving: 1 << 21)
        #expect(try !file.hasData(0..<(1 << 20)))
        try file.allocate(0..<(1 << 20))
        #expect(try allocatedBytes(path) >= 1 << 20)
    }

    @Test func blocksAreGivenBackAndReadAsZeros() throws {
        let path = directory("holes")
        let file = try files.createMappedFile(path, length: 1 << 20, reserving: 1 << 21)
        (file.base).initializeMemory(as: UInt8.self, repeating: 7, count: 1 << 20)
        try file.sync(0..<(1 << 20))
        let before = try allocatedBytes(path)
        let middle = (256 << 10)..<(512 << 10)
        try file.discard(middle)
        #expect(try !file.hasData(middle))
        #expect(try file.hasData(0..<4_096))
        #expect(before - (try allocatedBytes(path)) == middle.count)
        let bytes = UnsafeRawBufferPointer(start: file.base, count: file.length)
        #expect(bytes[middle].allSatisfy { $0 == 0 })
        #expect(bytes[..<middle.lowerBound].allSatisfy { $0 == 7 })
        #expect(bytes[middle.upperBound...].allSatisfy { $0 == 7 })
        try file.allocate(middle)
        #expect(try allocatedBytes(path) >= before)
        #expect(bytes[middle].allSatisfy { $0 == 0 })
    }
}
