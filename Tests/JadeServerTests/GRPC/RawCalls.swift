import JadeCore
import JadeProto
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import SwiftProtobuf

/// A connection that sends calls as they are written here, well made or not.
final class RawCalls: Sendable {
    /// How a call ended.
    struct Ending: Sendable {
        var http = ""
        var status: StatusCode?
        var message = ""
        var messages: [ByteBuffer] = []
        var trailers = HPACKHeaders()
        var wasReset = false
    }

    let channel: any Channel
    private let streams: NIOHTTP2Handler.StreamMultiplexer

    private init(channel: any Channel, streams: NIOHTTP2Handler.StreamMultiplexer) {
        self.channel = channel
        self.streams = streams
    }

    static func open(port: Int) async throws -> RawCalls {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture {
                var connection = NIOHTTP2Handler.ConnectionConfiguration()
                connection.headerBlockValidation = .disabled
                connection.contentLengthValidation = .disabled
                // The server answers every PING; the client must not take that for an attack.
                connection.controlFrameRateLimit.maximumCount = .max
                let streams = try channel.pipeline.syncOperations.configureHTTP2Pipeline(
                    mode: .client, connectionConfiguration: connection, streamConfiguration: .init()
                ) { $0.eventLoop.makeSucceededVoidFuture() }
                return RawCalls(channel: channel, streams: streams)
            }
        }
    }

    func close() async { try? await channel.close().get() }

    /// A call under way.
    struct Open: Sendable {
        let stream: any Channel
        let ending: EventLoopFuture<Ending>

        func send(_ bytes: [UInt8], end: Bool = false) async throws {
            let payload = HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer(bytes: bytes)), endStream: end))
            try await stream.writeAndFlush(payload).get()
        }
    }

    func begin(_ path: String, headers extra: [(String, String)] = [], replacing: [String: String] = [:]) async throws -> Open {
        var headers: HPACKHeaders = [:]
        let usual = [
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"), ("te", "trailers"),
            ("content-type", "application/grpc"),
        ]
        for (name, value) in usual { headers.add(name: name, value: replacing[name] ?? value) }
        for (name, value) in extra { headers.add(name: name, value: value) }
        let ending = channel.eventLoop.makePromise(of: Ending.self)
        let promise = channel.eventLoop.makePromise(of: (any Channel).self)
        streams.createStreamChannel(promise: promise) { stream in
            stream.eventLoop.makeCompletedFuture { try stream.pipeline.syncOperations.addHandler(Collector(ending)) }
        }
        let stream = try await promise.futureResult.get()
        try await stream.writeAndFlush(HTTP2Frame.FramePayload.headers(.init(headers: headers))).get()
        return Open(stream: stream, ending: ending.futureResult)
    }

    /// A whole call: the bytes as they are, and the end.
    func call(
        _ path: String, _ bytes: [UInt8], headers: [(String, String)] = [], replacing: [String: String] = [:]
    ) async throws -> Ending {
        let open = try await begin(path, headers: headers, replacing: replacing)
        // A server that has refused the headers may have closed the stream already.
        try? await open.send(bytes, end: true)
        return try await open.ending.get()
    }

    func call(_ path: String, _ message: some Message, headers: [(String, String)] = []) async throws -> Ending {
        try await call(path, Self.framed(message), headers: headers)
    }

    /// A message with its prefix.
    static func framed(_ message: some Message) throws -> [UInt8] { Array(try Framing.encode(message).readableBytesView) }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame.FramePayload

    private let promise: EventLoopPromise<RawCalls.Ending>
    private var ending = RawCalls.Ending()
    private var reader = MessageReader(maximumBytes: 1 << 30, acceptsPacked: true)

    init(_ promise: EventLoopPromise<RawCalls.Ending>) { self.promise = promise }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            if ending.http.isEmpty { ending.http = frame.headers.first(name: ":status") ?? "" }
            guard frame.endStream else { return }
            ending.trailers = frame.headers
            ending.status = frame.headers.first(name: "grpc-status").flatMap { Int($0) }.flatMap(StatusCode.init)
            ending.message = StatusTrailers.failure(in: frame.headers)?.error.message ?? ""
            promise.succeed(ending)
        case .data(let frame):
            guard case .byteBuffer(let bytes) = frame.data else { return }
            reader.append(bytes)
            while let message = try? reader.next() { ending.messages.append(message) }
        case .rstStream: ending.wasReset = true
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { ending.wasReset = true }

    func channelInactive(context: ChannelHandlerContext) {
        ending.wasReset = true
        promise.succeed(ending)
    }
}
