import JadeCore
import JadeIO

/// The machine's files, with a recorder that hears of every change.
struct RecordingFileSystem: FileSystem {
    private let inner = LocalFileSystem()
    let recorder: DiskRecorder

    func openAppendFile(_ path: String, create: Bool) throws(JadeError) -> any AppendFile {
        let file = try inner.openAppendFile(path, create: create)
        guard let number = recorder.opened(path) else { return file }
        return RecordingAppendFile(file, number, recorder)
    }

    func createMappedFile(_ path: String, length: Int, reserving: Int) throws(JadeError) -> any MappedFile {
        let file = try inner.createMappedFile(path, length: 0, reserving: max(length, reserving))
        let mapped = recorded(file)
        try mapped.grow(to: length)
        return mapped
    }

    func openMappedFile(_ path: String, reserving: Int) throws(JadeError) -> any MappedFile {
        recorded(try inner.openMappedFile(path, reserving: reserving))
    }

    private func recorded(_ file: any MappedFile) -> any MappedFile {
        guard let number = recorder.opened(file.path) else { return file }
        return RecordingMappedFile(MappedShadow(number, file), recorder)
    }

    func readFile(_ path: String, limit: Int) throws(JadeError) -> [UInt8] { try inner.readFile(path, limit: limit) }
    func fileSize(_ path: String) throws(JadeError) -> Int? { try inner.fileSize(path) }
    func list(_ directory: String) throws(JadeError) -> [String] { try inner.list(directory) }
    func isDirectory(_ path: String) throws(JadeError) -> Bool { try inner.isDirectory(path) }
    func freeSpace(at path: String) throws(JadeError) -> Int { try inner.freeSpace(at: path) }
    /// A lock file has no content to lose.
    func lock(_ path: String) throws(JadeError) -> FileLock { try inner.lock(path) }

    func rename(_ path: String, to newPath: String) throws(JadeError) {
        try inner.rename(path, to: newPath)
        recorder.renamed(path, to: newPath)
    }

    func remove(_ path: String) throws(JadeError) {
        try inner.remove(path)
        recorder.removed(path)
    }

    func createDirectory(_ path: String) throws(JadeError) {
        if try !inner.isDirectory(parentDirectory(of: path)) { try createDirectory(parentDirectory(of: path)) }
        try inner.createDirectory(path)
        recorder.madeFolder(path)
    }

    func removeDirectory(_ path: String) throws(JadeError) {
        // A lock that is not recorded may be in it.
        try inner.removeDirectory(path)
        recorder.removed(path)
    }

    func syncDirectory(_ path: String) throws(JadeError) {
        try inner.syncDirectory(path)
        recorder.syncedFolder(path)
    }
}

private final class RecordingAppendFile: AppendFile {
    private let inner: any AppendFile
    private let number: Int
    private let recorder: DiskRecorder

    init(_ inner: any AppendFile, _ number: Int, _ recorder: DiskRecorder) {
        self.inner = inner
        self.number = number
        self.recorder = recorder
    }

    var path: String { inner.path }
    var size: Int { inner.size }
    var extendedSize: Int { inner.extendedSize }

    func write(_ bytes: UnsafeRawBufferPointer) throws(JadeError) {
        let offset = inner.size
        try inner.write(bytes)
        recorder.wrote(number, offset, bytes)
    }

    func extendWithZeros(to length: Int) throws(JadeError) {
        let before = inner.extendedSize
        try inner.extendWithZeros(to: length)
        // A byte that was never written reads as zero all the same: of such a write only the size can be lost.
        if inner.extendedSize > before { recorder.resized(number, inner.extendedSize) }
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(JadeError) -> Int {
        try inner.read(at: offset, into: buffer)
    }

    func truncate(to size: Int) throws(JadeError) {
        try inner.truncate(to: size)
        recorder.resized(number, size)
    }

    /// Zeros, as far as anybody can see.
    func discard(_ range: Range<Int>) throws(JadeError) {
        try inner.discard(range)
        [UInt8](repeating: 0, count: range.count).withUnsafeBytes { recorder.wrote(number, range.lowerBound, $0) }
    }

    func sync() throws(JadeError) {
        try recorder.syncing(number) { () throws(JadeError) in try inner.sync() }
    }

    func close() { inner.close() }
}

private final class RecordingMappedFile: MappedFile {
    private let shadow: MappedShadow
    private let recorder: DiskRecorder

    init(_ shadow: MappedShadow, _ recorder: DiskRecorder) {
        self.shadow = shadow
        self.recorder = recorder
        recorder.attach(shadow)
    }

    deinit { recorder.detach(shadow) }

    private var inner: any MappedFile { shadow.file }
    var path: String { inner.path }
    var base: UnsafeMutableRawPointer { inner.base }
    var length: Int { inner.length }
    var reservedBytes: Int { inner.reservedBytes }

    func grow(to length: Int) throws(JadeError) {
        guard length > inner.length else { return }
        try inner.grow(to: length)
        recorder.resized(shadow.number, length)
    }

    func shrink(to length: Int) throws(JadeError) {
        guard length < inner.length else { return }
        try inner.shrink(to: length)
        recorder.resized(shadow.number, length)
    }

    /// Zeros, as far as anybody can see: the recorder finds them like any other change.
    func discard(_ range: Range<Int>) throws(JadeError) { try inner.discard(range) }
    func allocate(_ range: Range<Int>) throws(JadeError) { try inner.allocate(range) }
    func hasData(_ range: Range<Int>) throws(JadeError) -> Bool { try inner.hasData(range) }

    func sync(_ range: Range<Int>) throws(JadeError) {
        if range.isEmpty { return }
        let pages = range.lowerBound.roundedDown(to: systemPageBytes)..<range.upperBound.roundedUp(to: systemPageBytes)
        try recorder.syncing(shadow.number, pages) { () throws(JadeError) in try inner.sync(range) }
    }

    func advise(_ advice: MemoryAdvice, _ range: Range<Int>) { inner.advise(advice, range) }
}
