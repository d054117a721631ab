import Glibc
package import JadeCore
import Synchronization

/// What goes wrong at the chosen operation.
package enum Fault: Sendable, Hashable {
    /// The operation does nothing and fails with this `errno`.
    case error(Int32)
    /// A write leaves half of its bytes and fails with EIO; any other operation fails with EIO.
    case shortWrite
    /// A write leaves half of its bytes and fails with ENOSPC; any other operation fails with ENOSPC.
    case noSpace

    fileprivate var code: Int32 {
        switch self {
        case .error(let code): code
        case .shortWrite: EIO
        case .noSpace: ENOSPC
        }
    }
}

/// A file system for tests that counts every operation that changes something (open for creation, write, truncate,
/// grow, shrink, discard, allocate, sync, rename, link, remove, create directory, sync directory) and lets the `failAt`-th of them fail, counted
/// from 1. A test repeats its story with 1, 2, 3 … until ``hasFailed`` stays false.
package final class FaultyFileSystem: FileSystem {
    private let inner: any FileSystem
    private let plan: FaultPlan

    /// With `keepsFailing` every later operation fails too, as on a disk that has died.
    package init(wrapping inner: any FileSystem, failAt: Int, kind: Fault, keepsFailing: Bool = false) {
        self.inner = inner
        plan = FaultPlan(failAt: failAt, kind: kind, keepsFailing: keepsFailing)
    }

    /// Operations so far.
    package var operations: Int { plan.operations }
    package var hasFailed: Bool { plan.operations >= plan.failAt }
    /// The first operation that failed and its path, for reports.
    package var failedOperation: String? { plan.failedOperation }
    /// Whether the next operation is the one to fail.
    package var failsNext: Bool { plan.operations == plan.failAt - 1 }

    package func openAppendFile(_ path: String, create: Bool) throws(JadeError) -> any AppendFile {
        if create { try plan.pass("open", path) }
        return FaultyAppendFile(try inner.openAppendFile(path, create: create), plan)
    }

    package func createMappedFile(_ path: String, length: Int, reserving: Int) throws(JadeError) -> any MappedFile {
        try plan.pass("create", path)
        return FaultyMappedFile(try inner.createMappedFile(path, length: length, reserving: reserving), plan)
    }

    package func openMappedFile(_ path: String, reserving: Int) throws(JadeError) -> any MappedFile {
        FaultyMappedFile(try inner.openMappedFile(path, reserving: reserving), plan)
    }

    package func readFile(_ path: String, limit: Int) throws(JadeError) -> [UInt8] { try inner.readFile(path, limit: limit) }
    package func fileSize(_ path: String) throws(JadeError) -> Int? { try inner.fileSize(path) }
    package func allocatedBytes(of path: String) throws(JadeError) -> Int? { try inner.allocatedBytes(of: path) }
    package func list(_ directory: String) throws(JadeError) -> [String] { try inner.list(directory) }
    package func freeSpace(at path: String) throws(JadeError) -> Int { try inner.freeSpace(at: path) }
    package func lock(_ path: String) throws(JadeError) -> FileLock { try inner.lock(path) }

    package func rename(_ path: String, to newPath: String) throws(JadeError) {
        try plan.pass("rename", path)
        try inner.rename(path, to: newPath)
    }

    package func link(_ path: String, to newPath: String) throws(JadeError) {
        try plan.pass("link", path)
        try inner.link(path, to: newPath)
    }

    package func remove(_ path: String) throws(JadeError) {
        try plan.pass("remove", path)
        try inner.remove(path)
    }

    package func createDirectory(_ path: String) throws(JadeError) {
        try plan.pass("create directory", path)
        try inner.createDirectory(path)
    }

    package func removeDirectory(_ path: String) throws(JadeError) {
        try plan.pass("remove directory", path)
        try inner.removeDirectory(path)
    }

    package func isDirectory(_ path: String) throws(JadeError) -> Bool { try inner.isDirectory(path) }

    package func syncDirectory(_ path: String) throws(JadeError) {
        try plan.pass("sync directory", path)
        try inner.syncDirectory(path)
    }
}

