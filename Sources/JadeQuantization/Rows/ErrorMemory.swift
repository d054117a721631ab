package import JadeCore
internal import Synchronization

/// The first error of several threads.
package final class ErrorMemory: Sendable {
    private let error = Mutex<JadeError?>(nil)

    package init() {}

    package var first: JadeError? { error.withLock { $0 } }

    /// Runs `body`, unless something has failed already.
    package func catching(_ body: () throws(JadeError) -> Void) {
        guard first == nil else { return }
        do throws(JadeError) { try body() } catch { self.error.withLock { $0 = $0 ?? error } }
    }
}
