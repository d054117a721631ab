import Glibc
import JadeCore
import JadeIO
import Testing

@Suite struct FileSystemTests {
    let files = LocalFileSystem()
    let directory = TemporaryDirectory()

    @Test func listsRemovesAndCreates() throws {
        try files.createDirectory(directory("x/y/z"))
        try files.createDirectory(directory("x/y/z"))
        for name in ["b", "a", "é", "B"] { try files.replaceFile(directory("x/y/z/" + name), with: [1]) }
        #expect(try files.list(directory("x/y/z")) == ["B", "a", "b", "é"])
        try files.remove(directory("x/y/z/a"))
        try files.remove(directory("x/y/z/a"))
        try files.rename(directory("x/y/z/b"), to: directory("x/y/z/B"))
        #expect(try files.list(directory("x/y/z")) == ["B", "é"])
        #expect(try files.fileSize(directory("x/y/z/none")) == nil)
        #expect(try files.freeSpace(at: directory.path) > 0)
    }

    @Test func readingHasALimit() throws {
        try files.replaceFile(directory("f"), with: [1, 2, 3])
        #expect(try files.readFile(directory("f"), limit: 3) == [1, 2, 3])
        let error = #expect(throws: JadeError.self) { try files.readFile(directory("f"), limit: 2) }
        #expect(error?.code == .tooLarge)
    }

    @Test func aLockKeepsOthersOut() throws {
        var lock: FileLock? = try files.lock(directory("LOCK"))
        let error = #expect(throws: JadeError.self) { try files.lock(directory("LOCK")) }
        #expect(error?.code == .conflict)
        #expect(lock != nil)
        lock = nil
        lock = try files.lock(directory("LOCK"))
    }

    @Test(arguments: [Fault.error(EIO), .shortWrite, .noSpace])
    func aReplacedFileIsOldOrNewWhateverFails(kind: Fault) throws {
        let path = directory("manifest")
        let (old, new) = ([UInt8](repeating: 1, count: 100), [UInt8](repeating: 2, count: 200))
        var attempt = 1
        while true {
            try files.replaceFile(path, with: old)
            let faulty = FaultyFileSystem(wrapping: files, failAt: attempt, kind: kind)
            do throws(JadeError) {
                try faulty.replaceFile(path, with: new)
                #expect(try files.readFile(path, limit: 1000) == new)
            } catch {
                #expect([old, new].contains(try files.readFile(path, limit: 1000)))
                #expect(error.code == (kind == .noSpace ? .resourceExhausted : .unavailable))
            }
            if !faulty.hasFailed { break }
            attempt += 1
        }
        #expect(attempt > 5, "remove, open, write, sync, rename and sync of the folder each had their turn")
    }

    @Test func faultsHappenOnceOrForGood() throws {
        let once = FaultyFileSystem(wrapping: files, failAt: 2, kind: .shortWrite)
        let file = try once.openAppendFile(directory("f"), create: true)
        #expect(throws: JadeError.self) { try file.write([1, 2, 3, 4]) }
        #expect(try files.readFile(directory("f"), limit: 9) == [1, 2])
        try file.truncate(to: 0)
        try file.write([5])
        #expect(once.operations == 4)
        let dead = FaultyFileSystem(wrapping: files, failAt: 2, kind: .error(EIO), keepsFailing: true)
        let other = try dead.openAppendFile(directory("g"), create: true)
        for _ in 0..<3 { #expect(throws: JadeError.self) { try other.write([1]) } }
        #expect(throws: JadeError.self) { try dead.remove(directory("g")) }
    }
}
