internal import AsyncHTTPClient
internal import JadeCore
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL

/// The body of a good answer, and its media type.
struct Received: Sendable {
    var body: [UInt8]
    var type: String?
}

/// Sends one request and gives back the body of a good answer; everything else becomes a ``JadeError``.
struct Transport: Sendable {
    let baseURL: String
    let options: JadeClient.Options
    private let observer: (@Sendable (SentRequest) -> Void)?
    private let client: HTTPClient

    init(baseURL: String, options: JadeClient.Options, observer: (@Sendable (SentRequest) -> Void)? = nil) throws(JadeError) {
        self.observer = observer
        self.baseURL = baseURL
        self.options = options
        var configuration = HTTPClient.Configuration()
        configuration.timeout.connect = .milliseconds(Int64(options.connectTimeoutMilliseconds))
        // Repeating is decided here, where it is known whether a request may be repeated.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 64
        configuration.httpVersion = .http1Only
        configuration.redirectConfiguration = .disallow
        configuration.tlsConfiguration = try Self.tls(options)
        self.client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    private static func tls(_ options: JadeClient.Options) throws(JadeError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        do {
            if let file = options.authorityFile { configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file)) }
            if let file = options.certificateFile {
                configuration.certificateChain = try NIOSSLCertificate.fromPEMFile(file).map { .certificate($0) }
                configuration.privateKey = .privateKey(try NIOSSLPrivateKey(file: options.keyFile ?? file, format: .pem))
            }
        } catch {
            let files = [options.authorityFile, options.certificateFile, options.keyFile].compactMap { $0 }.joined(separator: ", ")
            throw .invalidArgument("TLS cannot be set up from \(files): \(error)")
        }
        return configuration
    }

    func shutdown() async throws(JadeError) {
        do { try await client.shutdown() } catch { throw .internal("the client could not be shut down: \(error)") }
    }

    /// - Parameter repeatable: whether sending the request a second time leaves the server as sending it once does.
    func send(_ request: Request) async throws(JadeError) -> Received {
        observer?(
            SentRequest(
                method: request.method.rawValue, url: baseURL + request.path, body: request.body, contentType: request.type,
                headers: request.headers))
        var attempt = 0
        while true {
            let failure: Failure
            do {
                return try await sendOnce(request)
            } catch {
                failure = error
            }
            guard attempt < options.retries, failure.isRetryable(request) else { throw failure.error }
            let pause = Backoff.milliseconds(attempt: attempt, options: options, retryAfterSeconds: failure.retryAfterSeconds)
            do { try await Task.sleep(for: .milliseconds(pause)) } catch { throw .cancelled("the request was cancelled") }
            attempt += 1
        }
    }

    private func sendOnce(_ request: Request) async throws(Failure) -> Received {
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            response = try await client.execute(
                message(for: request), timeout: .milliseconds(Int64(options.requestTimeoutMilliseconds)))
            body = try await response.body.collect(upTo: options.maximumResponseBytes)
        } catch {
            throw Failure(error, baseURL: baseURL, options: options)
        }
        let bytes = Array(body.readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            throw Failure(
                status: Int(response.status.code), body: bytes, retryAfter: response.headers.first(name: "retry-after"),
                baseURL: baseURL)
        }
        return Received(body: bytes, type: response.headers.first(name: "content-type"))
    }

    private func message(for request: Request) -> HTTPClientRequest {
        var message = HTTPClientRequest(url: baseURL + request.path)
        message.method = HTTPMethod(rawValue: request.method.rawValue)
        message.headers.add(name: "accept", value: (request.prefers.map { "\($0), " } ?? "") + Request.json)
        if let credential = options.credential { message.headers.add(name: "authorization", value: "Bearer \(credential)") }
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        if let body = request.body {
            message.headers.add(name: "content-type", value: request.type)
            message.body = .bytes(ByteBuffer(bytes: body))
        }
        return message
    }
}
