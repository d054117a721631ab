package import Foundation
import Synchronization

extension Process {
    private static let starting = Mutex(())

    /// `run()`, one process at a time: Foundation has crashed where tests that run side by side started some at once.
    package func start() throws { try Self.starting.withLock { _ in try run() } }
}
