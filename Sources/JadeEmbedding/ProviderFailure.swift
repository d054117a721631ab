import AsyncHTTPClient
import JadeCore
import NIOCore

/// Why one request to a provider came to nothing.
struct ProviderFailure: Error {
    let error: JadeError
    /// Whether another try may end otherwise.
    var mayPass = true
    /// Whether it speaks against the provider rather than against the request.
    var isOutage = true
    var retryAfterSeconds: Int?

    private init(_ error: JadeError, mayPass: Bool = true, isOutage: Bool = true) {
        self.error = error
        self.mayPass = mayPass
        self.isOutage = isOutage
    }

    static func garbage(_ what: String, _ provider: EmbeddingProvider) -> ProviderFailure {
        ProviderFailure(.unavailable("embedding provider \"\(provider.name)\" gave an answer that is not understood: \(what)"))
    }

    init(status: Int, body: [UInt8], retryAfter: String?, _ provider: EmbeddingProvider) {
        let name = "embedding provider \"\(provider.name)\""
        let words = String(decoding: body.prefix(200), as: UTF8.self).filter { !$0.isNewline }
        switch status {
        case 401, 403:
            self.init(.unavailable("\(name) refused its key with status \(status): set \(provider.keyVariable)"), mayPass: false)
        case 429:
            self.init(.overloaded("\(name) takes no more requests for now"))
        case 408, 425, 500...599:
            self.init(.unavailable("\(name) answered with status \(status): \(words)"))
        case 413: self.init(.tooLarge("\(name) refused the texts as too large: \(words)"), mayPass: false, isOutage: false)
        case 404: self.init(.unavailable("\(name) has nothing at \(provider.url) for model \(provider.model): \(words)"), mayPass: false)
        default: self.init(.invalidArgument("\(name) refused the texts with status \(status): \(words)"), mayPass: false, isOutage: false)
        }
        retryAfterSeconds = retryAfter.flatMap { Int($0) }
    }

    init(_ cause: any Error, _ provider: EmbeddingProvider, timeoutMilliseconds: Int) {
        let name = "embedding provider \"\(provider.name)\""
        switch cause {
        case is CancellationError: self.init(.cancelled("the embedding of texts was cancelled"), mayPass: false, isOutage: false)
        case let error as HTTPClientError where error == .cancelled:
            self.init(.cancelled("the embedding of texts was cancelled"), mayPass: false, isOutage: false)
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            self.init(.unavailable("\(name) did not answer within \(Double(timeoutMilliseconds) / 1_000) seconds"))
        case is NIOTooManyBytesError:
            self.init(.unavailable("\(name) gave an answer of more than \(Limits.maximumEmbeddingAnswerBytes) bytes"), mayPass: false)
        default: self.init(.unavailable("\(name) cannot be reached at \(provider.url)"))
        }
    }
}
