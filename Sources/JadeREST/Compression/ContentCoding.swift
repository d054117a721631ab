import HTTPTypes
import JadeCompression
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

    var packing: Packing { self == .zstd ? .zstd : .gzip }

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

extension Reply {
    /// Packs the body as the client accepts it.
    mutating func pack(for accepted: String?) {
        // A strong tag names bytes: packed ones would need another.
        guard headers[.eTag] == nil else { return }
        guard body.readableBytes >= ByteBuffer.minimumPackedBytes else { return }
        headers[.vary] = "accept-encoding"
        guard let coding = ContentCoding.chosen(for: accepted) else { return }
        var packed = ByteBuffer()
        guard packed.writePacked(body, coding.packing) > 0 else { return }
        body = packed
        headers[.contentEncoding] = coding.rawValue
    }
}
