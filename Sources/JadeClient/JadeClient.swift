internal import AsyncHTTPClient
public import JadeAPI
public import JadeCore

/// A server's databases as a ``DatabaseService``: the same calls as the embedded engine, over HTTP.
///
/// ```swift
/// let client = try JadeClient(url: "http://127.0.0.1:8080")
/// let response = try await client.search(SearchRequest(query: .values(values)), in: "docs")
/// try await client.shutdown()
/// ```
///
/// Connections are kept and shared by all calls. A call that fails before the server has answered is tried again when
/// repeating it changes nothing more; see ``Options``. Every error is a ``JadeError``: the server's own, code and message kept,
/// or `unavailable` with the address when no server answers.
public final class JadeClient: DatabaseService {
    /// How patient the client is.
    public struct Options: Sendable, Hashable {
        /// Milliseconds to establish a connection.
        public var connectTimeoutMilliseconds = 5_000
        /// Milliseconds for one request and its answer, retries not counted.
        public var requestTimeoutMilliseconds = 60_000
        /// Further tries after the first one; 0 never repeats a request.
        public var retries = 3
        /// Milliseconds before the first retry; each further one waits twice as long, up to ``maximumBackoffMilliseconds``, and
        /// a random part of it less, so that many clients do not come back at the same moment.
        public var backoffMilliseconds = 100
        public var maximumBackoffMilliseconds = 5_000
        /// An API key or an access token, sent with every request; nil sends none.
        public var credential: String?
        /// PEM file of the authorities to trust; nil trusts those of the system.
        public var authorityFile: String?
        /// PEM files of a certificate to show the server, and of its key.
        public var certificateFile: String?
        public var keyFile: String?
        /// How vectors travel.
        public var encoding = Encoding.frames
        /// Bytes of one answer.
        public var maximumResponseBytes = 1 << 30

        public init() {}
    }

    public enum Encoding: Sendable, Hashable {
        /// Vectors as bytes, which are shorter than JSON and quicker to read; everything else as JSON.
        case frames
        /// Everything as JSON, which people can read.
        case json
    }

    /// Where the server is, without a slash at the end.
    public let url: String
    let transport: Transport

    /// A client of the server at `url`, such as `http://127.0.0.1:8080`. Nothing is sent before the first call.
    ///
    /// - Parameter observer: Called with each request before it is sent, and not again for its retries.
    public init(url: String, options: Options = Options(), observer: (@Sendable (SentRequest) -> Void)? = nil) throws(JadeError) {
        self.url = try Self.normalized(url)
        self.transport = try Transport(baseURL: self.url, options: options, observer: observer)
    }

    /// Closes the connections; no call may follow. Has to be called before the client goes away.
    public func shutdown() async throws(JadeError) {
        try await transport.shutdown()
    }

    private static func normalized(_ url: String) throws(JadeError) -> String {
        var rest = url[...]
        while rest.hasSuffix("/") { rest = rest.dropLast() }
        guard let scheme = ["http://", "https://"].first(where: { rest.hasPrefix($0) }), rest.count > scheme.count,
            !rest.contains(where: { $0.isWhitespace || $0 == "?" || $0 == "#" })
        else {
            throw .invalidArgument("url is \(url.debugDescription), expected one like \"http://127.0.0.1:8080\"")
        }
        return String(rest)
    }
}
