package import JadeCore
package import NIOCore
package import SwiftProtobuf

/// Messages as gRPC puts them on a stream: a flag for compression, a length of 32 bits, and the message.
package enum Framing {
    package static let prefixBytes = 5

    /// A message with its prefix.
    package static func encode(_ message: some Message) throws(JadeError) -> ByteBuffer {
        do {
            let bytes: MessageBytes = try message.serializedBytes()
            return bytes.buffer
        } catch {
            throw .internal("an answer cannot be written: \(error)")
        }
    }

    /// A message without its prefix. What it does not know is passed over, as protocol buffers do.
    package static func decode<Content: Message>(_ type: Content.Type = Content.self, from bytes: ByteBuffer) throws(JadeError) -> Content {
        try bytes.withUnsafeReadableBytes { raw in Result { () throws(JadeError) in try FieldCount.check(raw) } }.get()
        var options = BinaryDecodingOptions()
        options.discardUnknownFields = true
        options.messageDepthLimit = Limits.maximumMessageDepth
        do {
            return try Content(serializedBytes: MessageBytes(bytes), options: options)
        } catch {
            throw .invalidArgument("the message of \(bytes.readableBytes) bytes is no \(Content.protoMessageName): \(error)")
        }
    }
}

extension Limits {
    /// Bytes for which room is made as soon as a message says its length; a longer one grows as it comes.
    static let reservedMessageBytes = 4 << 20
    /// Messages within messages.
    package static let maximumMessageDepth = 16
    /// Fields of a message, without those of messages within it. Two bytes can stand for a whole empty message, so that fields
    /// and not bytes bound the memory that reading takes; the largest legitimate message is a search whose components are not
    /// packed.
    package static let maximumMessageFields = Limits.maximumDimension + 64
}

/// Counts the fields of a message before it is read.
enum FieldCount {
    /// - Throws: `tooLarge` over ``Limits/maximumMessageFields``. A damaged message passes: reading it finds that out.
    static func check(_ bytes: UnsafeRawBufferPointer) throws(JadeError) {
        var (position, count) = (0, 0)
        while position < bytes.count {
            count += 1
            guard count <= Limits.maximumMessageFields else {
                throw .tooLarge("the message has more than \(Limits.maximumMessageFields) fields")
            }
            guard let tag = varint(bytes, &position), skip(tag & 7, bytes, &position) else { return }
        }
    }

    /// Passes over the value behind a tag; false where it does not end within the message.
    private static func skip(_ wireType: UInt64, _ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> Bool {
        switch wireType {
        case 0: return varint(bytes, &position) != nil
        case 1: position += 8
        case 2:
            guard let length = varint(bytes, &position), length <= UInt64(bytes.count - position) else { return false }
            position += Int(length)
        case 5: position += 4
        default: return false
        }
        return position <= bytes.count
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
