package import JadeCore

/// The files under the database, behind a protocol so that tests can make any of their operations fail.
///
/// Paths are absolute or relative to the process; every error carries path, operation and the system's text. A new or
/// renamed file is durable only after ``syncDirectory(_:)`` of the folder that names it.
package protocol FileSystem: Sendable {
    /// Opens a file for appending and reading, at its end; creates it when absent and `create` is set.
    func openAppendFile(_ path: String, create: Bool) throws(JadeError) -> any AppendFile
    /// Creates a file of `length` zero bytes and maps it; conflict if it exists.
    func createMappedFile(_ path: String, length: Int, reserving: Int) throws(JadeError) -> any MappedFile
    func openMappedFile(_ path: String, reserving: Int) throws(JadeError) -> any MappedFile
    /// The whole content; `tooLarge` beyond `limit` bytes.
    func readFile(_ path: String, limit: Int) throws(JadeError) -> [UInt8]
    /// Bytes of a file, or nil when there is none.
    func fileSize(_ path: String) throws(JadeError) -> Int?
    /// Bytes that a file takes on disk, or nil when there is none: fewer than it has where it has holes.
    func allocatedBytes(of path: String) throws(JadeError) -> Int?
    /// Renames atomically, replacing what was there.
    func rename(_ path: String, to newPath: String) throws(JadeError)
    /// Gives a file a second name, unless there is a file of that name: `conflict` then. The one step that decides between
    /// several that want a name.
    func link(_ path: String, to newPath: String) throws(JadeError)
    /// Removes a file; one that is absent already is no error.
    func remove(_ path: String) throws(JadeError)
    /// Names in a folder, sorted by bytes.
    func list(_ directory: String) throws(JadeError) -> [String]
    /// Creates a folder and its parents; one that exists already is no error.
    func createDirectory(_ path: String) throws(JadeError)
    func isDirectory(_ path: String) throws(JadeError) -> Bool
    /// Removes an empty folder; one that is absent already is no error.
    func removeDirectory(_ path: String) throws(JadeError)
    /// Makes the folder's names durable.
    func syncDirectory(_ path: String) throws(JadeError)
    /// Bytes that an unprivileged process may still write there.
    func freeSpace(at path: String) throws(JadeError) -> Int
    /// Takes the file's lock for this opener alone; conflict when another holds it. Released with the last reference.
    func lock(_ path: String) throws(JadeError) -> FileLock
}

extension FileSystem {
    /// Without knowledge of blocks: what the file has.
    package func allocatedBytes(of path: String) throws(JadeError) -> Int? { try fileSize(path) }

    /// File systems made for one test need not have links.
    package func link(_ path: String, to newPath: String) throws(JadeError) {
        throw .unavailable("cannot link \"\(path)\" to \"\(newPath)\": this file system has no links")
    }

    /// Replaces a file's content so that, whatever happens, it holds either all of the old or all of the new bytes:
    /// written beside, synced, renamed, folder synced.
    package func replaceFile(_ path: String, with bytes: [UInt8]) throws(JadeError) {
        let temporary = path + ".tmp"
        try remove(temporary)
        let file = try openAppendFile(temporary, create: true)
        do throws(JadeError) {
            try file.write(bytes)
            try file.sync()
        } catch {
            file.close()
            // The error that matters is the first; a temporary file that stays is removed by the next attempt.
            try? remove(temporary)
            throw error
        }
        file.close()
        try rename(temporary, to: path)
        try syncDirectory(parentDirectory(of: path))
    }

    /// Removes a folder with all that is in it; one that is absent already is no error.
    package func removeTree(_ path: String) throws(JadeError) {
        guard try fileExists(path) else { return }
        for name in try list(path) {
            let member = "\(path)/\(name)"
            if try isDirectory(member) { try removeTree(member) } else { try remove(member) }
        }
        try removeDirectory(path)
    }

    package func fileExists(_ path: String) throws(JadeError) -> Bool {
        try fileSize(path) != nil
    }
}

/// The folder that names `path`: everything before its last slash.
package func parentDirectory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}
