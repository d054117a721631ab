import Glibc
package import JadeCore

/// The real ``FileSystem``: the machine's own.
package struct LocalFileSystem: FileSystem {
    package init() {}

    package func openAppendFile(_ path: String, create: Bool) throws(JadeError) -> any AppendFile {
        try LocalAppendFile(path, create: create)
    }

    package func createMappedFile(_ path: String, length: Int, reserving: Int) throws(JadeError) -> any MappedFile {
        try LocalMappedFile(path, newLength: length, reserving: reserving)
    }

    package func openMappedFile(_ path: String, reserving: Int) throws(JadeError) -> any MappedFile {
        try LocalMappedFile(path, newLength: nil, reserving: reserving)
    }

    package func readFile(_ path: String, limit: Int) throws(JadeError) -> [UInt8] {
        let descriptor = Int32(try retryingInterrupts("open", path) { Int(open(path, O_RDONLY | O_CLOEXEC)) })
        defer { _ = close(descriptor) }
        let size = try retryingInterrupts("measure", path) { lseek(descriptor, 0, SEEK_END) }
        guard size <= limit else { throw .tooLarge("\"\(path)\" has \(size) bytes, the limit is \(limit)") }
        var failure: JadeError?
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            do throws(JadeError) {
                count = try readFully(descriptor, path, at: 0, into: UnsafeMutableRawBufferPointer(buffer))
            } catch { failure = error }
        }
        if let failure { throw failure }
        return bytes
    }

    package func fileSize(_ path: String) throws(JadeError) -> Int? {
        var info = stat()
        if stat(path, &info) == 0 { return Int(info.st_size) }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw systemError("look at", path, errno)
    }

    package func allocatedBytes(of path: String) throws(JadeError) -> Int? {
        var info = stat()
        if stat(path, &info) == 0 { return Int(info.st_blocks) * 512 }
        if errno == ENOENT || errno == ENOTDIR { return nil }
        throw systemError("look at", path, errno)
    }

    package func rename(_ path: String, to newPath: String) throws(JadeError) {
        guard Glibc.rename(path, newPath) == 0 else { throw systemError("rename to \"\(newPath)\"", path, errno) }
    }

    package func link(_ path: String, to newPath: String) throws(JadeError) {
        guard Glibc.link(path, newPath) == 0 else { throw systemError("link to \"\(newPath)\"", path, errno) }
    }

    package func remove(_ path: String) throws(JadeError) {
        if unlink(path) != 0, errno != ENOENT { throw systemError("remove", path, errno) }
    }

    package func list(_ directory: String) throws(JadeError) -> [String] {
        guard let stream = opendir(directory) else { throw systemError("list", directory, errno) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
                field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw systemError("list", directory, errno) }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    package func createDirectory(_ path: String) throws(JadeError) {
        if mkdir(path, 0o750) == 0 { return }
        switch errno {
        case EEXIST: return
        case ENOENT where parentDirectory(of: path) != path:
            try createDirectory(parentDirectory(of: path))
            if mkdir(path, 0o750) != 0, errno != EEXIST { throw systemError("create directory", path, errno) }
        case let code: throw systemError("create directory", path, code)
        }
    }

    package func removeDirectory(_ path: String) throws(JadeError) {
        if rmdir(path) != 0, errno != ENOENT { throw systemError("remove directory", path, errno) }
    }

    package func isDirectory(_ path: String) throws(JadeError) -> Bool {
        var info = stat()
        guard lstat(path, &info) == 0 else {
            if errno == ENOENT { return false }
            throw systemError("look at", path, errno)
        }
        return info.st_mode & S_IFMT == S_IFDIR
    }

    package func syncDirectory(_ path: String) throws(JadeError) {
        let descriptor = Int32(
            try retryingInterrupts("open directory", path) { Int(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) })
        defer { _ = close(descriptor) }
        try retryingInterrupts("sync directory", path) { Int(fsync(descriptor)) }
    }

    package func freeSpace(at path: String) throws(JadeError) -> Int {
        var info = statvfs()
        guard statvfs(path, &info) == 0 else { throw systemError("measure free space at", path, errno) }
        return Int(info.f_bavail) * Int(info.f_frsize)
    }

    package func lock(_ path: String) throws(JadeError) -> FileLock { try FileLock(path) }
}
