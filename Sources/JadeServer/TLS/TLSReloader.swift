import JadeCore
import Logging
import ServiceLifecycle
import UnixSignals

/// Looks after the files of TLS: every few seconds, and at once on SIGHUP.
struct TLSReloader: Service, CustomStringConvertible {
    let contexts: TLSContexts
    let logger: Logger

    var description: String { "certificates" }

    private static let period = Duration.seconds(5)

    func run() async throws {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sighup) { reload(evenIfUnchanged: true) }
            }
            group.addTask {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.period)
                    reload(evenIfUnchanged: false)
                }
            }
            try? await gracefulShutdown()
            group.cancelAll()
        }
    }

    private func reload(evenIfUnchanged: Bool) {
        do throws(JadeError) {
            if try contexts.reload(evenIfUnchanged: evenIfUnchanged) { logger.notice("certificates were read again") }
        } catch {
            logger.error("certificates stay as they were", metadata: ["reason": "\(error.message)"])
        }
    }
}
