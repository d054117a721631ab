import Glibc
package import JadeCore

/// An advisory lock on a file (`flock`), held as long as the object lives: it keeps a second process, or a second opener
/// in this one, out of a shard's folder.
package final class FileLock: Sendable {
    package let path: String
    private let descriptor: Int32

    package init(_ path: String) throws(JadeError) {
        let descriptor = Int32(try retryingInterrupts("open lock", path) { Int(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o640)) })
        // Closed here and not by `deinit` too, which runs for an object that has all it holds: the number may be another file's
        // by then.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            _ = Glibc.close(descriptor)
            if code == EWOULDBLOCK { throw .conflict("\"\(path)\" is locked: another process or database has it open") }
            throw systemError("lock", path, code)
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Unlocked by name: a process that is being started by another thread shares the open file until it has become
        // itself, and closing our descriptor alone would leave the lock to it for that moment.
        _ = flock(descriptor, LOCK_UN)
        _ = Glibc.close(descriptor)
    }
}
