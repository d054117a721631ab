internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import NIOHTTP2
internal import NIOPosix
internal import Synchronization

/// The one connection of a client: made when it is needed, and made anew once it is gone.
final class Connection: Sendable {
    struct Ready: Sendable {
        let channel: any Channel
        let streams: NIOHTTP2Handler.StreamMultiplexer
    }

    private struct State {
        var current: EventLoopFuture<Ready>?
        /// Tells connections apart, so that the end of an old one does not take a new one away.
        var generation = 0
        var isClosed = false
    }

    private let host: String
    private let port: Int
    private let connectTimeout: TimeAmount
    private let encryption: Encryption?
    private let state = Mutex(State())

    init(host: String, port: Int, connectTimeoutMilliseconds: Int, encryption: Encryption?) {
        self.encryption = encryption
        self.host = host
        self.port = port
        connectTimeout = .milliseconds(Int64(connectTimeoutMilliseconds))
    }

    func ready() -> EventLoopFuture<Ready> {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let (future, isNew): (EventLoopFuture<Ready>, EventLoopPromise<Ready>?) = state.withLock { state in
            if let current = state.current { return (current, nil) }
            let promise = loop.makePromise(of: Ready.self)
            state.generation += 1
            state.current = promise.futureResult
            return (promise.futureResult, promise)
        }
        if let promise = isNew { connect(promise, generation: state.withLock { $0.generation }) }
        return future
    }

    func shutdown() async {
        let current = state.withLock { state in
            state.isClosed = true
            return state.current
        }
        guard let ready = try? await current?.get() else { return }
        try? await ready.channel.close().get()
    }

    private func connect(_ promise: EventLoopPromise<Ready>, generation: Int) {
        guard !state.withLock({ $0.isClosed }) else { return promise.fail(ChannelError.ioOnClosedChannel) }
        let forget: @Sendable () -> Void = { [weak self] in self?.forget(generation) }
        // A name may have several addresses, each tried with a channel of its own: the one that connects is asked for its streams.
        ClientBootstrap(group: promise.futureResult.eventLoop)
            .connectTimeout(connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { [encryption] channel in
                channel.eventLoop.makeCompletedFuture {
                    try encryption?.add(to: channel)
                    try Self.configure(channel, onGoAway: forget)
                }
            }
            .connect(host: host, port: port)
            .flatMapThrowing { channel in
                Ready(
                    channel: channel,
                    streams: try channel.pipeline.syncOperations.handler(type: NIOHTTP2Handler.self).syncMultiplexer())
            }
            .cascade(to: promise)
        promise.futureResult.whenComplete { outcome in
            switch outcome {
            case .success(let ready): ready.channel.closeFuture.whenComplete { _ in forget() }
            case .failure: forget()
            }
        }
    }

    private func forget(_ generation: Int) {
        state.withLock { if $0.generation == generation { $0.current = nil } }
    }

    /// - Parameter onGoAway: told when the server takes no more calls over this connection.
    private static func configure(
        _ channel: any Channel, onGoAway: @escaping @Sendable () -> Void
    ) throws {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .enablePush, value: 0),
            HTTP2Setting(parameter: .initialWindowSize, value: window), HTTP2Setting(parameter: .maxFrameSize, value: window / 4),
        ]
        connection.targetWindowSize = 4 * window
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.targetWindowSize = window
        _ = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
            mode: .client, connectionConfiguration: connection, streamConfiguration: stream
        ) { $0.eventLoop.makeFailedFuture(ChannelError.operationUnsupported) }
        try channel.pipeline.syncOperations.addHandler(ConnectionEnd(onGoAway: onGoAway))
    }

    /// Bytes of one call that may be on their way before any of them was read.
    private static let window = 1 << 20
}

/// Sees that a connection ends, or is about to, so that the next call makes a new one.
private final class ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private let onGoAway: @Sendable () -> Void

    init(onGoAway: @escaping @Sendable () -> Void) { self.onGoAway = onGoAway }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .goAway = unwrapInboundIn(data).payload { onGoAway() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOHTTP2Errors.StreamError { return }
        context.close(promise: nil)
    }
}
