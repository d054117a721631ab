package import JadeAPI
package import JadeCore
package import NIOCore

/// What the door needs to know besides the service it opens.
package struct GRPCSettings: Sendable {
    package var host = "127.0.0.1"
    /// 0 lets the system choose a free one.
    package var port = 0
    /// A larger message is refused.
    package var maximumMessageBytes = Limits.defaultMaximumBodyBytes
    /// All calls under way may hold this much of messages; what comes on top is refused.
    package var maximumBufferedBytes = 1 << 30
    /// Headers of one call.
    package var maximumHeaderBytes = 32 * 1024
    /// Connections at a time; one more is closed as soon as it is accepted.
    package var maximumConnections = 10_000
    /// Within this time the message of a unary call has to arrive whole, and a client has to take some of its answers.
    package var requestTimeout: TimeAmount = .seconds(60)
    /// After this time a connection without calls is closed.
    package var idleTimeout: TimeAmount = .seconds(75)

    /// Asked before bytes of a message are kept, and told when they are given back: the node's memory.
    package var takeMemory: @Sendable (Int) throws(JadeError) -> Void = { (_) throws(JadeError) in }
    package var giveMemoryBack: @Sendable (Int) -> Void = { _ in }
    /// Where calls are best handled; nil leaves it to the system.
    package var executor: (any TaskExecutor)?

    /// Makes vectors of texts; nil has none to ask.
    package var embeddings: (any EmbeddingService)?

    /// Told of each call that is over: its method, or nil for what is none; the number of its status; how long it took.
    package var observe: @Sendable (_ path: String?, _ status: Int, _ microseconds: Int) -> Void = { _, _, _ in }

    /// The name in the certificate of a connection's client; nil where nobody asks for one.
    package var certificateName: (@Sendable (any Channel) async -> String?)?

    /// Begins the names of calls: tells this process's from those of others.
    package var instance = "0"

    package init() {}
}

extension Limits {
    /// Calls of one connection at a time; the client keeps more of them back.
    package static let maximumConcurrentCalls = 256
    /// Calls of one connection whose work goes on, those among them that the client has given up: one that opens and cancels
    /// calls without end gets no further.
    package static let maximumRunningCalls = 2 * maximumConcurrentCalls
    /// Bytes of a message that needs no login.
    package static let maximumOpenMessageBytes = 64 * 1024
    /// Bytes of a message about accounts, keys and grants.
    package static let maximumAccountMessageBytes = 1 << 20
    /// Bytes of one call that may be on their way before any of them was read.
    package static let callWindowBytes = 1 << 20
    /// Bytes of one frame, and so the grain in which calls share a connection.
    package static let maximumFrameBytes = 1 << 18
    /// PING, SETTINGS and PRIORITY frames of one connection in ``frameCountSeconds``. Clients in Go send a PING with nearly every call to
    /// find out how much is on its way; 200 frames, the library's own limit, is a tenth of a second of such calls.
    package static let maximumControlFrames = 1_000_000
    /// Calls that one connection may cancel in ``frameCountSeconds``: those of a client whose deadlines are short and missed.
    package static let maximumResetFrames = 100_000
    package static let frameCountSeconds: Int64 = 30
    /// Searches of one stream that are under way at a time.
    package static let maximumStreamSearches = 32
    /// Writes of one stream that are under way at a time: one is written, one is ready, one is arriving.
    package static let maximumStreamWrites = 3
    /// Seconds without a sign of life after which a client is asked for one, and seconds that it has to give it.
    package static let keepaliveSeconds: Int64 = 60
    package static let keepaliveAnswerSeconds: Int64 = 20
}
