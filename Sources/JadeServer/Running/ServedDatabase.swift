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
    /// Makes vectors of texts for the doors; nil has none to ask.
    package let embeddings: (any EmbeddingService)?
    package let shutdown: @Sendable () async throws(JadeError) -> Void

    /// A service that is everybody's.
    package init(
        service: any DatabaseService, embeddings: (any EmbeddingService)? = nil, shutdown: @escaping @Sendable () async throws(JadeError) -> Void
    ) {
        self.init(access: OpenAccess(service), embeddings: embeddings, shutdown: shutdown)
    }

    package init(
        access: any AccessControl, executor: (any TaskExecutor)? = nil,
        takeMemory: @escaping @Sendable (Int) throws(JadeError) -> Void = { (_) throws(JadeError) in },
        giveMemoryBack: @escaping @Sendable (Int) -> Void = { _ in }, embeddings: (any EmbeddingService)? = nil,
        shutdown: @escaping @Sendable () async throws(JadeError) -> Void
    ) {
        self.access = access
        self.executor = executor
        self.takeMemory = takeMemory
        self.giveMemoryBack = giveMemoryBack
        self.embeddings = embeddings
        self.shutdown = shutdown
    }
}
