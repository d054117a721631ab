#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Tells a file from the one that was there before under the same name.
package struct FileStamp: Sendable, Equatable {
    private let device, inode: UInt64
    private let size: Int
    private let seconds, nanoseconds: Int

    /// Of a file that cannot be looked at: unlike that of every file there is.
    package init(path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            (device, inode, size, seconds, nanoseconds) = (0, 0, -1, 0, 0)
            return
        }
        (device, inode, size) = (UInt64(status.st_dev), UInt64(status.st_ino), Int(status.st_size))
        (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    }
}
