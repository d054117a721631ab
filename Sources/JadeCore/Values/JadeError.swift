/// What the caller should do about an error. A closed list: doors map each code to their own status.
public enum ErrorCode: String, Sendable, CaseIterable {
    /// The request is wrong: change it.
    case invalidArgument = "invalid_argument"
    /// Who is asking is not known: log in, or send a valid key.
    case unauthenticated
    /// Who is asking may not do this.
    case permissionDenied = "permission_denied"
    /// What the request names does not exist.
    case notFound = "not_found"
    /// What the request would create exists already, or has changed in between.
    case conflict
    /// What the request expects of what is stored is not so: read it again.
    case preconditionFailed = "precondition_failed"
    /// The request is larger than a limit: split it or raise the limit.
    case tooLarge = "too_large"
    /// Too much is under way: retry later.
    case overloaded
    /// This part of the system cannot answer now: retry, or look at its state.
    case unavailable
    /// Disk or memory is used up: reads go on, writes need space.
    case resourceExhausted = "resource_exhausted"
    /// Stored data failed a check: run `jadevectordb verify`.
    case corrupted
    /// The caller gave up.
    case cancelled
    /// A defect of ours.
    case `internal`
}

/// The one error that crosses module and network borders: a code that says what to do and a message with the values.
///
/// Messages are lower case, without a full stop: `vector has 768 dimensions, database "docs" expects 384`.
public struct JadeError: Error, Sendable, Hashable, CustomStringConvertible {
    public let code: ErrorCode
    public let message: String
    /// Seconds after which a retry may succeed, where that is known; doors say it in their own way.
    public let retryAfterSeconds: Int?

    public init(_ code: ErrorCode, _ message: String, retryAfterSeconds: Int? = nil) {
        self.code = code
        self.message = message
        self.retryAfterSeconds = retryAfterSeconds
    }

    public var description: String { "\(code.rawValue): \(message)" }

    public static func invalidArgument(_ message: String) -> JadeError { JadeError(.invalidArgument, message) }
    public static func unauthenticated(_ message: String) -> JadeError { JadeError(.unauthenticated, message) }
    public static func permissionDenied(_ message: String) -> JadeError { JadeError(.permissionDenied, message) }
    public static func notFound(_ message: String) -> JadeError { JadeError(.notFound, message) }
    public static func conflict(_ message: String) -> JadeError { JadeError(.conflict, message) }
    public static func preconditionFailed(_ message: String) -> JadeError { JadeError(.preconditionFailed, message) }
    public static func tooLarge(_ message: String) -> JadeError { JadeError(.tooLarge, message) }
    public static func overloaded(_ message: String, retryAfterSeconds: Int? = nil) -> JadeError {
        JadeError(.overloaded, message, retryAfterSeconds: retryAfterSeconds)
    }
    public static func unavailable(_ message: String) -> JadeError { JadeError(.unavailable, message) }
    public static func resourceExhausted(_ message: String) -> JadeError { JadeError(.resourceExhausted, message) }
    public static func corrupted(_ message: String) -> JadeError { JadeError(.corrupted, message) }
    public static func cancelled(_ message: String) -> JadeError { JadeError(.cancelled, message) }
    public static func `internal`(_ message: String) -> JadeError { JadeError(.internal, message) }

    /// A damaged file, described the one way all of them are.
    public static func corrupted(file: String, offset: Int, expected: String, found: String) -> JadeError {
        JadeError(.corrupted, "\(file) at offset \(offset): expected \(expected), found \(found)")
    }
}
