internal import JadeCore
package import NIOCore

/// Cuts the bytes of a stream into messages.
package struct MessageReader: Sendable {
    /// The size from which a message is refused before any more of it is kept.
    private let maximumBytes: Int
    private let acceptsPacked: Bool
    private var buffer = ByteBuffer()
    /// Whether nobody else holds the storage, and it has room for the message that has begun.
    private var isOwn = false

    /// A message as it came.
    package struct Piece: Sendable {
        package let bytes: ByteBuffer
        /// By the coding that the call's headers name.
        package let isPacked: Bool
    }

    /// - Parameter acceptsPacked: Whether the call's headers name a coding.
    package init(maximumBytes: Int, acceptsPacked: Bool = false) {
        self.maximumBytes = maximumBytes
        self.acceptsPacked = acceptsPacked
    }

    /// Bytes that are in no message yet.
    package var pendingBytes: Int { buffer.readableBytes }

    package mutating func append(_ bytes: ByteBuffer) {
        var bytes = bytes
        if buffer.readableBytes == 0 {
            buffer = bytes
            isOwn = false
            return
        }
        // Whoever cut messages or frames out of it may share the storage: appending would copy all of it. What is left is little.
        if !isOwn || buffer.readerIndex > 0 {
            var rest = ByteBufferAllocator().buffer(capacity: max(buffer.readableBytes + bytes.readableBytes, expectedBytes))
            rest.writeBuffer(&buffer)
            buffer = rest
            isOwn = true
        }
        buffer.writeBuffer(&bytes)
    }

    /// Room for the message that has begun: what it says of its length, as far as that is to be trusted.
    private var expectedBytes: Int {
        guard let length = buffer.getInteger(at: buffer.readerIndex + 1, as: UInt32.self) else { return 0 }
        return Framing.prefixBytes + min(Int(length), maximumBytes, Limits.reservedMessageBytes)
    }

    /// The next message, once it is whole.
    package mutating func next() throws(CallFailure) -> ByteBuffer? { try nextPiece()?.bytes }

    package mutating func nextPiece() throws(CallFailure) -> Piece? {
        guard let flag = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return nil }
        guard flag <= 1 else { throw CallFailure(.internal, .invalidArgument("a message begins with \(flag), expected 0 or 1")) }
        guard flag == 0 || acceptsPacked else {
            throw CallFailure(.internal, .invalidArgument("a message is packed, and the call's headers name no grpc-encoding"))
        }
        guard let length = buffer.getInteger(at: buffer.readerIndex + 1, as: UInt32.self) else { return nil }
        guard length <= maximumBytes else {
            throw CallFailure(.tooLarge("message has \(length) bytes, the limit is \(maximumBytes)"))
        }
        guard buffer.readableBytes >= Framing.prefixBytes + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: Framing.prefixBytes)
        return buffer.readSlice(length: Int(length)).map { Piece(bytes: $0, isPacked: flag == 1) }
    }
}
