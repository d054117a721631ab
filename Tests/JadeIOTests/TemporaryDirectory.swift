import Foundation

/// A folder of its own for one test, gone with the object.
final class TemporaryDirectory: Sendable {
    let path: String

    /// `inMemory` asks for a file system that needs no disk, where there is one: for tens of thousands of versions of a file.
    init(inMemory: Bool = false) {
        let memory = "/dev/shm"
        let parent = inMemory && FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        path = URL(fileURLWithPath: parent).appendingPathComponent("jade-\(UUID().uuidString)").path
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { path + "/" + name }
}
