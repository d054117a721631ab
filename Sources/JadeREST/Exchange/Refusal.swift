import HTTPTypes
import JadeAPI
import JadeCore
import JadeJSON
import NIOCore

/// Why a request is not answered with what it asked for: an error of ours, or one that only HTTP knows.
struct Refusal: Error {
    let error: JadeError
    let status: HTTPResponse.Status
    var headers: HTTPFields = [:]

    init(_ error: JadeError) {
        self.error = error
        self.status = HTTPResponse.Status(code: error.code.httpStatus)
        if error.code == .overloaded { headers[.retryAfter] = String(error.retryAfterSeconds ?? 1) }
        if error.code == .unauthenticated { headers[.wwwAuthenticate] = "Bearer" }
    }

    private init(_ status: HTTPResponse.Status, _ error: JadeError, headers: HTTPFields = [:]) {
        self.error = error
        self.status = status
        self.headers = headers
    }

    init(_ refusal: ConnectionRefusal) {
        self.init(refusal.status, .invalidArgument(refusal.detail), headers: [.connection: "close"])
    }

    static func unknownPath(_ path: String) -> Refusal { Refusal(.notFound("there is nothing at \(path.debugDescription)")) }

    static func method(_ method: HTTPRequest.Method, allowed: [HTTPRequest.Method]) -> Refusal {
        let names = Set(allowed.map(\.rawValue) + (allowed.contains(.get) ? ["HEAD"] : [])).sorted().joined(separator: ", ")
        return Refusal(
            .methodNotAllowed, .invalidArgument("method \(method) is not allowed here, expected \(names)"), headers: [.allow: names])
    }

    static func bodyTooLarge(_ size: Int, limit: Int) -> Refusal {
        Refusal(
            .contentTooLarge, .tooLarge("request body has at least \(size) bytes, the limit is \(limit)"),
            headers: [.connection: "close"])
    }

    static func contentType(_ type: String) -> Refusal {
        Refusal(
            .unsupportedMediaType, .invalidArgument("content type is \(type.debugDescription), expected application/json"),
            headers: [.accept: "application/json"])
    }

    static func contentEncoding(_ encoding: String) -> Refusal {
        Refusal(
            .unsupportedMediaType, .invalidArgument("content encoding is \(encoding.debugDescription), expected none"),
            headers: [.acceptEncoding: "identity"])
    }

    /// The client went away or the connection was given up: nobody reads this.
    static let aborted = Refusal(.badRequest, .cancelled("the request ended before its body did"), headers: [.connection: "close"])

    /// The refusal as a problem document (RFC 9457).
    var reply: Reply {
        var headers = headers
        headers[.contentType] = Problem.mediaType
        var problem = Problem(error)
        problem.status = status.code
        problem.title = status.reasonPhrase.isEmpty ? problem.title : status.reasonPhrase
        let body = Reply.document { problem.write(to: &$0) }
        return Reply(status, headers: headers, body: body, detail: error.message)
    }
}

extension ConnectionRefusal {
    var reply: Reply { Refusal(self).reply }
}
