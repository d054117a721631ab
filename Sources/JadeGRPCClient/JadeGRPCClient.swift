public import JadeAPI
public import JadeCore

/// A server's databases as a ``DatabaseService`` over gRPC: the same calls as the embedded engine and as `JadeClient`.
///
/// ```swift
/// let client = try JadeGRPCClient(host: "127.0.0.1", port: 50051)
/// let response = try await client.search(SearchRequest(query: .values(values)), in: "docs")
/// await client.shutdown()
/// ```
///
/// All calls share one connection, which is made by the first call and made anew when it broke. A call that fails before the server
/// has answered is tried again when repeating it changes nothing more; see ``Options``. Every error is a ``JadeError``: the server's
/// own, code and message kept, or `unavailable` with the address when no server answers.
public final class JadeGRPCClient: DatabaseService {
    /// How patient the client is.
    public struct Options: Sendable, Hashable {
        /// Milliseconds to establish a connection.
        public var connectTimeoutMilliseconds = 5_000
        /// Milliseconds for one call, retries not counted; the server stops working on it then too. Streams have no such limit.
        public var callTimeoutMilliseconds = 60_000
        /// Further tries after the first one; 0 never repeats a call.
        public var retries = 3
        /// Milliseconds before the first retry; each further one waits twice as long, up to ``maximumBackoffMilliseconds``, and
        /// a random part of it less, so that many clients do not come back at the same moment.
        public var backoffMilliseconds = 100
        public var maximumBackoffMilliseconds = 5_000
        /// Bytes of one message of an answer.
        public var maximumMessageBytes = 1 << 30
        /// Writes of an upload that may wait for their answers. Each is held in memory until the server has made room for it.
        public var uploadWindow = 4
        /// Searches of a stream that may wait for their answers.
        public var searchWindow = 64
        /// An API key or an access token, sent with every call; nil sends none.
        public var credential: String?
        /// Whether the server speaks TLS. It has to show a certificate for the host.
        public var isEncrypted = false
        /// PEM file of the authorities to trust; nil trusts those of the system.
        public var authorityFile: String?
        /// PEM files of a certificate to show the server, and of its key.
        public var certificateFile: String?
        public var keyFile: String?

        public init() {}
    }

    /// Where the server is: `127.0.0.1:50051`.
    public let address: String
    let transport: Transport

    /// A client of the server at the address. Nothing is sent before the first call.
    public init(host: String, port: Int, options: Options = Options()) throws(JadeError) {
        guard (1...65_535).contains(port), !host.isEmpty, !host.contains(where: \.isWhitespace) else {
            throw .invalidArgument("the server's address is \("\(host):\(port)".debugDescription), expected a host and a port like 127.0.0.1 and 50051")
        }
        address = "\(host):\(port)"
        transport = try Transport(host: host, port: port, options: options)
    }

    /// Closes the connection; no call may follow.
    public func shutdown() async { await transport.shutdown() }
}
