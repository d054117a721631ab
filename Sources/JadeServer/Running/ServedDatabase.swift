package import JadeAPI
package import JadeCore

/// What a server serves, and how it is closed once the last request was answered.
package struct ServedDatabase: Sendable {
    /// Who may come in, and to what.
    package let access: any AccessControl
    /// Where requests are best handled; nil leaves it to the system.
    package let executor: (any TaskExecutor)?
    /// Asked before bytes of a request's body are kept, and told when they are given back.
    package let takeMemory: @Sendable (Int) throws(JadeError) -> Void
    package let giveMemoryBack: @Sendable (Int) -> Void
    package let shutdown: @Sendable () async throws(JadeError) -> Void

    /// A service that is everybody's.
    package init(service: any DatabaseService, shutdown: @escaping @Sendable () async throws(JadeError) -> Void) {
        self.init(access: OpenAccess(service), shutdown: shutdown)
    }

    package init(
        access: any AccessControl, executor: (any TaskExecutor)? = nil,
        takeMemory: @escaping @Sendable (Int) throws(JadeError) -> Void = { (_) throws(JadeError) in },
        giveMemoryBack: @escaping @Sendable (Int) -> Void = { _ in },
        shutdown: @escaping @Sendable () async throws(JadeError) -> Void
    ) {
        self.access = access
        self.executor = executor
        self.takeMemory = takeMemory
        self.giveMemoryBack = giveMemoryBack
        self.shutdown = shutdown
    }
}
