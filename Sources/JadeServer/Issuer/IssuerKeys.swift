import JadeCore
import JadeSecurity
import Logging
import ServiceLifecycle

/// Looks after the keys of an outside issuer: asks every second whether it is time to read them.
struct IssuerKeys: Service, CustomStringConvertible {
    let gate: AccessGate
    let logger: Logger

    var description: String { "keys of the outside issuer" }

    private static let period = Duration.seconds(1)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await Self.read(gate, logger)
                try? await Task.sleep(for: Self.period)
            }
        }
    }

    static func read(_ gate: AccessGate, _ logger: Logger) async {
        switch await gate.readIssuerKeys() {
        case .notDue, .unchanged: break
        case .changed(let keys): logger.notice("the issuer's keys were read", metadata: ["keys": "\(keys)"])
        case .failed(let error): logger.error("the issuer's keys stay as they were", metadata: ["reason": "\(error.message)"])
        }
    }
}
