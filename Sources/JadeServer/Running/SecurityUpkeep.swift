import JadeCore
import JadeSecurity
import Logging
import ServiceLifecycle

/// Once a minute: what is over of sessions, tokens and the audit log goes.
struct SecurityUpkeep: Service, CustomStringConvertible {
    let gate: AccessGate
    let settings: ServerConfiguration.Security
    let logger: Logger

    var description: String { "upkeep of accounts" }

    private static let period = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do throws(JadeError) {
                    try await gate.performUpkeep(
                        auditMilliseconds: Int64(settings.auditDays) * 86_400_000, auditBytes: settings.auditBytes)
                } catch {
                    logger.error("expired sessions and audit entries stay for now", metadata: ["reason": "\(error.message)"])
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }
}
