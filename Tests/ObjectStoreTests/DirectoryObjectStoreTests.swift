import Glibc
import JadeCore
import JadeIO
import JadeStorage
import JadeTestSupport
import Testing

@Suite("Objects in a directory") struct DirectoryObjectStoreTests {
    let folder: TemporaryFolder
    let files = LocalFileSystem()

    init() throws { folder = try TemporaryFolder() }

    private func store(_ files: any FileSystem = LocalFileSystem()) -> DirectoryObjectStore {
        DirectoryObjectStore(folder.path("store"), files: files, random: SystemRandomSource())
    }

    @Test func doesWhatEveryStoreDoes() async throws { try await ObjectStoreChecks.run(store()) }

    @Test func throughASymbolicLinkToo() async throws {
        try files.createDirectory(folder.path("real"))
        #expect(symlink(folder.path("real"), folder.path("store")) == 0)
        try await ObjectStoreChecks.run(store())
    }

    @Test(arguments: ["", "/a", "a/", "a//b", "../a", "a/../b", ".a", "a/.b", "a b", "a%b", "ä", String(repeating: "a", count: 600)])
    func keysThatAreNone(_ text: String) { #expect(throws: JadeError.self) { try ObjectKey(text) } }

    /// Whatever operation fails, the object is as it was or as it should be, and no half of it.
    @Test(arguments: [Fault.error(EIO), .noSpace, .shortWrite]) func failures(_ kind: Fault) async throws {
        let key = try ObjectKey("a/b/c")
        for replaces in [false, true] {
            var number = 1
            while true {
                try? files.removeTree(folder.path("store"))
                if replaces { try await store().put(key, [7, 7]) }
                let faulty = FaultyFileSystem(wrapping: files, failAt: number, kind: kind)
                let old: [UInt8]? = replaces ? [7, 7] : nil
                do {
                    if replaces { try await store(faulty).put(key, [1, 2, 3, 4]) } else { _ = try await store(faulty).putIfAbsent(key, [1, 2, 3, 4]) }
                } catch { #expect([.unavailable, .resourceExhausted].contains(error.code)) }
                let found = try? await store().get(key)
                #expect(found == old || found == [1, 2, 3, 4], "operation \(number): \(String(describing: found))")
                if !faulty.hasFailed { break }
                // What is left unfinished does not show, and goes with the next writer.
                #expect(try await store().listAll("").count <= 1)
                try await store().put(ObjectKey("other"), [1])
                #expect(try files.list(folder.path("store") + "/.unfinished").count <= 1)
                number += 1
            }
            #expect(number > 8)
        }
    }
}
