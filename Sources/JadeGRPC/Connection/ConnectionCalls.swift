internal import NIOCore
internal import NIOHTTP2

/// The calls of one connection. It lives on the connection's event loop.
final class ConnectionCalls: ChannelInboundHandler {
    typealias InboundIn = Any

    let channel: any Channel
    /// Where the client is.
    let peer: String?
    /// Tasks that work for calls of the connection, whether somebody still waits for them or not.
    var running = 0
    private var handlers: [ObjectIdentifier: CallHandler] = [:]

    init(_ channel: any Channel) {
        self.channel = channel
        peer = channel.remoteAddress?.ipAddress
    }

    func add(_ handler: CallHandler) { handlers[ObjectIdentifier(handler)] = handler }
    func remove(_ handler: CallHandler) { handlers[ObjectIdentifier(handler)] = nil }

    /// The server stops: calls that only wait for messages are ended, for they could wait for ever.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent { for handler in handlers.values { handler.drain() } }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // What is wrong with one stream was told to that stream; anything else ends the connection.
        if error is NIOHTTP2Errors.StreamError { return }
        context.close(promise: nil)
    }
}
