import HTTPTypes
import JadeCore
import NIOHTTP1

/// Why a connection is given up before, or without, a request that could be answered.
enum ConnectionRefusal: Equatable {
    /// The request took longer than this many seconds.
    case tooSlow(seconds: Int64)
    case headTooLarge(limit: Int)
    case malformed(String)

    init(_ error: any Error, maximumHeaderBytes: Int) {
        if let error = error as? HTTPParserError, error == .headerOverflow {
            self = .headTooLarge(limit: maximumHeaderBytes)
        } else {
            self = .malformed("\(error)")
        }
    }

    var status: HTTPResponse.Status {
        switch self {
        case .tooSlow: .requestTimeout
        case .headTooLarge: .requestHeaderFieldsTooLarge
        case .malformed: .badRequest
        }
    }

    var detail: String {
        switch self {
        case .tooSlow(let seconds): "the request did not arrive within \(seconds) seconds"
        case .headTooLarge(let limit): "the request head is larger than \(limit) bytes or \(Limits.maximumHeaderFields) fields"
        case .malformed(let what): "the request is not well-formed HTTP: \(what)"
        }
    }
}
