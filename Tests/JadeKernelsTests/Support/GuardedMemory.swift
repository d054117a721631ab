#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Hands out memory that ends exactly where an unreadable page begins: one byte too far is a crash.
final class GuardedMemory {
    private var mappings: [UnsafeMutableRawBufferPointer] = []

    /// Runs `body` with an allocator whose memory lives until `body` returns.
    static func with<Result>(_ body: (GuardedMemory) throws -> Result) rethrows -> Result {
        let memory = GuardedMemory()
        defer { for mapping in memory.mappings { munmap(mapping.baseAddress, mapping.count) } }
        return try body(memory)
    }

    func bytes(_ count: Int) -> UnsafeMutableRawBufferPointer {
        let page = Int(sysconf(Int32(_SC_PAGESIZE)))
        let readable = (count + page - 1) / page * page
        let start = mmap(nil, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
        guard let start, start != MAP_FAILED, mprotect(start + readable, page, PROT_NONE) == 0 else {
            fatalError("no guarded memory")
        }
        mappings.append(UnsafeMutableRawBufferPointer(start: start, count: readable + page))
        return UnsafeMutableRawBufferPointer(start: start + readable - count, count: count)
    }

    func copy<Number: BitwiseCopyable>(_ values: [Number]) -> UnsafeMutablePointer<Number> {
        let copy = bytes(values.count * MemoryLayout<Number>.stride)
        values.withUnsafeBytes { copy.copyMemory(from: $0) }
        return copy.baseAddress!.bindMemory(to: Number.self, capacity: values.count)
    }
}
