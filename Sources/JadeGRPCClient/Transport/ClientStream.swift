internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import NIOHTTP2
internal import SwiftProtobuf

/// A call with any number of messages in either direction.
struct ClientStream: Sendable {
    private let channel: any Channel
    private let inbox: Inbox

    init(channel: any Channel, inbox: Inbox) {
        self.channel = channel
        self.inbox = inbox
    }

    /// Lets a message leave as the server makes room for it; a ``Window`` bounds how many wait. What the server said is found by
    /// ``next()``: a message that cannot be sent any more is no error of its own.
    func send(_ message: some Message) throws(JadeError) {
        let bytes = try Framing.encode(message)
        channel.writeAndFlush(HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(bytes))), promise: nil)
    }

    /// No message follows.
    func finish() {
        channel.writeAndFlush(HTTP2Frame.FramePayload.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), promise: nil)
    }

    /// The next answer, nil behind the last one.
    func next() async throws(CallEnd) -> ByteBuffer? {
        let outcome = await withTaskCancellationHandler { await inbox.next() } onCancel: { channel.close(promise: nil) }
        if Task.isCancelled, case .failure = outcome {
            throw CallEnd(stage: .answered, failure: CallFailure(.cancelled("the call was cancelled")))
        }
        return try outcome.get()
    }

    /// Ends the call whatever is under way.
    func cancel() { channel.close(promise: nil) }
}
