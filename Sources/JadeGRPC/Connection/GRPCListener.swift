internal import JadeCore
internal import JadeProto
internal import Logging
package import NIOCore
internal import NIOExtras
internal import NIOHTTP2
internal import NIOPosix
internal import ServiceLifecycle
internal import Synchronization

/// Listens for connections and serves calls until it is told to stop; then calls under way are answered, and no new ones taken.
package final class GRPCListener: Service, CustomStringConvertible {
    /// Puts in front of HTTP/2 what connections need: TLS. Called on the connection's event loop.
    package typealias Preparation = @Sendable (any Channel) throws -> Void

    private let door: GRPCDoor
    private let prepare: Preparation?
    private let onListening: @Sendable (Int) -> Void
    private let connections = Mutex<[ObjectIdentifier: any Channel]>([:])

    package var description: String { "gRPC door" }

    /// - Parameter onListening: Told the port, once connections are accepted.
    package init(_ door: GRPCDoor, prepare: Preparation? = nil, onListening: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.door = door
        self.prepare = prepare
        self.onListening = onListening
    }

    package func run() async throws {
        let helper = ServerQuiescingHelper(group: door.group)
        let channel = try await bind(helper)
        let port = channel.localAddress?.port ?? door.settings.port
        door.log(.info, "listening for gRPC", ["host": "\(door.settings.host)", "port": "\(port)"])
        onListening(port)
        let done = door.group.any().makePromise(of: Void.self)
        let isQuiescing = Flag()
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await channel.closeFuture.get()
                // The socket is closed first; connections end when their calls have.
                if isQuiescing.isSet { try await done.futureResult.get() } else { done.succeed() }
            } onGracefulShutdown: {
                self.door.beginDraining()
                isQuiescing.set()
                helper.initiateShutdown(promise: done)
            }
        } onCancel: {
            // No more time is given: what is under way ends with its connection.
            channel.close(promise: nil)
            for connection in self.connections.withLock({ Array($0.values) }) { connection.close(promise: nil) }
        }
    }

    private func bind(_ helper: ServerQuiescingHelper) async throws -> any Channel {
        let bootstrap = ServerBootstrap(group: door.group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(helper.makeServerChannelHandler(channel: channel))
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture { try accept(channel) }
            }
        do {
            return try await bootstrap.bind(host: door.settings.host, port: door.settings.port).get()
        } catch {
            throw JadeError.unavailable("cannot listen for gRPC on \(door.settings.host):\(door.settings.port): \(error)")
        }
    }

    /// Sets a connection up, unless there are too many.
    private func accept(_ channel: any Channel) throws {
        let id = ObjectIdentifier(channel)
        let count = connections.withLock { connections in
            connections[id] = channel
            return connections.count
        }
        channel.closeFuture.whenComplete { [self] _ in connections.withLock { _ = $0.removeValue(forKey: id) } }
        guard count <= door.settings.maximumConnections else {
            door.log(.warning, "too many gRPC connections", ["limit": "\(door.settings.maximumConnections)"])
            throw JadeError.overloaded("there are \(count) connections, the limit is \(door.settings.maximumConnections)")
        }
        try prepare?(channel)
        try configure(channel)
    }

    private func configure(_ channel: any Channel) throws {
        let calls = ConnectionCalls(channel)
        let management = NIOHTTP2ServerConnectionManagementHandler(eventLoop: channel.eventLoop, configuration: door.management)
        let bound = NIOLoopBound(calls, eventLoop: channel.eventLoop)
        let door = door
        let pipeline = channel.pipeline.syncOperations
        _ = try pipeline.configureHTTP2Pipeline(
            mode: .server, connectionConfiguration: door.connectionConfiguration, streamConfiguration: door.streamConfiguration,
            streamDelegate: management.http2StreamDelegate
        ) { stream in
            stream.eventLoop.makeCompletedFuture {
                try stream.pipeline.syncOperations.addHandler(CallHandler(door: door, connection: bound.value))
            }
        }
        try pipeline.addHandlers(management, calls)
    }
}

/// Something that happens once.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }

    func set() { value.store(true, ordering: .releasing) }
}

extension GRPCDoor {
    fileprivate var management: NIOHTTP2ServerConnectionManagementHandler.Configuration {
        .init(
            maxIdleTime: settings.idleTimeout, maxAge: nil, maxGraceTime: nil,
            keepalive: .init(
                pingInterval: .seconds(Limits.keepaliveSeconds), ackTimeout: .seconds(Limits.keepaliveAnswerSeconds)))
    }

    fileprivate var connectionConfiguration: NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: Limits.maximumConcurrentCalls),
            HTTP2Setting(parameter: .maxHeaderListSize, value: settings.maximumHeaderBytes),
            HTTP2Setting(parameter: .initialWindowSize, value: Limits.callWindowBytes),
            HTTP2Setting(parameter: .maxFrameSize, value: Limits.maximumFrameBytes),
        ]
        configuration.targetWindowSize = 4 * Limits.callWindowBytes
        configuration.controlFrameRateLimit.maximumCount = Limits.maximumControlFrames
        configuration.controlFrameRateLimit.windowLength = .seconds(Limits.frameCountSeconds)
        return configuration
    }

    fileprivate var streamConfiguration: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.targetWindowSize = Limits.callWindowBytes
        configuration.outboundBufferSizeHighWatermark = 64 * 1024
        configuration.outboundBufferSizeLowWatermark = 32 * 1024
        configuration.streamResetFrameRateLimit.maximumCount = Limits.maximumResetFrames
        configuration.streamResetFrameRateLimit.windowLength = .seconds(Limits.frameCountSeconds)
        return configuration
    }
}
