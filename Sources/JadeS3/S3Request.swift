internal import AsyncHTTPClient
internal import JadeCore
internal import JadeIO
internal import JadeStorage
internal import NIOCore
internal import NIOHTTP1

/// A request before it is signed, and what came back.
struct S3Request: Sendable {
    var method: String
    /// Below the bucket; nil is the bucket itself.
    var key: String?
    var query: [(name: String, value: String)] = []
    /// Sent and not signed.
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
}

struct S3Answer: Sendable {
    var status: Int
    var length: Int?
    var body: [UInt8]

    /// `NoSuchKey`, as the error document has it; empty where there is none.
    var errorCode: String {
        var text = String(decoding: body.prefix(4_096), as: UTF8.self)[...]
        return S3Listing.element("Code", in: &text).map { String($0.prefix(64)) } ?? ""
    }
}

/// What became of a request and its repetitions.
struct S3Outcome: Sendable {
    var answer: S3Answer
    /// Whether a try before may have taken effect although it looked like a failure.
    var mayHaveHappened: Bool
}

extension S3ObjectStore {
    private static let repeated: Set<Int> = [408, 409, 425, 429, 500, 502, 503, 504]

    /// Sends a request until there is an answer that another try would not change.
    func send(_ request: S3Request) async throws(JadeError) -> S3Outcome {
        var mayHaveHappened = false
        var reason = ""
        for attempt in 0..<patience.tries {
            if attempt > 0 {
                let pause = patience.pause(before: attempt - 1, chance: random.word())
                do { try await Task.sleep(for: .milliseconds(pause)) } catch { throw .cancelled("the request to \(place) was cancelled") }
            }
            do {
                let answer = try await sendOnce(request)
                guard Self.repeated.contains(answer.status) else { return S3Outcome(answer: answer, mayHaveHappened: mayHaveHappened) }
                reason = "it answers with status \(answer.status) \(answer.errorCode)"
                // A conflict was decided against us; behind the others anything may have been stored.
                if answer.status != 409 { mayHaveHappened = true }
            } catch is CancellationError {
                throw .cancelled("the request to \(place) was cancelled")
            } catch {
                if Task.isCancelled { throw .cancelled("the request to \(place) was cancelled") }
                reason = "\(error)"
                mayHaveHappened = true
            }
        }
        throw .unavailable("\(place) cannot be reached, after \(patience.tries) tries: \(reason)")
    }

    /// One for the process, which is never shut down: connections belong to hosts and not to stores.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        // Asking again is decided here, where it is counted.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.redirectConfiguration = .disallow
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    private func sendOnce(_ request: S3Request) async throws -> S3Answer {
        let response = try await Self.client.execute(
            signed(request), timeout: .milliseconds(Int64(patience.timeoutMilliseconds)))
        let body = try await response.body.collect(upTo: Limits.maximumObjectBytes)
        return S3Answer(
            status: Int(response.status.code), length: response.headers.first(name: "content-length").flatMap { Int($0) },
            body: Array(body.readableBytesView))
    }

    private func signed(_ request: S3Request) -> HTTPClientRequest {
        let time = CalendarTime(milliseconds: clock.wallMilliseconds)
        let digest = SHA256.digest(request.body).hexadecimal
        let path = "/" + URLText.encoded(([bucket.bucket, request.key].compactMap { $0 }).joined(separator: "/"), keepsSlashes: true)
        let signature = Signature(
            method: request.method, path: path, query: request.query,
            headers: [("host", bucket.host), ("x-amz-content-sha256", digest), ("x-amz-date", time.second)],
            payloadDigest: digest, time: time, region: bucket.region)
        let query = signature.canonicalQuery
        var message = HTTPClientRequest(url: bucket.endpoint + path + (query.isEmpty ? "" : "?\(query)"))
        message.method = HTTPMethod(rawValue: request.method)
        for header in signature.headers where header.name != "host" { message.headers.add(name: header.name, value: header.value) }
        for header in request.headers { message.headers.add(name: header.name, value: header.value) }
        message.headers.add(
            name: "authorization", value: signature.authorization(accessKey: bucket.accessKey, secretKey: bucket.secretKey))
        if !request.body.isEmpty || request.method == "PUT" { message.body = .bytes(ByteBuffer(bytes: request.body)) }
        return message
    }

    /// What an answer that is no success means.
    func error(_ answer: S3Answer, _ doing: String) -> JadeError {
        let text = "\(place) cannot \(doing): status \(answer.status) \(answer.errorCode)"
        switch answer.status {
        case 404: return .notFound(text)
        case 507: return .resourceExhausted(text)
        case 400...499: return .invalidArgument(text)
        default: return .unavailable(text)
        }
    }
}
