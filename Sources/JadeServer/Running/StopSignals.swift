import Logging
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// SIGTERM and SIGINT: the first one stops the server once the requests under way are answered, the second at once. What
/// was acknowledged is in the log either way.
struct StopSignals {
    private let signals: UnixSignalsSequence

    /// From here on signals do not end the process by themselves.
    init() async { signals = await UnixSignalsSequence(trapping: .sigterm, .sigint) }

    /// Waits for signals until the task is cancelled.
    ///
    /// - Parameter stop: Begins the graceful stop and returns soon.
    func watch(logger: Logger, stop: @Sendable () async -> Void) async {
        var isStopping = false
        for await signal in signals {
            if isStopping {
                logger.warning("stopped at once", metadata: ["signal": "\(signal)"])
                // As a shell reports a process that a signal ended: 128 and the signal's number.
                _exit(128 + signal.rawValue)
            }
            isStopping = true
            logger.info("stopping; once more stops at once", metadata: ["signal": "\(signal)"])
            await stop()
        }
    }
}