/// Counts operations and decides which one fails.
final class FaultPlan: Sendable {
    let failAt: Int
    let kind: Fault
    private let keepsFailing: Bool
    private let count = Atomic(0)
    private let failed = Mutex<String?>(nil)

    init(failAt: Int, kind: Fault, keepsFailing: Bool) {
        self.failAt = failAt
        self.kind = kind
        self.keepsFailing = keepsFailing
    }

    var failedOperation: String? { failed.withLock { $0 } }
    var operations: Int { count.load(ordering: .acquiring) }

    /// Counts one operation; true when it has to fail.
    func fails() -> Bool {
        let number = count.wrappingAdd(1, ordering: .acquiringAndReleasing).newValue
        return keepsFailing ? number >= failAt : number == failAt
    }

    func error(_ operation: String, _ path: String) -> JadeError {
        failed.withLock { if $0 == nil { $0 = "\(operation) \(path)" } }
        return systemError(operation, path, kind.code)
    }

    func pass(_ operation: String, _ path: String) throws(JadeError) {
        if fails() { throw error(operation, path) }
    }
}

private final class FaultyAppendFile: AppendFile {
    private let inner: any AppendFile
    private let plan: FaultPlan

    init(_ inner: any AppendFile, _ plan: FaultPlan) {
        self.inner = inner
        self.plan = plan
    }

    var path: String { inner.path }
    var size: Int { inner.size }

    func write(_ bytes: UnsafeRawBufferPointer) throws(JadeError) {
        if plan.fails() {
            if case .error = plan.kind {} else { try inner.write(UnsafeRawBufferPointer(rebasing: bytes[..<(bytes.count / 2)])) }
            throw plan.error("write", path)
        }
        try inner.write(bytes)
    }

    var extendedSize: Int { inner.extendedSize }

    func extendWithZeros(to length: Int) throws(JadeError) {
        try plan.pass("extend", path)
        try inner.extendWithZeros(to: length)
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(JadeError) -> Int {
        try inner.read(at: offset, into: buffer)
    }

    func truncate(to size: Int) throws(JadeError) {
        try plan.pass("truncate", path)
        try inner.truncate(to: size)
    }

    func discard(_ range: Range<Int>) throws(JadeError) {
        try plan.pass("discard", path)
        try inner.discard(range)
    }

    func sync() throws(JadeError) {
        try plan.pass("sync", path)
        try inner.sync()
    }

    func close() { inner.close() }
}

private final class FaultyMappedFile: MappedFile {
    private let inner: any MappedFile
    private let plan: FaultPlan

    init(_ inner: any MappedFile, _ plan: FaultPlan) {
        self.inner = inner
        self.plan = plan
    }

    var path: String { inner.path }
    var base: UnsafeMutableRawPointer { inner.base }
    var length: Int { inner.length }
    var reservedBytes: Int { inner.reservedBytes }

    func grow(to length: Int) throws(JadeError) {
        if length > inner.length { try plan.pass("grow", path) }
        try inner.grow(to: length)
    }

    func shrink(to length: Int) throws(JadeError) {
        if length < inner.length { try plan.pass("shrink", path) }
        try inner.shrink(to: length)
    }

    func discard(_ range: Range<Int>) throws(JadeError) {
        try plan.pass("discard", path)
        try inner.discard(range)
    }

    func allocate(_ range: Range<Int>) throws(JadeError) {
        try plan.pass("allocate", path)
        try inner.allocate(range)
    }

    func hasData(_ range: Range<Int>) throws(JadeError) -> Bool { try inner.hasData(range) }

    func sync(_ range: Range<Int>) throws(JadeError) {
        try plan.pass("sync", path)
        try inner.sync(range)
    }

    func advise(_ advice: MemoryAdvice, _ range: Range<Int>) { inner.advise(advice, range) }
}
