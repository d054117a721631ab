internal import JadeAPI
internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2

/// One call on its stream: reads messages as they may be worked on, lets tasks answer them, and ends the stream with a status. See
/// ``CallState`` for the decisions. Everything here happens on the connection's event loop.
final class CallHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = Never
    typealias OutboundOut = HTTP2Frame.FramePayload

    let door: GRPCDoor
    let connection: ConnectionCalls
    /// Nil before the headers have come, and for a request that is refused by them.
    var open: OpenCall?
    var context: ChannelHandlerContext?
    private var readIsHeld = false
    private var flushIsDue = false
    private var isRefused = false

    init(door: GRPCDoor, connection: ConnectionCalls) {
        self.door = door
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { leave() }

    func channelInactive(context: ChannelHandlerContext) {
        leave()
        context.fireChannelInactive()
    }

    /// The client is gone, or has everything.
    private func leave() {
        connection.remove(self)
        abandon()
        context = nil
    }

    // MARK: Reading

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame): readHeaders(frame, context)
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data { readBytes(bytes) }
            if frame.endStream { readEnd() }
        case .rstStream: abandon()
        default: break
        }
    }

    /// What has come is handed on together: the head of a unary call and its message are one piece of work.
    func channelReadComplete(context: ChannelHandlerContext) {
        // Nobody makes the server hold much of a message who may not use it; a small one is whole by now.
        if let call = open, call.admission == nil, !call.method.isOpen, !call.method.takesOne || !call.state.inputEnded {
            admit(call)
        }
        proceed()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if open?.state.wantsInput ?? true { context.read() } else { readIsHeld = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        abandon()
        context.close(promise: nil)
    }

    private func readHeaders(_ frame: HTTP2Frame.FramePayload.Headers, _ context: ChannelHandlerContext) {
        // Headers behind the messages say nothing but that there are no more.
        guard open == nil, !isRefused else { return frame.endStream ? readEnd() : () }
        do {
            try begin(try CallHead(frame.headers, door: door, peer: connection.peer), context)
            if frame.endStream { readEnd() }
        } catch {
            isRefused = true
            refuse(error, context)
        }
    }

    private func begin(_ head: CallHead, _ context: ChannelHandlerContext) throws {
        guard let method = door.methods[head.path] else {
            throw CallFailure(.unimplemented, .notFound("there is no method \(String(head.path.prefix(256)).debugDescription)"))
        }
        guard connection.running < Limits.maximumRunningCalls else {
            throw CallFailure(.overloaded("the connection has \(connection.running) calls under way, the limit is \(Limits.maximumRunningCalls)"))
        }
        open = OpenCall(method, head, state: CallState(
            method.shape, maximumMessageBytes: min(door.settings.maximumMessageBytes, method.maximumMessageBytes),
            acceptsPacked: head.isPacked, isAdmitted: method.isOpen || method.takesOne), loop: context.eventLoop)
        watchDeadline(head.timeout)
    }

    private func readBytes(_ bytes: ByteBuffer) {
        guard open?.state.isOver == false else { return }
        do throws(JadeError) {
            try door.hold(bytes.readableBytes)
        } catch {
            return finish(CallFailure(error))
        }
        open?.held += bytes.readableBytes
        open?.state.read(bytes)
    }

    private func readEnd() {
        open?.state.readEnd()
        open?.arrival?.cancel()
    }

    // MARK: Working

    /// Does what there is to do.
    func proceed() {
        while let action = open?.state.next() {
            switch action {
            case .none: return readOn()
            case .work(let message): work(on: message)
            case .finish: finish(nil)
            case .fail(let failure): finish(failure)
            }
        }
    }

    private func readOn() {
        guard readIsHeld, open?.state.wantsInput ?? true else { return }
        readIsHeld = false
        context?.read()
    }

    /// Ends the call if it waits for messages, because the server is about to stop; one that works goes on.
    func drain() {
        open?.state.drain()
        proceed()
    }

    /// A message was answered.
    func completed(_ number: Int, _ bytes: Int, _ outcome: Result<ByteBuffer?, CallFailure>) {
        connection.running -= 1
        guard let call = open else { return }
        open?.tasks[number] = nil
        release(bytes)
        guard !call.state.isOver else { return }
        switch outcome {
        case .success(let answer?):
            if call.method.takesOne {
                write(answer)
                finish(nil)
            } else {
                // The message is done with once the client has taken its answer.
                let bound = NIOLoopBound(self, eventLoop: call.loop)
                send(answer, atOnce: false).whenComplete { _ in bound.value.taken() }
            }
        case .success(nil): finish(nil)
        case .failure(let failure): finish(failure)
        }
    }

    private func taken() {
        open?.state.completed()
        proceed()
    }

    // MARK: Writing

    private func write(_ answer: ByteBuffer) {
        sendHead()
        context?.write(wrapOutboundOut(.data(.init(data: .byteBuffer(answer)))), promise: nil)
    }

    /// Answers that are ready at the same time leave in one piece.
    private func flushSoon() {
        guard !flushIsDue, let context else { return }
        flushIsDue = true
        context.eventLoop.assumeIsolated().execute { [self] in
            flushIsDue = false
            self.context?.flush()
        }
    }

    /// One of any number of answers; the future ends well once the connection has taken it.
    func send(_ answer: ByteBuffer, atOnce: Bool = true) -> EventLoopFuture<Void> {
        guard let context, open?.state.isOver == false else {
            return door.group.any().makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        sendHead()
        let promise = context.eventLoop.makePromise(of: Void.self)
        let patience = context.eventLoop.assumeIsolated().scheduleTask(in: door.settings.requestTimeout) { [self] in
            finish(CallFailure(.cancelled("the client took nothing of its answers for \(door.settings.requestTimeout.seconds) seconds")))
        }
        context.write(wrapOutboundOut(.data(.init(data: .byteBuffer(answer)))), promise: promise)
        if atOnce { context.flush() } else { flushSoon() }
        promise.futureResult.assumeIsolated().whenComplete { _ in patience.cancel() }
        return promise.futureResult
    }

    private func sendHead() {
        guard let context, let call = open, !call.headIsSent else { return }
        open?.headIsSent = true
        var headers: HPACKHeaders = [
            ":status": "200", "content-type": "application/grpc", "x-request-id": call.head.origin.requestID,
        ]
        if call.head.isPacked { headers.add(name: "grpc-encoding", value: "gzip") }
        context.write(wrapOutboundOut(.headers(.init(headers: headers))), promise: nil)
    }

    /// Ends the call with a status, and whatever still works for it.
    func finish(_ failure: CallFailure?) {
        guard let context, let call = open, !call.state.isOver else { return }
        // First of all: writing the last headers closes the stream, which comes back here before it returns.
        open?.state.end()
        door.note(call, failure)
        var trailers = failure.map { StatusTrailers.headers($0, requestID: call.head.origin.requestID) } ?? StatusTrailers.ok
        if !call.headIsSent {
            if failure == nil { sendHead() } else { trailers = Self.whole(trailers, call.head.origin.requestID) }
        }
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: trailers, endStream: true))), promise: nil)
        // A client that goes on sending is told to stop.
        if !call.state.inputEnded { context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: nil) }
        end()
    }

    /// An answer that is nothing but a status.
    private static func whole(_ trailers: HPACKHeaders, _ requestID: String) -> HPACKHeaders {
        var headers: HPACKHeaders = [":status": "200", "content-type": "application/grpc", "x-request-id": requestID]
        headers.add(contentsOf: trailers)
        return headers
    }

    /// The call is over without anybody to tell.
    private func abandon() {
        guard let call = open, !call.state.isOver else { return }
        open?.state.end()
        door.note(call, CallFailure(.cancelled("the client gave the call up")))
        end()
    }

    /// Stops what works for the call and gives back what it held.
    private func end() {
        open?.state.end()
        open?.deadline?.cancel()
        open?.arrival?.cancel()
        open?.admission?.cancel()
        for task in (open?.tasks ?? [:]).values { task.cancel() }
        release(open?.held ?? 0)
    }

    private func release(_ bytes: Int) {
        guard let held = open?.held else { return }
        let bytes = min(bytes, held)
        open?.held = held - bytes
        door.release(bytes)
    }

    /// What is refused by its headers alone.
    private func refuse(_ error: any Error, _ context: ChannelHandlerContext) {
        let id = door.ids.name(offered: nil)
        let headers: HPACKHeaders
        if let error = error as? CallHead.NotGRPC {
            headers = [":status": String(error.httpStatus), "x-request-id": id, "grpc-message": error.reason]
        } else {
            let failure = error as? CallFailure ?? CallFailure(.internal("\(error)"))
            door.settings.observe(nil, failure.code.rawValue, 0)
            var trailers = StatusTrailers.headers(failure, requestID: id)
            if failure.code == .unimplemented { trailers.add(name: "grpc-accept-encoding", value: "gzip,identity") }
            headers = Self.whole(trailers, id)
        }
        context.writeAndFlush(wrapOutboundOut(.headers(.init(headers: headers, endStream: true))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.rstStream(.noError)), promise: nil)
    }
}

extension TimeAmount {
    fileprivate var seconds: Int64 { nanoseconds / 1_000_000_000 }
}
