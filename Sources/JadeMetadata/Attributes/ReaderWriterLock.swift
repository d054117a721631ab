#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Many readers or one writer; a waiting writer goes before readers that come later, where the system can promise that.
///
/// `@unchecked Sendable`: the lock's memory is allocated once, never moves, and is touched by the system's calls alone.
final class ReaderWriterLock: @unchecked Sendable {
    private let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)

    init() {
        #if canImport(Glibc)
        var attributes = pthread_rwlockattr_t()
        pthread_rwlockattr_init(&attributes)
        pthread_rwlockattr_setkind_np(&attributes, Int32(PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP))
        let code = pthread_rwlock_init(lock, &attributes)
        pthread_rwlockattr_destroy(&attributes)
        #else
        let code = pthread_rwlock_init(lock, nil)
        #endif
        precondition(code == 0, "pthread_rwlock_init failed with \(code)")
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    /// Runs the body beside other readers. Must not be nested.
    func reading<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        let code = pthread_rwlock_rdlock(lock)
        precondition(code == 0, "pthread_rwlock_rdlock failed with \(code)")
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }

    /// Runs the body alone. Must not be nested.
    func writing<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
        let code = pthread_rwlock_wrlock(lock)
        precondition(code == 0, "pthread_rwlock_wrlock failed with \(code)")
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }
}
