import Glibc
import JadeCore
import Synchronization

/// Bytes in a page of this machine.
package let systemPageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))

/// What all reservations of the process take together.
private let reservedBytesInProcess = Atomic(0)

/// Huge pages need addresses at multiples of this.
private let hugePageBytes = 2 << 20

extension Int {
    /// The next multiple of `unit`, a power of two.
    package func roundedUp(to unit: Int) -> Int { (self + unit - 1) & ~(unit - 1) }
    package func roundedDown(to unit: Int) -> Int { self & ~(unit - 1) }
}

/// A range of addresses that belongs to its owner alone: nothing can be read or written until something is mapped over
/// it, and it costs no memory until then. Given back with everything mapped over it when the object dies.
final class AddressReservation: Sendable {
    /// A multiple of 2 MiB. Safe to share: the range stays this object's until `deinit`, and nobody stores another base.
    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    /// A multiple of the page size.
    let byteCount: Int
    nonisolated(unsafe) private let whole: UnsafeMutableRawPointer
    private let wholeBytes: Int

    /// Reserves `bytes`, or fewer, down to `minimum`, so that everything else in the process keeps room: the more is
    /// reserved already, the less a single file gets.
    init(_ bytes: Int, minimum: Int, for path: String) throws(JadeError) {
        guard bytes > 0, bytes <= Limits.maximumReservedFileBytes else {
            throw .tooLarge("\"\(path)\" would reserve \(bytes) bytes, the limit is \(Limits.maximumReservedFileBytes)")
        }
        let left = Limits.sharedReservedBytes - reservedBytesInProcess.load(ordering: .relaxed)
        byteCount = min(bytes, max(minimum, left / Limits.reservationShare)).roundedUp(to: systemPageBytes)
        wholeBytes = byteCount + hugePageBytes
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        guard let start = mmap(nil, wholeBytes, PROT_NONE, flags, -1, 0), start != MAP_FAILED else {
            throw systemError("reserve \(byteCount) bytes of address space for", path, errno)
        }
        whole = start
        base = UnsafeMutableRawPointer(bitPattern: Int(bitPattern: start).roundedUp(to: hugePageBytes))!
        reservedBytesInProcess.add(wholeBytes, ordering: .relaxed)
    }

    deinit {
        munmap(whole, wholeBytes)
        reservedBytesInProcess.subtract(wholeBytes, ordering: .relaxed)
    }

    /// Maps `range` of a file over the same range of the reservation; bounds are page multiples.
    func map(
        _ descriptor: Int32, _ path: String, _ range: Range<Int>, shared: Bool
    ) throws(JadeError) {
        precondition(range.lowerBound % systemPageBytes == 0 && range.upperBound <= byteCount)
        if range.isEmpty { return }
        let flags = (shared ? MAP_SHARED : MAP_PRIVATE) | MAP_FIXED
        let address = mmap(base + range.lowerBound, range.count, PROT_READ | PROT_WRITE, flags, descriptor, range.lowerBound)
        guard address != MAP_FAILED else { throw systemError("map", path, errno) }
    }

    /// Takes the range out of use again.
    func unmap(_ range: Range<Int>, _ path: String) throws(JadeError) {
        precondition(range.lowerBound % systemPageBytes == 0 && range.upperBound <= byteCount)
        if range.isEmpty { return }
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED
        guard mmap(base + range.lowerBound, range.count, PROT_NONE, flags, -1, 0) != MAP_FAILED else {
            throw systemError("unmap", path, errno)
        }
    }

    func advise(_ advice: MemoryAdvice, _ range: Range<Int>) {
        let lower = range.lowerBound.roundedDown(to: systemPageBytes)
        let code = switch advice {
        case .normal: MADV_NORMAL
        case .random: MADV_RANDOM
        case .sequential: MADV_SEQUENTIAL
        case .willNeed: MADV_WILLNEED
        case .hugePages: MADV_HUGEPAGE
        }
        if lower < range.upperBound { _ = madvise(base + lower, range.upperBound - lower, Int32(code)) }
    }
}
