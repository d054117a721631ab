internal import AsyncHTTPClient
internal import JadeAPI
internal import JadeCore
internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Why one try failed, and whether another one may help.
struct Failure: Error {
    enum Stage {
        /// No connection: the server has not seen the request.
        case unsent
        /// The server may have carried the request out, or not.
        case unknown
        /// The server declined for now.
        case declined
        /// Trying again would end the same way.
        case final
    }

    let stage: Stage
    let error: JadeError
    var retryAfterSeconds: Int?

    func isRetryable(_ request: Request) -> Bool {
        switch stage {
        case .unsent, .declined: true
        case .unknown: request.repeatable
        case .final: false
        }
    }
}

extension Failure {
    /// An answer that is not a success.
    init(status: Int, body: [UInt8], retryAfter: String?, baseURL: String) {
        let declined = status == 429 || status == 503
        stage = declined ? .declined : .final
        error = Self.error(status: status, body: body, baseURL: baseURL)
        retryAfterSeconds = declined ? retryAfter.flatMap { Int($0) } : nil
    }

    /// The server's own error; where the answer is not from one of ours, what the status says.
    private static func error(status: Int, body: [UInt8], baseURL: String) -> JadeError {
        if var problem = try? WireJSON.decode(Problem.self, from: body), problem.code != nil {
            problem.status = status
            return problem.error
        }
        let text = String(decoding: body.prefix(200), as: UTF8.self).filter { !$0.isNewline }
        return JadeError(ErrorCode(httpStatus: status), "\(baseURL) answered with status \(status)\(text.isEmpty ? "" : ": \(text)")")
    }

    /// No answer.
    init(_ cause: any Error, baseURL: String, options: JadeClient.Options) {
        switch cause {
        case let error as HTTPClientError:
            self.init(error, baseURL, options)
        case is CancellationError:
            self.init(stage: .final, error: .cancelled("the request was cancelled"))
        case is NIOConnectionError:
            self.init(stage: .unsent, error: Self.noServer(baseURL, cause))
        case let error as IOError where Self.neverConnected.contains(error.errnoCode):
            self.init(stage: .unsent, error: Self.noServer(baseURL, cause))
        case is NIOTooManyBytesError:
            let limit = options.maximumResponseBytes
            self.init(stage: .final, error: .tooLarge("the answer is larger than \(limit) bytes: ask for fewer vectors"))
        default:
            self.init(stage: .unknown, error: .unavailable("the connection to \(baseURL) broke: \(cause)"))
        }
    }

    private init(_ cause: HTTPClientError, _ baseURL: String, _ options: JadeClient.Options) {
        switch cause {
        case .cancelled:
            self.init(stage: .final, error: .cancelled("the request was cancelled"))
        case .deadlineExceeded, .readTimeout:
            let seconds = Double(options.requestTimeoutMilliseconds) / 1_000
            self.init(
                stage: .final,
                error: .unavailable("\(baseURL) did not answer within \(seconds) seconds: it may be busy; look at \(baseURL)/status"))
        case .connectTimeout, .getConnectionFromPoolTimeout:
            self.init(stage: .unsent, error: Self.noServer(baseURL, cause))
        case .invalidURL, .emptyHost:
            self.init(stage: .final, error: .invalidArgument("url \(baseURL) cannot be used: \(cause)"))
        default:
            self.init(stage: .unknown, error: .unavailable("the connection to \(baseURL) broke: \(cause)"))
        }
    }

    /// What the system says when a connection does not come about.
    private static let neverConnected = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENETDOWN, EADDRNOTAVAIL]

    private static func noServer(_ baseURL: String, _ cause: any Error) -> JadeError {
        if let connection = cause as? NIOConnectionError, connection.connectionErrors.isEmpty {
            return .unavailable("the host of \(baseURL) is not known: check the address")
        }
        return .unavailable("no server answers at \(baseURL): start one with \"jadevectordb serve\"")
    }
}
