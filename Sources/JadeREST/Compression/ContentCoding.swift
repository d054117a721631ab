import CJadeCompression
import HTTPTypes
import JadeCore
import NIOCore

/// How a body may be packed on its way (RFC 9110, section 8.4).
enum ContentCoding: String, CaseIterable {
    // In the order in which they are chosen for an answer.
    case zstd, gzip

    /// What a request's `Content-Encoding` says; `x-gzip` is gzip.
    init?(name: String) {
        let name = name.lowercased().filter { !$0.isWhitespace }
        self.init(rawValue: name == "x-gzip" ? "gzip" : name)
    }

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    var code: jade_coding { self == .zstd ? JADE_ZSTD : JADE_GZIP }

    /// The coding that suits an `Accept-Encoding` best (RFC 9110, section 12.5.3); nil leaves the answer as it is.
    static func chosen(for accepted: String?) -> ContentCoding? {
        guard let accepted else { return nil }
        var weights: [Substring: Double] = [:]
        for part in accepted.lowercased().split(separator: ",") {
            let pieces = part.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let name = pieces.first else { continue }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            weights[name[...]] = weight
        }
        let offered = allCases.map { ($0, weights[$0.rawValue[...]] ?? weights["*"] ?? 0) }
        guard let best = offered.max(by: { $0.1 < $1.1 }), best.1 > 0 else { return nil }
        return offered.first { $0.1 == best.1 }?.0
    }
}

/// Unpacks one body as it comes, a bounded piece at a time: what asks for a piece can stop before a small body has become a large one.
final class Unpacker {
    /// Bytes of one piece.
    private static let pieceBytes = 64 * 1024

    private let coding: ContentCoding
    private let handle: OpaquePointer
    /// Whether what has come so far is whole.
    private(set) var isWhole = false

    init(_ coding: ContentCoding) throws(JadeError) {
        guard let handle = jade_unpacker_create(coding.code) else { throw .resourceExhausted("no memory to unpack \(coding.rawValue)") }
        self.coding = coding
        self.handle = handle
    }

    deinit { jade_unpacker_destroy(handle) }

    /// Unpacks a chunk into `body`.
    ///
    /// - Parameter admit: Asked before each piece is kept, with its size.
    func unpack(_ chunk: ByteBuffer, into body: inout ByteBuffer, admit: (Int) throws(Refusal) -> Void) throws(Refusal) {
        var rest = chunk
        while true {
            // The unpacker may hold bytes back even when the chunk is used up: it is done when it leaves room.
            let piece = step(&rest, &body)
            guard piece.status != JADE_UNPACK_CORRUPT else { throw corrupt }
            guard piece.status != JADE_UNPACK_MEMORY else {
                throw Refusal(.resourceExhausted("no memory to unpack \(coding.rawValue)"))
            }
            isWhole = piece.status == JADE_UNPACK_END
            try admit(piece.produced)
            if rest.readableBytes == 0, piece.produced < Self.pieceBytes { return }
            guard piece.consumed > 0 || piece.produced > 0 else { throw corrupt }
        }
    }

    private var corrupt: Refusal { Refusal(.invalidArgument("the request body is not whole \(coding.rawValue)")) }

    private func step(
        _ rest: inout ByteBuffer, _ body: inout ByteBuffer
    ) -> (status: jade_unpacked, consumed: Int, produced: Int) {
        var (consumed, produced) = (0, 0)
        var status = JADE_UNPACK_MORE
        body.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceBytes) { out in
            status = rest.withUnsafeReadableBytes { source in
                jade_unpacker_run(
                    handle, source.bindMemory(to: UInt8.self).baseAddress, source.count, &consumed,
                    out.bindMemory(to: UInt8.self).baseAddress, Self.pieceBytes, &produced)
            }
            return produced
        }
        rest.moveReaderIndex(forwardBy: consumed)
        return (status, consumed, produced)
    }
}

extension Reply {
    /// Answers below this many bytes go as they are: packing costs more than it saves.
    private static let minimumPackedBytes = 1_024

    /// Packs the body as the client accepts it.
    mutating func pack(for accepted: String?) {
        guard body.readableBytes >= Self.minimumPackedBytes else { return }
        headers[.vary] = "accept-encoding"
        guard let coding = ContentCoding.chosen(for: accepted) else { return }
        var packed = ByteBuffer()
        let bound = jade_pack_bound(coding.code, body.readableBytes)
        let size = packed.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { out in
            body.withUnsafeReadableBytes { source in
                jade_pack(
                    coding.code, source.bindMemory(to: UInt8.self).baseAddress, source.count,
                    out.bindMemory(to: UInt8.self).baseAddress, out.count)
            }
        }
        guard size > 0, size < body.readableBytes else { return }
        body = packed
        headers[.contentEncoding] = coding.rawValue
    }
}
