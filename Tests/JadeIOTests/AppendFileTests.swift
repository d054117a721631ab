import Glibc
import JadeCore
import JadeIO
import Testing

@Suite struct AppendFileTests {
    let files = LocalFileSystem()
    let directory = TemporaryDirectory()

    private func read(_ file: any AppendFile, at offset: Int, _ count: Int) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0xEE, count: count)
        let done = try buffer.withUnsafeMutableBytes { try file.read(at: offset, into: $0) }
        return Array(buffer[..<done])
    }

    @Test func appendsReadsAndGoesOnAfterReopening() throws {
        let path = directory("a.log")
        let file = try files.openAppendFile(path, create: true)
        try file.write([1, 2, 3])
        try file.write([])
        try file.sync()
        file.close()
        let again = try files.openAppendFile(path, create: false)
        #expect(again.size == 3)
        try again.write([4, 5])
        #expect(try read(again, at: 1, 10) == [2, 3, 4, 5])
        #expect(try read(again, at: 5, 4) == [])
        try again.truncate(to: 2)
        try again.write([9])
        #expect(try files.readFile(path, limit: 100) == [1, 2, 9])
    }

    @Test func zerosAheadAreOverwritten() throws {
        let path = directory("a.log")
        let file = try files.openAppendFile(path, create: true)
        try file.write([1, 2])
        try file.extendWithZeros(to: 200_000)
        #expect(file.size == 2 && file.extendedSize == 200_000)
        try file.write([3])
        #expect(file.size == 3 && file.extendedSize == 200_000)
        try file.extendWithZeros(to: 100)
        let bytes = try files.readFile(path, limit: 1 << 20)
        #expect(bytes.count == 200_000 && bytes[..<3] == [1, 2, 3] && bytes[3...].allSatisfy { $0 == 0 })
        try file.truncate(to: 3)
        #expect(file.extendedSize == 3)
        #expect(try files.readFile(path, limit: 1 << 20) == [1, 2, 3])
    }

    @Test func saysWhatIsMissingOrClosed() throws {
        let error = #expect(throws: JadeError.self) { try files.openAppendFile(directory("none"), create: false) }
        #expect(error?.code == .notFound)
        #expect(error?.message == "cannot open \"\(directory("none"))\": No such file or directory (errno 2)")
        let file = try files.openAppendFile(directory("b"), create: true)
        file.close()
        file.close()
        #expect(throws: JadeError.self) { try file.write([1]) }
        #expect(throws: JadeError.self) { try file.sync() }
    }

    @Test func fullWritesSurviveShortOnesAndSignals() throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var taken: [UInt8] = []
        var calls = 0
        try bytes.withUnsafeBytes { raw in
            try writeFully(raw, path: "p") { rest, offset in
                calls += 1
                #expect(offset == taken.count)
                if calls % 3 == 0 {
                    errno = EINTR
                    return -1
                }
                let count = min(rest.count, calls % 7 + 1)
                taken.append(contentsOf: rest[..<count])
                return count
            }
        }
        #expect(taken == bytes)
    }

    @Test func aWriteThatTakesNothingIsAFullDisk() {
        let error = #expect(throws: JadeError.self) {
            try [UInt8](repeating: 1, count: 4).withUnsafeBytes { try writeFully($0, path: "p") { _, _ in 0 } }
        }
        #expect(error?.code == .resourceExhausted)
    }
}
