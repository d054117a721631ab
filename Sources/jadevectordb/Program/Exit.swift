import Foundation
import JadeCore

/// What the program's exit says: scripts branch on it, so a number never changes its meaning.
enum Exit: Int32 {
    case done = 0
    case failed = 1
    case usage = 2
    case notFound = 3
    case notReachable = 4

    static func code(for error: JadeError) -> Exit {
        switch error.code {
        case .notFound: .notFound
        case .unavailable: .notReachable
        case .invalidArgument, .unauthenticated, .permissionDenied, .conflict, .preconditionFailed, .tooLarge, .overloaded, .resourceExhausted, .corrupted, .cancelled, .internal: .failed
        }
    }

    static func now(_ code: Exit) -> Never { exit(code.rawValue) }
}
