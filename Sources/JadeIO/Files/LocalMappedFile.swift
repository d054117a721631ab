import Glibc
import JadeCore
import Synchronization

/// The real ``MappedFile``.
final class LocalMappedFile: MappedFile {
    let path: String
    private let descriptor: Int32
    private let reservation: AddressReservation
    /// Written by the one writer, read by anyone.
    private let currentLength: Atomic<Int>

    /// Opens the file, or creates it with `newLength` zero bytes.
    init(_ path: String, newLength: Int?, reserving: Int) throws(JadeError) {
        let flags = O_RDWR | O_CLOEXEC | (newLength == nil ? 0 : O_CREAT | O_EXCL)
        let descriptor = Int32(try retryingInterrupts("open", path) { Int(open(path, flags, 0o640)) })
        do throws(JadeError) {
            let length = try retryingInterrupts("measure", path) { lseek(descriptor, 0, SEEK_END) }
            let wanted = max(reserving, length, newLength ?? 0, systemPageBytes)
            let needed = max(2 * max(length, newLength ?? 0), Limits.minimumReservedFileBytes)
            let reservation = try AddressReservation(wanted, minimum: needed, for: path)
            try reservation.map(descriptor, path, 0..<length.roundedUp(to: systemPageBytes), shared: true)
            (self.path, self.descriptor, self.reservation) = (path, descriptor, reservation)
            self.currentLength = Atomic(length)
        } catch {
            _ = close(descriptor)
            throw error
        }
        if let newLength { try grow(to: newLength) }
    }

    deinit { _ = close(descriptor) }

    var base: UnsafeMutableRawPointer { reservation.base }
    var length: Int { currentLength.load(ordering: .acquiring) }
    var reservedBytes: Int { reservation.byteCount }

    func grow(to newLength: Int) throws(JadeError) {
        let old = length
        if newLength <= old { return }
        guard newLength <= reservedBytes else {
            throw .resourceExhausted("\"\(path)\" cannot grow to \(newLength) bytes, \(reservedBytes) bytes are reserved for it")
        }
        var code: Int32
        repeat { code = posix_fallocate(descriptor, old, newLength - old) } while code == EINTR
        guard code == 0 else {
            // Gives back what a failed call may have taken; if that fails too, the surplus is zeros that nobody reads.
            _ = ftruncate(descriptor, old)
            throw systemError("grow to \(newLength) bytes", path, code)
        }
        let mapped = old.roundedUp(to: systemPageBytes)
        try reservation.map(descriptor, path, mapped..<max(mapped, newLength.roundedUp(to: systemPageBytes)), shared: true)
        currentLength.store(newLength, ordering: .releasing)
    }

    func shrink(to newLength: Int) throws(JadeError) {
        let old = length
        if newLength >= old { return }
        let page = systemPageBytes
        // Published first: a length that is too small harms nobody.
        currentLength.store(newLength, ordering: .releasing)
        try reservation.unmap(newLength.roundedUp(to: page)..<old.roundedUp(to: page), path)
        try retryingInterrupts("shrink", path) { Int(ftruncate(descriptor, newLength)) }
    }

    func discard(_ range: Range<Int>) throws(JadeError) {
        precondition(range.lowerBound % systemPageBytes == 0 && range.upperBound % systemPageBytes == 0)
        precondition(range.lowerBound >= 0 && range.upperBound <= length, "discard outside the file")
        if range.isEmpty { return }
        try retryingInterrupts("give back blocks of", path) { Int(madvise(base + range.lowerBound, range.count, Self.remove)) }
    }

    func allocate(_ range: Range<Int>) throws(JadeError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= length, "allocation outside the file")
        if range.isEmpty { return }
        var code: Int32
        repeat { code = posix_fallocate(descriptor, range.lowerBound, range.count) } while code == EINTR
        if code != 0 { throw systemError("take blocks for", path, code) }
    }

    func hasData(_ range: Range<Int>) throws(JadeError) -> Bool {
        let found = lseek(descriptor, off_t(range.lowerBound), Self.seekData)
        if found >= 0 { return found < range.upperBound }
        // Nothing but holes follows; a file system that cannot tell has data everywhere.
        return errno != ENXIO
    }

    /// `MADV_REMOVE`, which punches a hole into the file below a mapping, and `SEEK_DATA`: neither is in every C library's face.
    static let remove: Int32 = 9
    private static let seekData: Int32 = 3

    func sync(_ range: Range<Int>) throws(JadeError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= length, "sync outside the file")
        if range.isEmpty { return }
        let lower = range.lowerBound.roundedDown(to: systemPageBytes)
        try retryingInterrupts("sync", path) { Int(msync(base + lower, range.upperBound - lower, MS_SYNC)) }
    }

    func advise(_ advice: MemoryAdvice, _ range: Range<Int>) {
        reservation.advise(advice, range.clamped(to: 0..<length))
    }
}
