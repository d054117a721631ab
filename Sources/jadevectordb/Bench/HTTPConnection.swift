import Foundation
import JadeCore

/// Where a server listens.
struct Endpoint: Sendable {
    let host: String
    let port: Int
    /// Before the routes, without a slash at the end.
    let path: String

    init(url: String) throws(JadeError) {
        guard let parts = URL(string: url), parts.scheme == "http", let host = parts.host else {
            throw .invalidArgument("url is \(url.debugDescription), measured are servers at addresses like http://127.0.0.1:8080")
        }
        self.host = host
        port = parts.port ?? 80
        path = parts.path
    }
}

/// One connection that sends requests as they are and reads as much of an answer as it takes to find the next one.
final class HTTPConnection {
    private let socket: Int32
    private var buffer = [UInt8](repeating: 0, count: 1 << 16)

    init(_ endpoint: Endpoint) throws(JadeError) {
        var hints = addrinfo()
        hints.ai_socktype = Self.stream
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(endpoint.host, String(endpoint.port), &hints, &found) == 0, let address = found?.pointee else {
            throw .unavailable("the host \(endpoint.host) is not known")
        }
        defer { freeaddrinfo(found) }
        socket = Foundation.socket(address.ai_family, address.ai_socktype, address.ai_protocol)
        guard socket >= 0, connect(socket, address.ai_addr, address.ai_addrlen) == 0 else {
            throw .unavailable("no server answers at http://\(endpoint.host):\(endpoint.port): start one with \"jadevectordb serve\"")
        }
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { if socket >= 0 { close(socket) } }

    /// Sends a request and waits until its answer has come; anything but 200 is an error.
    func exchange(_ request: [UInt8]) throws(JadeError) {
        guard ByteSink.writeAll(request, to: socket) else { throw .unavailable("the server closed the connection") }
        var filled = 0
        while true {
            let count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress! + filled, $0.count - filled, 0) }
            guard count > 0 else { throw .unavailable("the server closed the connection in the middle of an answer") }
            filled += count
            if let length = try answerLength(in: buffer[..<filled]), filled >= length { return }
            if filled == buffer.count { buffer += [UInt8](repeating: 0, count: buffer.count) }
        }
    }

    /// Bytes of head and body; nil as long as the head is not there.
    private func answerLength(in bytes: ArraySlice<UInt8>) throws(JadeError) -> Int? {
        guard let end = Self.headEnd(bytes) else { return nil }
        let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
        guard head.hasPrefix("http/1.1 200 ") else {
            throw .unavailable("the server answered \(head.prefix { !$0.isNewline })")
        }
        guard let field = head.split(separator: "\r\n").first(where: { $0.hasPrefix("content-length:") }),
            let length = Int(field.dropFirst("content-length:".count).filter { !$0.isWhitespace })
        else { throw .internal("the answer does not say its length") }
        return end + length
    }

    private static func headEnd(_ bytes: ArraySlice<UInt8>) -> Int? {
        var position = bytes.startIndex
        while position + 3 < bytes.endIndex {
            if bytes[position] == 13, bytes[position + 1] == 10, bytes[position + 2] == 13, bytes[position + 3] == 10 { return position + 4 }
            position += 1
        }
        return nil
    }

    #if canImport(Glibc)
    private static let stream = Int32(SOCK_STREAM.rawValue)
    #else
    private static let stream = SOCK_STREAM
    #endif
}
