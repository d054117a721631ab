package import JadeCore

/// The status codes of gRPC, by their numbers on the wire.
package enum StatusCode: Int, Sendable, CaseIterable {
    case ok = 0
    case cancelled = 1
    case unknown = 2
    case invalidArgument = 3
    case deadlineExceeded = 4
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case outOfRange = 11
    case unimplemented = 12
    case `internal` = 13
    case unavailable = 14
    case dataLoss = 15
    case unauthenticated = 16

    /// What an error of ours is for gRPC: the one table.
    package init(_ code: ErrorCode) {
        switch code {
        case .invalidArgument: self = .invalidArgument
        case .unauthenticated: self = .unauthenticated
        case .permissionDenied: self = .permissionDenied
        case .notFound: self = .notFound
        case .conflict: self = .alreadyExists
        case .preconditionFailed: self = .failedPrecondition
        case .tooLarge, .overloaded, .resourceExhausted: self = .resourceExhausted
        case .unavailable: self = .unavailable
        case .corrupted: self = .dataLoss
        case .cancelled: self = .cancelled
        case .internal: self = .internal
        }
    }

    /// What a status without a code of ours means, such as one from a proxy in between.
    package var errorCode: ErrorCode {
        switch self {
        case .cancelled: .cancelled
        case .failedPrecondition: .preconditionFailed
        case .invalidArgument, .outOfRange, .unimplemented: .invalidArgument
        case .deadlineExceeded, .unavailable: .unavailable
        case .notFound: .notFound
        case .alreadyExists, .aborted: .conflict
        case .permissionDenied: .permissionDenied
        case .resourceExhausted: .overloaded
        case .dataLoss: .corrupted
        case .unauthenticated: .unauthenticated
        case .ok, .unknown, .internal: .internal
        }
    }
}

/// Why a call is not answered with what it asked for: an error of ours, or one that only gRPC knows.
package struct CallFailure: Error, Sendable, Hashable {
    package let code: StatusCode
    package let error: JadeError

    package init(_ error: JadeError) {
        code = StatusCode(error.code)
        self.error = error
    }

    package init(_ code: StatusCode, _ error: JadeError) {
        self.code = code
        self.error = error
    }
}
