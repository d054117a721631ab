internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// What is known of a call that did not go well, and whether another try may help.
struct CallEnd: Error {
    enum Stage {
        /// The server has not seen the call.
        case unsent
        /// The server may have carried the call out, or not.
        case unknown
        /// The server answered: what it said stands.
        case answered
    }

    let stage: Stage
    let failure: CallFailure
}

/// The client's end of one call. It lives on the connection's event loop; what comes in goes to the inbox.
final class ClientCall: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private let headers: HPACKHeaders
    /// The only message of the call; nil where more are to come.
    private let message: ByteBuffer?
    private let inbox: Inbox
    private var reader: MessageReader
    private var sawHead = false
    private var readIsHeld = false
    private var context: ChannelHandlerContext?
    private let timeout: TimeAmount?
    private var deadline: Scheduled<Void>?

    init(_ headers: HPACKHeaders, message: ByteBuffer?, timeout: TimeAmount?, maximumMessageBytes: Int, inbox: Inbox) {
        self.headers = headers
        self.message = message
        self.timeout = timeout
        self.inbox = inbox
        reader = MessageReader(maximumBytes: maximumMessageBytes)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        inbox.attach { [loop = context.eventLoop] in loop.execute { bound.value.readOn() } }
        if context.channel.isActive { begin(context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    private func begin(_ context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
        if let message { context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(message), endStream: true))), promise: nil) }
        context.flush()
        guard let timeout else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [self] in
            end(CallEnd(stage: .answered, failure: CallFailure(.deadlineExceeded, .unavailable("the call's time is over"))))
            self.context?.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end(CallEnd(stage: .unknown, failure: CallFailure(.unavailable("the connection broke"))))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(CallEnd(stage: .unknown, failure: CallFailure(.unavailable("the connection broke: \(error)"))))
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame): read(frame.headers, isLast: frame.endStream)
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data { read(bytes) }
            if frame.endStream { end(Self.noStatus) }
        case .rstStream(let code):
            end(CallEnd(stage: code == .refusedStream ? .unsent : .unknown, failure: CallFailure(.unavailable("the server reset the call: \(code)"))))
        default: break
        }
    }

    private static let noStatus = CallEnd(
        stage: .unknown, failure: CallFailure(.unavailable("the answer ended without a status")))

    private func read(_ headers: HPACKHeaders, isLast: Bool) {
        if !sawHead {
            sawHead = true
            let status = headers.first(name: ":status") ?? "none"
            guard status == "200" else {
                let reason = headers.first(name: "grpc-message").map { ": \($0)" } ?? ""
                let error = JadeError(.internal, "the server answered with HTTP status \(status)\(reason)")
                return end(CallEnd(stage: .answered, failure: CallFailure(.unknown, error)))
            }
            if !isLast { return }
        }
        guard let failure = StatusTrailers.failure(in: headers) else { return end(nil) }
        end(CallEnd(stage: .answered, failure: failure))
    }

    private func read(_ bytes: ByteBuffer) {
        reader.append(bytes)
        do throws(CallFailure) {
            while let message = try reader.next() { inbox.put(message) }
        } catch {
            end(CallEnd(stage: .answered, failure: error))
            context?.close(promise: nil)
        }
    }

    private func end(_ end: CallEnd?) {
        deadline?.cancel()
        inbox.end(end)
    }

    func read(context: ChannelHandlerContext) {
        if inbox.hasRoom { context.read() } else { readIsHeld = true }
    }

    private func readOn() {
        guard readIsHeld else { return }
        readIsHeld = false
        context?.read()
    }
}
