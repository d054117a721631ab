import Dispatch
import Glibc
import JadeTestSupport

/// A TCP connection that sends exactly the bytes it is told to, for what no HTTP client would do.
struct RawConnection {
    struct ConnectionRefused: Error {}

    private let socket: Int32
    /// Blocking calls stay off the threads that the server needs.
    private static let queue = DispatchQueue(label: "raw connections", attributes: .concurrent)

    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let socket = socket
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw ConnectionRefused() }
        // A server that never answers fails the test instead of hanging it.
        SystemTimes.limitReads(from: socket, toSeconds: 30)
    }

    /// A connection that sends the bytes and waits until the server has closed it, or says nothing more.
    static func send(_ bytes: [UInt8], port: Int) async throws {
        let connection = try RawConnection(port: port)
        await connection.send(bytes)
        shutdown(connection.socket, Int32(SHUT_WR))
        _ = await connection.receive()
        connection.close()
    }

    func send(_ text: String) async { await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async {
        let socket = socket
        await Self.offThread {
            var sent = 0
            while sent < bytes.count {
                let count = bytes[sent...].withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                guard count > 0 else { return }
                sent += count
            }
        }
    }

    /// Everything until the server closes the connection, or a first answer that holds the text.
    func receive(until mark: String? = nil) async -> String {
        let socket = socket
        return await Self.offThread {
            var bytes: [UInt8] = []
            var chunk = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = chunk.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
                guard count > 0 else { break }
                bytes += chunk[..<count]
                if let mark, String(decoding: bytes, as: UTF8.self).contains(mark) { break }
            }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    func close() { _ = Glibc.close(socket) }

    private static func offThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: body()) }
        }
    }
}
