internal import NIOCore
internal import SwiftProtobuf

/// Bytes of a message inside a buffer, so that SwiftProtobuf reads and writes where the transport has them.
struct MessageBytes: SwiftProtobufContiguousBytes {
    private(set) var buffer: ByteBuffer
    /// Bytes in front of the message: the prefix of one that is written.
    private let offset: Int

    /// A message that was received.
    init(_ buffer: ByteBuffer) {
        self.buffer = buffer
        offset = 0
    }

    /// Room for a message behind its prefix.
    init(repeating: UInt8, count: Int) {
        buffer = ByteBufferAllocator().buffer(capacity: Framing.prefixBytes + count)
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(UInt32(clamping: count))
        buffer.writeRepeatingByte(repeating, count: count)
        offset = Framing.prefixBytes
    }

    init<Bytes: Sequence<UInt8>>(_ sequence: Bytes) {
        let bytes = Array(sequence)
        self.init(repeating: 0, count: bytes.count)
        buffer.setBytes(bytes, at: Framing.prefixBytes)
    }

    var count: Int { buffer.readableBytes - offset }

    func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try buffer.withUnsafeReadableBytes { try body(UnsafeRawBufferPointer(rebasing: $0[offset...])) }
    }

    mutating func withUnsafeMutableBytes<Result>(_ body: (UnsafeMutableRawBufferPointer) throws -> Result) rethrows -> Result {
        let offset = offset
        return try buffer.withUnsafeMutableReadableBytes { try body(UnsafeMutableRawBufferPointer(rebasing: $0[offset...])) }
    }
}
