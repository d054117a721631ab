#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Structures of the C library that a file with NIO's modules in sight can't use: it has them from two modules.
package enum SystemTimes {
    /// Processor time of this process so far.
    package static func processorSeconds() -> Double {
        var usage = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &usage)
        return Double(usage.tv_sec) + Double(usage.tv_nsec) / 1e9
    }

    /// From now on a read from the socket ends after so long without a byte.
    package static func limitReads(from socket: Int32, toSeconds seconds: Int) {
        var deadline = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &deadline, socklen_t(MemoryLayout<timeval>.size))
    }
}
