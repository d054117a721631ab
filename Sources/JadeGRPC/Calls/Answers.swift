internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import SwiftProtobuf

/// Where a method writes that answers with any number of messages.
struct Answers: Sendable {
    private let handler: NIOLoopBound<CallHandler>
    private let loop: any EventLoop
    private let isPacked: Bool

    init(_ handler: CallHandler, loop: any EventLoop, isPacked: Bool) {
        self.isPacked = isPacked
        self.handler = NIOLoopBound(handler, eventLoop: loop)
        self.loop = loop
    }

    /// Sends a message and returns once the client's window had room for it: a client that reads slowly is produced for slowly.
    ///
    /// - Throws: `cancelled` when the call is over.
    func send(_ message: some Message) async throws(JadeError) {
        let bytes = PackedMessages.packed(try Framing.encode(message), isPacked)
        do {
            try await loop.flatSubmit { [handler] in handler.value.send(bytes) }.get()
        } catch {
            throw .cancelled("the call ended before its last answer")
        }
    }
}
