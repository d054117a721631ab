internal import CJadeCompression
package import JadeCore
package import NIOCore

/// How bytes may be packed.
package enum Packing: Sendable, CaseIterable {
    case gzip, zstd

    var code: jade_coding { self == .zstd ? JADE_ZSTD : JADE_GZIP }
}

/// Unpacks bytes as they come, a bounded piece at a time: what asks for a piece can stop before a few bytes have become many.
package final class Unpacker {
    package enum Outcome {
        case taken
        /// Not of that coding, or damaged.
        case damaged
        case noMemory
    }

    /// Bytes of one piece.
    private static let pieceBytes = 64 * 1024

    private let handle: OpaquePointer
    /// Whether what has come so far is whole.
    package private(set) var isWhole = false

    package init(_ packing: Packing) throws(JadeError) {
        guard let handle = jade_unpacker_create(packing.code) else { throw .resourceExhausted("no memory to unpack \(packing)") }
        self.handle = handle
    }

    deinit { jade_unpacker_destroy(handle) }

    /// Unpacks a chunk behind what `out` holds.
    ///
    /// - Parameter admit: Asked before each piece is kept, with its size.
    package func unpack<Failure: Error>(
        _ chunk: ByteBuffer, into out: inout ByteBuffer, admit: (Int) throws(Failure) -> Void
    ) throws(Failure) -> Outcome {
        var rest = chunk
        while true {
            // The unpacker may hold bytes back even when the chunk is used up: it is done when it leaves room.
            let piece = step(&rest, &out)
            guard piece.status != JADE_UNPACK_CORRUPT else { return .damaged }
            guard piece.status != JADE_UNPACK_MEMORY else { return .noMemory }
            isWhole = piece.status == JADE_UNPACK_END
            try admit(piece.produced)
            if rest.readableBytes == 0, piece.produced < Self.pieceBytes { return .taken }
            guard piece.consumed > 0 || piece.produced > 0 else { return .damaged }
        }
    }

    private func step(
        _ rest: inout ByteBuffer, _ out: inout ByteBuffer
    ) -> (status: jade_unpacked, consumed: Int, produced: Int) {
        var (consumed, produced) = (0, 0)
        var status = JADE_UNPACK_MORE
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceBytes) { room in
            status = rest.withUnsafeReadableBytes { source in
                jade_unpacker_run(
                    handle, source.bindMemory(to: UInt8.self).baseAddress, source.count, &consumed,
                    room.bindMemory(to: UInt8.self).baseAddress, Self.pieceBytes, &produced)
            }
            return produced
        }
        rest.moveReaderIndex(forwardBy: consumed)
        return (status, consumed, produced)
    }
}

extension ByteBuffer {
    /// Bytes below which packing costs more than it saves.
    package static let minimumPackedBytes = 1_024

    /// Appends bytes packed at once; nothing, where they would not be fewer.
    ///
    /// - Returns: How many bytes were appended.
    @discardableResult
    package mutating func writePacked(_ bytes: ByteBuffer, _ packing: Packing) -> Int {
        guard bytes.readableBytes >= Self.minimumPackedBytes else { return 0 }
        let begin = writerIndex
        let bound = jade_pack_bound(packing.code, bytes.readableBytes)
        let size = writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { out in
            bytes.withUnsafeReadableBytes { source in
                jade_pack(
                    packing.code, source.bindMemory(to: UInt8.self).baseAddress, source.count,
                    out.bindMemory(to: UInt8.self).baseAddress, out.count)
            }
        }
        guard size > 0, size < bytes.readableBytes else {
            moveWriterIndex(to: begin)
            return 0
        }
        return size
    }
}
