import Glibc
package import JadeCore

/// The machine's files, of which nothing can be changed: what looks at a folder through it leaves the folder as it is.
///
/// Mapped files are private copies: what is stored in their memory stays there. Anything that would change a file is
/// `unavailable`.
package struct ReadOnlyFileSystem: FileSystem {
    private let inner = LocalFileSystem()

    package init() {}

    package func openAppendFile(_ path: String, create: Bool) throws(JadeError) -> any AppendFile {
        if create { throw refusal("create", path) }
        return try ReadOnlyFile(path)
    }

    package func openMappedFile(_ path: String, reserving: Int) throws(JadeError) -> any MappedFile {
        guard let length = try inner.fileSize(path) else { throw .notFound("there is no file \"\(path)\"") }
        return PrivateMappedFile(path, length, try ReservedMemory.mappingFile(path: path, length: length, reserve: length))
    }

    package func readFile(_ path: String, limit: Int) throws(JadeError) -> [UInt8] { try inner.readFile(path, limit: limit) }
    package func fileSize(_ path: String) throws(JadeError) -> Int? { try inner.fileSize(path) }
    package func allocatedBytes(of path: String) throws(JadeError) -> Int? { try inner.allocatedBytes(of: path) }
    package func list(_ directory: String) throws(JadeError) -> [String] { try inner.list(directory) }
    package func isDirectory(_ path: String) throws(JadeError) -> Bool { try inner.isDirectory(path) }
    package func freeSpace(at path: String) throws(JadeError) -> Int { try inner.freeSpace(at: path) }

    package func createMappedFile(_ path: String, length: Int, reserving: Int) throws(JadeError) -> any MappedFile {
        throw refusal("create", path)
    }
    package func rename(_ path: String, to newPath: String) throws(JadeError) { throw refusal("rename", path) }
    package func link(_ path: String, to newPath: String) throws(JadeError) { throw refusal("link", path) }
    package func remove(_ path: String) throws(JadeError) { throw refusal("remove", path) }
    package func createDirectory(_ path: String) throws(JadeError) { throw refusal("create", path) }
    package func removeDirectory(_ path: String) throws(JadeError) { throw refusal("remove", path) }
    package func syncDirectory(_ path: String) throws(JadeError) { throw refusal("sync", path) }

    /// Only a lock that is there can be held by others, and taking it changes nothing.
    package func lock(_ path: String) throws(JadeError) -> FileLock {
        guard try inner.fileExists(path) else { throw .notFound("there is no lock \"\(path)\"") }
        return try inner.lock(path)
    }
}

private func refusal(_ what: String, _ path: String) -> JadeError {
    .unavailable("cannot \(what) \"\(path)\": it was opened to be read only")
}

private final class ReadOnlyFile: AppendFile {
    let path: String
    let size: Int
    private let descriptor: Int32

    init(_ path: String) throws(JadeError) {
        self.path = path
        let descriptor = Int32(try retryingInterrupts("open", path) { Int(open(path, O_RDONLY | O_CLOEXEC)) })
        do throws(JadeError) {
            size = try retryingInterrupts("measure", path) { lseek(descriptor, 0, SEEK_END) }
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit { _ = Glibc.close(descriptor) }

    var extendedSize: Int { size }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(JadeError) -> Int {
        try readFully(descriptor, path, at: offset, into: buffer)
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(JadeError) { throw refusal("write", path) }
    func extendWithZeros(to length: Int) throws(JadeError) { throw refusal("lengthen", path) }
    func truncate(to size: Int) throws(JadeError) { throw refusal("shorten", path) }
    func discard(_ range: Range<Int>) throws(JadeError) { throw refusal("give back blocks of", path) }
    func sync() throws(JadeError) { throw refusal("sync", path) }
    /// The descriptor goes with the object: reads that are under way stay safe.
    func close() {}
}

private final class PrivateMappedFile: MappedFile {
    let path: String
    let length: Int
    private let memory: ReservedMemory

    init(_ path: String, _ length: Int, _ memory: ReservedMemory) {
        self.path = path
        self.length = length
        self.memory = memory
    }

    var base: UnsafeMutableRawPointer { memory.base }
    var reservedBytes: Int { length }

    func grow(to length: Int) throws(JadeError) { if length > self.length { throw refusal("lengthen", path) } }
    func shrink(to length: Int) throws(JadeError) { if length < self.length { throw refusal("shorten", path) } }
    func discard(_ range: Range<Int>) throws(JadeError) { throw refusal("give back blocks of", path) }
    /// What is stored here never reaches the file.
    func allocate(_ range: Range<Int>) {}
    func hasData(_ range: Range<Int>) -> Bool { true }
    func sync(_ range: Range<Int>) throws(JadeError) { throw refusal("sync", path) }
    func advise(_ advice: MemoryAdvice, _ range: Range<Int>) { memory.advise(advice) }
}
