package import JadeAPI
package import JadeCore
package import NIOCore

/// What a door needs to know besides the service it opens.
package struct RESTSettings: Sendable {
    /// A larger body is refused with 413.
    package var maximumBodyBytes = Limits.defaultMaximumBodyBytes
    /// All requests under way may hold this much of bodies; one that comes on top is refused with 429.
    package var maximumBufferedBytes = 1 << 30
    /// A larger head is refused with 431.
    package var maximumHeaderBytes = 32 * 1024
    /// Within this time a request has to arrive whole, and a client has to take some of its answer.
    package var requestTimeout: TimeAmount = .seconds(60)
    /// After this time a connection without a request is closed.
    package var idleTimeout: TimeAmount = .seconds(75)

    /// Asked before bytes of a body are kept, and told when they are given back: the node's memory.
    package var takeMemory: @Sendable (Int) throws(JadeError) -> Void = { (_) throws(JadeError) in }
    package var giveMemoryBack: @Sendable (Int) -> Void = { _ in }

    /// Makes vectors of texts; nil has none to ask.
    package var embeddings: (any EmbeddingService)?

    /// What else there is to measure, as Prometheus reads it: the other doors.
    package var otherMetrics: @Sendable () -> [String] = { [] }

    /// The name in the certificate that a connection's client has shown, once TLS has verified it; nil where none is asked for.
    package var certificateName: (@Sendable (any Channel) async -> String?)?

    /// Whether TLS stands before the door: browsers are told to come by it alone.
    package var isEncrypted = false

    /// Begins the names of requests: tells this process's from those of others.
    package var instance = "0"

    package init() {}
}

extension Limits {
    /// Fields of one request head.
    package static let maximumHeaderFields = 100
}
