package import JadeCore

/// The one table from error codes to HTTP.
extension ErrorCode {
    /// The HTTP status that says the same.
    package var httpStatus: Int {
        switch self {
        case .invalidArgument: 400
        case .unauthenticated: 401
        case .permissionDenied: 403
        case .notFound: 404
        case .conflict: 409
        case .preconditionFailed: 412
        case .tooLarge: 413
        case .overloaded: 429
        case .cancelled: 499
        case .corrupted: 500
        case .internal: 500
        case .unavailable: 503
        case .resourceExhausted: 507
        }
    }

    /// The phrase that goes with the status.
    package var httpTitle: String {
        switch self {
        case .invalidArgument: "Bad Request"
        case .unauthenticated: "Unauthorized"
        case .permissionDenied: "Forbidden"
        case .notFound: "Not Found"
        case .conflict: "Conflict"
        case .preconditionFailed: "Precondition Failed"
        case .tooLarge: "Content Too Large"
        case .overloaded: "Too Many Requests"
        case .cancelled: "Client Closed Request"
        case .corrupted, .internal: "Internal Server Error"
        case .unavailable: "Service Unavailable"
        case .resourceExhausted: "Insufficient Storage"
        }
    }

    /// What an answer without a code of ours means, such as one from a proxy in between.
    package init(httpStatus: Int) {
        switch httpStatus {
        case 401: self = .unauthenticated
        case 403: self = .permissionDenied
        case 404: self = .notFound
        case 409: self = .conflict
        case 412: self = .preconditionFailed
        case 413: self = .tooLarge
        case 429: self = .overloaded
        case 499: self = .cancelled
        case 502, 503, 504: self = .unavailable
        case 507: self = .resourceExhausted
        case 400..<500: self = .invalidArgument
        default: self = .internal
        }
    }
}
