import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Thrown into the body of a request that will never be complete.
struct RequestAborted: Error {}

/// Stands between the HTTP decoder and the requests: gives up slow clients, answers what is not HTTP with a problem
/// document, says `100 Continue`, and closes without losing the last answer. See ``ConnectionState`` for the decisions.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// How long a client may go on sending after it was refused: closing at once could take the answer away from it.
    private static let linger: TimeAmount = .seconds(2)

    private let settings: RESTSettings
    /// Whether it stands in a stream of HTTP/2, which ends by itself with its answer: to close it would take the answer back.
    private let guardsStream: Bool
    private var state = ConnectionState()
    private var readDeadline: Scheduled<Void>?
    private var writeDeadline: Scheduled<Void>?
    /// Bytes of answers so far.
    private var writtenBytes = 0

    init(settings: RESTSettings, guardsStream: Bool = false) {
        self.settings = settings
        self.guardsStream = guardsStream
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancelDeadlines() }

    func channelInactive(context: ChannelHandlerContext) {
        cancelDeadlines()
        context.fireChannelInactive()
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !state.isClosing else { return }
        switch unwrapInboundIn(data) {
        case .head(let head):
            state.readHead()
            if head.headerFields[.expect]?.lowercased() == "100-continue" { invite(head, context) }
        case .body: state.readBody()
        case .end:
            state.readEnd()
            forgetReadDeadline()
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if !state.isClosing {
            state.readPaused()
            watchReading(context)
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Errors of the socket itself end the connection the ordinary way.
        if error is IOError || error is ChannelError || guardsStream { return context.fireErrorCaught(error) }
        perform(state.refuse(ConnectionRefusal(error, maximumHeaderBytes: settings.maximumHeaderBytes)), context)
        // A request that waits for the rest of its body must not wait for ever.
        if state.reading == .body { context.fireErrorCaught(RequestAborted()) }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if state.isClosing, let event = event as? ChannelEvent, event == .inputClosed {
            return context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// Tells a client that waits before sending its body to go on, unless the body is too large anyway.
    private func invite(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        let announced = head.headerFields[.contentLength].flatMap { Int($0) } ?? 0
        guard state.unanswered == 1, announced <= settings.maximumBodyBytes else { return }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    // MARK: Writing

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !state.isClosing else { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            state.wroteHead(closing: head.headerFields[.connection] == "close")
            // Fields about the connection make an answer invalid in HTTP/2 (RFC 9113, 8.2.2).
            if guardsStream { head.headerFields[.connection] = nil }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let part):
            writtenBytes += part.readableBytes
            context.write(data, promise: promise)
        case .end:
            context.write(data, promise: promise)
            perform(state.wroteEnd(), context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            writeDeadline?.cancel()
            writeDeadline = nil
        } else if writeDeadline == nil {
            if guardsStream { watchStream(context) } else { watchWriting(context, buffered: Self.bufferedBytes(context)) }
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Deadlines

    private func watchReading(_ context: ChannelHandlerContext) {
        if state.reading == .idle {
            forgetReadDeadline()
        } else if readDeadline == nil {
            readDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: settings.requestTimeout) { [self] in
                readDeadline = nil
                let seconds = settings.requestTimeout.nanoseconds / 1_000_000_000
                perform(state.readTimedOut(.tooSlow(seconds: seconds)), context)
                if state.isClosing, state.reading == .body { context.fireErrorCaught(RequestAborted()) }
            }
        }
    }

    /// Closes a connection whose client took nothing of its answer for a whole period.
    private func watchWriting(_ context: ChannelHandlerContext, buffered: Int) {
        writeDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: settings.requestTimeout) { [self] in
            writeDeadline = nil
            let left = Self.bufferedBytes(context)
            guard left < buffered else { return context.close(promise: nil) }
            watchWriting(context, buffered: left)
        }
    }

    /// A stream does not tell how much it still holds: its client has to take a mebibyte of the answer in each period.
    private func watchStream(_ context: ChannelHandlerContext) {
        let periods = 1 + Int64(writtenBytes >> 20)
        writeDeadline = context.eventLoop.assumeIsolated().scheduleTask(in: settings.requestTimeout * periods) { [self] in
            writeDeadline = nil
            context.close(promise: nil)
        }
    }

    private static func bufferedBytes(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? .max
    }

    private func forgetReadDeadline() {
        readDeadline?.cancel()
        readDeadline = nil
    }

    private func cancelDeadlines() {
        forgetReadDeadline()
        writeDeadline?.cancel()
        writeDeadline = nil
    }

    // MARK: Closing

    private func perform(_ action: ConnectionState.Action, _ context: ChannelHandlerContext) {
        switch action {
        case .none: return
        case .close: break
        case .refuse(let refusal):
            let reply = refusal.reply
            var head = reply.head
            if guardsStream { head.headerFields[.connection] = nil }
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(reply.body)), promise: nil)
            context.write(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.flush()
        if !guardsStream { context.close(mode: .output, promise: nil) }
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) { context.close(promise: nil) }
    }
}
