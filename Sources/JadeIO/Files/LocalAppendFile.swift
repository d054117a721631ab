import Glibc
import JadeCore
import Synchronization

/// The real ``AppendFile``.
final class LocalAppendFile: AppendFile {
    private struct State {
        /// -1 once closed.
        var descriptor: Int32
        var size: Int
        /// At least `size`: zeros follow it up to here.
        var extendedSize: Int
    }

    private static let zeros = [UInt8](repeating: 0, count: 64 << 10)

    let path: String
    private let state: Mutex<State>

    init(_ path: String, create: Bool) throws(JadeError) {
        let flags = O_RDWR | O_CLOEXEC | (create ? O_CREAT : 0)
        let descriptor = Int32(try retryingInterrupts("open", path) { Int(open(path, flags, 0o640)) })
        do throws(JadeError) {
            let size = try retryingInterrupts("measure", path) { lseek(descriptor, 0, SEEK_END) }
            self.path = path
            self.state = Mutex(State(descriptor: descriptor, size: size, extendedSize: size))
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    deinit { close() }

    var size: Int { state.withLock { $0.size } }

    func write(_ bytes: UnsafeRawBufferPointer) throws(JadeError) {
        try withDescriptor("write") { (state) throws(JadeError) in
            let (descriptor, start) = (state.descriptor, state.size)
            try writeFully(bytes, path: path) { rest, written in
                pwrite(descriptor, rest.baseAddress, rest.count, start + written)
            }
            state.size = start + bytes.count
            state.extendedSize = max(state.extendedSize, state.size)
        }
    }

    var extendedSize: Int { state.withLock { $0.extendedSize } }

    func extendWithZeros(to length: Int) throws(JadeError) {
        try withDescriptor("extend") { (state) throws(JadeError) in
            while state.extendedSize < length {
                let (descriptor, start) = (state.descriptor, state.extendedSize)
                let count = min(length - start, Self.zeros.count)
                try Self.zeros[..<count].withUnsafeBufferPointer { (zeros) throws(JadeError) in
                    try writeFully(UnsafeRawBufferPointer(zeros), path: path) { rest, written in
                        pwrite(descriptor, rest.baseAddress, rest.count, start + written)
                    }
                }
                state.extendedSize = start + count
            }
        }
    }

    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(JadeError) -> Int {
        guard offset >= 0 else { throw .internal("read of \"\(path)\" at offset \(offset)") }
        return try withDescriptor("read") { (state) throws(JadeError) in
            try readFully(state.descriptor, path, at: offset, into: buffer)
        }
    }

    func truncate(to size: Int) throws(JadeError) {
        try withDescriptor("truncate") { (state) throws(JadeError) in
            try retryingInterrupts("truncate", path) { Int(ftruncate(state.descriptor, size)) }
            state.size = size
            state.extendedSize = size
        }
    }

    func discard(_ range: Range<Int>) throws(JadeError) {
        precondition(range.lowerBound % systemPageBytes == 0 && range.upperBound % systemPageBytes == 0)
        try withDescriptor("give back blocks of") { (state) throws(JadeError) in
            precondition(range.lowerBound >= 0 && range.upperBound <= state.size, "discard outside the file")
            if range.isEmpty { return }
            // Through a mapping of the moment: `fallocate` with its flags is not in every C library's face.
            let address = mmap(nil, range.count, PROT_READ | PROT_WRITE, MAP_SHARED, state.descriptor, off_t(range.lowerBound))
            guard let address, address != MAP_FAILED else { throw systemError("map", path, errno) }
            defer { munmap(address, range.count) }
            try retryingInterrupts("give back blocks of", path) { Int(madvise(address, range.count, LocalMappedFile.remove)) }
        }
    }

    func sync() throws(JadeError) {
        // Outside the lock: a sync takes milliseconds and must not hold up appends and reads. The descriptor can't be
        // closed meanwhile, because closing while calls are under way breaks the contract of `close`.
        let descriptor = try withDescriptor("sync") { (state) throws(JadeError) in state.descriptor }
        try retryingInterrupts("sync", path) { Int(fdatasync(descriptor)) }
    }

    func close() {
        state.withLock { state in
            guard state.descriptor >= 0 else { return }
            _ = Glibc.close(state.descriptor)
            state.descriptor = -1
        }
    }

    private func withDescriptor<Value>(
        _ operation: String, _ body: (inout State) throws(JadeError) -> Value
    ) throws(JadeError) -> Value {
        let result: Result<Value, JadeError> = state.withLock { state in
            guard state.descriptor >= 0 else { return .failure(.unavailable("cannot \(operation) \"\(path)\": it is closed")) }
            do throws(JadeError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }
}

/// Reads until the buffer is full or the file ends; the number of bytes read.
func readFully(
    _ descriptor: Int32, _ path: String, at offset: Int, into buffer: UnsafeMutableRawBufferPointer
) throws(JadeError) -> Int {
    var done = 0
    while done < buffer.count {
        let count = try retryingInterrupts("read", path) {
            pread(descriptor, buffer.baseAddress! + done, buffer.count - done, offset + done)
        }
        if count == 0 { break }
        done += count
    }
    return done
}
