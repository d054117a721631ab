import Glibc
package import JadeCore
import Synchronization

/// Memory that grows in place: a reserved address range whose beginning is committed in steps, so that its base never
/// moves and readers keep their pointers while a writer extends it.
///
/// It starts empty, or as a private copy of a file: pages are read from the file when touched and copied when changed;
/// the file itself never changes. Bytes that were never written are zero. ``commit(upTo:)`` may be called by several
/// threads; what is stored in the memory is the owner's to order.
package final class ReservedMemory: Sendable {
    private let name: String
    private let usesHugePages: Bool
    private let reservation: AddressReservation
    private let committed: Mutex<Int>

    /// Reserves `bytes` of addresses, fewer when the process has reserved much already, none of them usable yet. `usesHugePages` asks for 2 MiB pages on what is
    /// committed, which spares random readers most of their address look-ups.
    package init(reserve bytes: Int, usesHugePages: Bool = false) throws(JadeError) {
        name = "memory"
        self.usesHugePages = usesHugePages
        reservation = try AddressReservation(
            min(bytes, Limits.maximumReservedFileBytes), minimum: min(bytes, Limits.minimumReservedMemoryBytes), for: name)
        committed = Mutex(0)
    }

    private init(file path: String, length: Int, reserve: Int) throws(JadeError) {
        let descriptor = Int32(try retryingInterrupts("open", path) { Int(open(path, O_RDONLY | O_CLOEXEC)) })
        defer { _ = close(descriptor) }
        let size = try retryingInterrupts("measure", path) { lseek(descriptor, 0, SEEK_END) }
        guard length <= size else {
            throw .corrupted(file: path, offset: size, expected: "a file of \(length) bytes", found: "its end")
        }
        name = path
        usesHugePages = false
        reservation = try AddressReservation(
            max(reserve, length, systemPageBytes), minimum: max(2 * length, Limits.minimumReservedMemoryBytes), for: path)
        let mapped = length.roundedUp(to: systemPageBytes)
        try reservation.map(descriptor, path, 0..<mapped, shared: false)
        // The page that `length` ends in may hold more of the file; bytes behind `length` are promised to be zero.
        let tail = min(size, mapped) - length
        if tail > 0 { (reservation.base + length).initializeMemory(as: UInt8.self, repeating: 0, count: tail) }
        committed = Mutex(mapped)
    }

    /// The first `length` bytes of the file at `path`, copied on write, with room for `reserve` bytes in all. The file
    /// must not be shortened while the memory lives.
    package static func mappingFile(path: String, length: Int, reserve: Int) throws(JadeError) -> ReservedMemory {
        try ReservedMemory(file: path, length: length, reserve: reserve)
    }

    package var base: UnsafeMutableRawPointer { reservation.base }
    package var reservedBytes: Int { reservation.byteCount }
    /// Bytes from ``base`` that may be used now.
    package var committedBytes: Int { committed.withLock { $0 } }

    /// Makes the first `bytes` usable; what is committed already stays as it is. Costs a system call only when it grows,
    /// so ask for generous steps. `resourceExhausted` beyond the reservation or when the system has no memory.
    package func commit(upTo bytes: Int) throws(JadeError) {
        guard bytes <= reservedBytes else {
            throw .resourceExhausted("\(name) cannot grow to \(bytes) bytes, \(reservedBytes) bytes are reserved for it")
        }
        let failure: Int32 = committed.withLock { committed in
            let end = bytes.roundedUp(to: systemPageBytes)
            if end <= committed { return 0 }
            guard mprotect(base + committed, end - committed, PROT_READ | PROT_WRITE) == 0 else { return errno }
            if usesHugePages { reservation.advise(.hugePages, committed..<end) }
            committed = end
            return 0
        }
        if failure != 0 { throw systemError("commit \(bytes) bytes of", name, failure) }
    }

    package func advise(_ advice: MemoryAdvice) {
        reservation.advise(advice, 0..<committedBytes)
    }
}
