internal import JadeCompression
internal import JadeCore
internal import JadeProto
internal import NIOCore

extension GRPCDoor {
    /// A message that came packed by gzip (RFC 1952).
    ///
    /// - Parameter held: Counts what it takes of the memory for messages.
    func unpacked(_ packed: ByteBuffer, limit: Int, held: inout Int) throws(CallFailure) -> ByteBuffer {
        let limit = min(limit, settings.maximumMessageBytes)
        var message = ByteBuffer()
        let unpacker: Unpacker
        let outcome: Unpacker.Outcome
        do throws(JadeError) {
            unpacker = try Unpacker(.gzip)
            outcome = try unpacker.unpack(packed, into: &message) { (bytes) throws(JadeError) in
                guard held + bytes <= limit else {
                    throw .tooLarge("message has at least \(held + bytes) bytes unpacked, the limit is \(limit)")
                }
                try hold(bytes)
                held += bytes
            }
        } catch {
            throw CallFailure(error)
        }
        switch outcome {
        case .taken where unpacker.isWhole: return message
        case .noMemory: throw CallFailure(.resourceExhausted("no memory to unpack a message"))
        case .taken, .damaged: throw CallFailure(.internal, .invalidArgument("a packed message is not whole gzip"))
        }
    }
}

/// Answers of calls whose questions may be packed.
enum PackedMessages {
    /// A message with its prefix, packed where that is wanted and makes it smaller.
    static func packed(_ answer: ByteBuffer, _ isWanted: Bool) -> ByteBuffer {
        guard isWanted, let content = answer.getSlice(at: answer.readerIndex + Framing.prefixBytes, length: answer.readableBytes - Framing.prefixBytes)
        else { return answer }
        var packed = ByteBufferAllocator().buffer(capacity: answer.readableBytes)
        packed.writeInteger(UInt8(1))
        packed.writeInteger(UInt32(0))
        let size = packed.writePacked(content, .gzip)
        guard size > 0 else { return answer }
        packed.setInteger(UInt32(size), at: 1)
        return packed
    }
}
