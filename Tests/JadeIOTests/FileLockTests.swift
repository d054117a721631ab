import JadeCore
import JadeIO
import Testing

@Suite("Locks") struct FileLockTests {
    let directory = TemporaryDirectory()

    /// Numbers of files are given again at once: one that is closed twice is another thread's the second time.
    @Test("a lock that is refused touches no file of others")
    func refused() async throws {
        let files = LocalFileSystem()
        let held = try files.lock(directory.path + "/lock")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for reader in 0..<2 {
                group.addTask { [path = directory.path] in
                    let name = "\(path)/file-\(reader)"
                    try files.replaceFile(name, with: [1, 2, 3])
                    for _ in 0..<5_000 {
                        let file = try files.openAppendFile(name, create: false)
                        #expect(try file.readBytes(at: 0, count: 3) == [1, 2, 3])
                        file.close()
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask { [path = directory.path] in
                    for _ in 0..<5_000 { #expect(throws: JadeError.self) { try files.lock(path + "/lock") } }
                }
            }
            try await group.waitForAll()
        }
        withExtendedLifetime(held) {}
    }
}
