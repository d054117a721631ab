import Glibc
package import JadeCore

/// Turns an `errno` value into the error that says what the caller should do, with path, operation and system text:
/// `cannot grow "/data/vectors.mmap": No space left on device (errno 28)`.
package func systemError(_ operation: String, _ path: String, _ code: Int32) -> JadeError {
    let message = "cannot \(operation) \"\(path)\": \(String(cString: strerror(code))) (errno \(code))"
    switch code {
    case ENOSPC, EDQUOT, ENOMEM, EMFILE, ENFILE, EFBIG: return .resourceExhausted(message)
    case ENOENT: return .notFound(message)
    case EEXIST, EWOULDBLOCK: return .conflict(message)
    default: return .unavailable(message)
    }
}

/// Repeats a system call while a signal interrupts it, and throws what it failed with otherwise.
@discardableResult
func retryingInterrupts(
    _ operation: String, _ path: String, _ call: () -> Int
) throws(JadeError) -> Int {
    while true {
        let result = call()
        if result >= 0 { return result }
        let code = errno
        if code != EINTR { throw systemError(operation, path, code) }
    }
}

/// Hands all of `bytes` to `write`, which may take fewer at a time, as system calls do.
///
/// `write` gets the bytes that are left and their offset in the whole, and returns how many it took or -1 with `errno`
/// set. A call that takes nothing is reported as a full disk: a loop on it would never end.
package func writeFully(
    _ bytes: UnsafeRawBufferPointer, path: String, write: (UnsafeRawBufferPointer, Int) -> Int
) throws(JadeError) {
    var written = 0
    while written < bytes.count {
        let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
        let count = try retryingInterrupts("write", path) { write(rest, written) }
        guard count > 0 else { throw systemError("write", path, ENOSPC) }
        written += count
    }
}
