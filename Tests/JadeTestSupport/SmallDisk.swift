import Foundation

/// A file system in memory with room for little: what a full disk is like, with everything that SQLite does to it. Only for
/// tests that may mount, as root in a container may; others skip them.
package final class SmallDisk {
    package let path: String

    /// Whether this process may mount.
    package static let isPermitted: Bool = {
        guard geteuid() == 0, let disk = try? SmallDisk(megabytes: 1) else { return false }
        return disk.isMounted
    }()

    private let isMounted: Bool

    package init(megabytes: Int) throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("jade-disk-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted = Self.run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path)
    }

    deinit {
        if isMounted { _ = Self.run("umount", "-l", path) }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Takes all room but `bytes`, in a file that ``makeRoom()`` removes.
    package func fill(leaving bytes: Int) throws {
        let attributes = try FileManager.default.attributesOfFileSystem(forPath: path)
        let free = (attributes[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        guard FileManager.default.createFile(atPath: path + "/ballast", contents: Data(count: max(0, free - bytes))) else {
            throw CocoaError(.fileWriteOutOfSpace)
        }
    }

    package func makeRoom() throws { try FileManager.default.removeItem(atPath: path + "/ballast") }

    private static func run(_ command: String, _ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.start()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
