package import JadeAPI
package import JadeCore

/// What a server serves, and how it is closed once the last request was answered.
package struct ServedDatabase: Sendable {
    package let service: any DatabaseService
    /// Where requests are best handled; nil leaves it to the system.
    package let executor: (any TaskExecutor)?
    package let shutdown: @Sendable () async throws(JadeError) -> Void

    package init(
        service: any DatabaseService, executor: (any TaskExecutor)? = nil,
        shutdown: @escaping @Sendable () async throws(JadeError) -> Void
    ) {
        self.service = service
        self.executor = executor
        self.shutdown = shutdown
    }
}
