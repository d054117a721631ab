internal import JadeCore
internal import JadeProto
internal import NIOCore
internal import NIOHPACK
internal import NIOHTTP2
internal import SwiftProtobuf

/// Sends calls and gives back their answers; everything else becomes a ``JadeError``.
struct Transport: Sendable {
    let address: String
    let options: JadeGRPCClient.Options
    private let connection: Connection

    init(host: String, port: Int, options: JadeGRPCClient.Options) throws(JadeError) {
        address = "\(host):\(port)"
        self.options = options
        connection = Connection(
            host: host, port: port, connectTimeoutMilliseconds: options.connectTimeoutMilliseconds,
            encryption: options.isEncrypted ? try Encryption(options, host: host) : nil)
    }

    func shutdown() async { await connection.shutdown() }

    /// - Parameter repeatable: whether calling a second time leaves the server as calling once does.
    func unary<Answer: Message>(
        _ path: String, _ question: some Message, repeatable: Bool = true
    ) async throws(JadeError) -> Answer {
        let message = try Framing.encode(question)
        var attempt = 0
        while true {
            let end: CallEnd
            do throws(CallEnd) {
                return try Self.decode(try await once(path, message), address)
            } catch {
                end = error
            }
            guard attempt < options.retries, isRetryable(end, repeatable) else { throw explained(end) }
            let pause = Backoff.milliseconds(attempt: attempt, options: options)
            do { try await Task.sleep(for: .milliseconds(pause)) } catch { throw .cancelled("the call was cancelled") }
            attempt += 1
        }
    }

    /// Opens a call whose messages are sent one by one.
    ///
    /// - Parameter message: the only one, where there is only one.
    func stream(_ path: String, message: ByteBuffer? = nil) async throws(CallEnd) -> ClientStream {
        let inbox = Inbox()
        let channel = try await open(path, message: message, timeout: nil, inbox: inbox)
        return ClientStream(channel: channel, inbox: inbox)
    }

    private func once(_ path: String, _ message: ByteBuffer) async throws(CallEnd) -> ByteBuffer {
        let inbox = Inbox()
        let timeout = options.callTimeoutMilliseconds
        let channel = try await open(path, message: message, timeout: timeout, inbox: inbox)
        let first = await withTaskCancellationHandler { await inbox.next() } onCancel: { channel.close(promise: nil) }
        if Task.isCancelled, case .failure = first {
            throw CallEnd(stage: .answered, failure: CallFailure(.cancelled("the call was cancelled")))
        }
        guard let answer = try first.get() else {
            throw CallEnd(stage: .answered, failure: CallFailure(.internal("the server gave no answer")))
        }
        _ = try await inbox.next().get()
        return answer
    }

    private func open(
        _ path: String, message: ByteBuffer?, timeout: Int?, inbox: Inbox
    ) async throws(CallEnd) -> any Channel {
        let headers = headers(path, timeout)
        let limit = options.maximumMessageBytes
        do {
            return try await connection.ready().flatMap { ready in
                let promise = ready.channel.eventLoop.makePromise(of: (any Channel).self)
                ready.streams.createStreamChannel(promise: promise) { stream in
                    stream.eventLoop.makeCompletedFuture {
                        try stream.pipeline.syncOperations.addHandler(
                            ClientCall(
                                headers, message: message, timeout: timeout.map { .milliseconds(Int64($0)) },
                                maximumMessageBytes: limit, inbox: inbox))
                    }
                }
                return promise.futureResult
            }.get()
        } catch {
            throw CallEnd(
                stage: .unsent,
                failure: CallFailure(.unavailable("no server answers at \(address): start one with \"jadevectordb serve --grpc-port\"")))
        }
    }

    private func headers(_ path: String, _ timeout: Int?) -> HPACKHeaders {
        var headers: HPACKHeaders = [
            ":method": "POST", ":scheme": options.isEncrypted ? "https" : "http", ":path": path, ":authority": address, "te": "trailers",
            "content-type": "application/grpc", "user-agent": "jadevectordb-swift",
        ]
        if let timeout { headers.add(name: CallTimeout.header, value: CallTimeout.text(milliseconds: timeout)) }
        if let credential = options.credential {
            headers.add(name: "authorization", value: "Bearer \(credential)", indexing: .neverIndexed)
        }
        return headers
    }

    static func decode<Answer: Message>(_ bytes: ByteBuffer, _ address: String) throws(CallEnd) -> Answer {
        do throws(JadeError) {
            return try Framing.decode(from: bytes)
        } catch {
            let reason = JadeError.internal("\(address) gave an answer that is not understood: \(error.message)")
            throw CallEnd(stage: .answered, failure: CallFailure(reason))
        }
    }

    private func isRetryable(_ end: CallEnd, _ repeatable: Bool) -> Bool {
        switch end.stage {
        case .unsent: true
        case .unknown: repeatable
        case .answered: end.failure.code == .unavailable || end.failure.error.code == .overloaded
        }
    }

    /// The failure in words that say where it was.
    func explained(_ end: CallEnd) -> JadeError {
        switch (end.stage, end.failure.code) {
        case (.answered, .deadlineExceeded):
            .unavailable("\(address) did not answer within \(Double(options.callTimeoutMilliseconds) / 1_000) seconds: it may be busy")
        case (.unknown, _): .unavailable("\(address): \(end.failure.error.message)")
        default: end.failure.error
        }
    }
}

/// How long to wait before another try: twice as long after each, half of it random.
enum Backoff {
    static func milliseconds(attempt: Int, options: JadeGRPCClient.Options) -> Int {
        let doubled = options.backoffMilliseconds << min(attempt, 16)
        let longest = max(1, min(doubled, options.maximumBackoffMilliseconds))
        return Int.random(in: (longest + 1) / 2...longest)
    }
}
