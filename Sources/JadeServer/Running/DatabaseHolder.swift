import JadeCore
import Logging
import ServiceLifecycle
import Synchronization

/// Holds the database open until the server stops, and then closes it. The doors stand behind it in the group, so they are
/// closed before it.
final class DatabaseHolder: Service, CustomStringConvertible {
    private let database: ServedDatabase
    private let logger: Logger
    /// Why closing failed, once it did.
    private let failed = Mutex<JadeError?>(nil)

    var failure: JadeError? { failed.withLock { $0 } }
    var description: String { "database" }

    init(_ database: ServedDatabase, logger: Logger) {
        self.database = database
        self.logger = logger
    }

    func run() async throws {
        // Both a graceful stop and a cancellation end the waiting, and either way the database is closed properly.
        try? await gracefulShutdown()
        let database = database
        let closing = Task { try await database.shutdown() }
        do {
            try await closing.value
            logger.info("database closed")
        } catch {
            logger.error("database was not closed cleanly", metadata: ["reason": "\(error)"])
            failed.withLock { $0 = error as? JadeError ?? .internal("\(error)") }
        }
    }
}
