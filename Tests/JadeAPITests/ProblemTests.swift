import JadeAPI
import JadeCore
import JadeJSON
import Testing

@Suite struct ProblemTests {
    /// Written out once more: the table is a promise to clients.
    static let statuses: [(ErrorCode, Int, String)] = [
        (.invalidArgument, 400, "Bad Request"), (.unauthenticated, 401, "Unauthorized"), (.permissionDenied, 403, "Forbidden"),
        (.notFound, 404, "Not Found"), (.conflict, 409, "Conflict"), (.preconditionFailed, 412, "Precondition Failed"),
        (.tooLarge, 413, "Content Too Large"), (.overloaded, 429, "Too Many Requests"),
        (.unavailable, 503, "Service Unavailable"), (.resourceExhausted, 507, "Insufficient Storage"),
        (.corrupted, 500, "Internal Server Error"), (.cancelled, 499, "Client Closed Request"),
        (.internal, 500, "Internal Server Error"),
    ]

    @Test func everyCodeHasItsStatus() {
        #expect(Set(Self.statuses.map(\.0)) == Set(ErrorCode.allCases))
        for (code, status, title) in Self.statuses {
            #expect(code.httpStatus == status && code.httpTitle == title, "\(code)")
        }
    }

    @Test(arguments: ErrorCode.allCases)
    func everyErrorComesBack(_ code: ErrorCode) throws {
        let error = JadeError(code, "vector has 768 dimensions, database \"docs\" expects 384")
        #expect(try roundTrip(Problem(error)).error == error)
    }

    @Test func theDocument() {
        #expect(encoded(Problem(.notFound("database \"docs\" does not exist"))) == #"""
            {"type":"about:blank","title":"Not Found","status":404,"detail":"database \"docs\" does not exist","code":"not_found"}
            """#)
        #expect(Problem.mediaType == "application/problem+json")
    }

    @Test func problemsOfOthersAreUnderstood() throws {
        #expect(try decode(Problem.self, #"{"title":"Bad Gateway","status":502,"instance":"/x"}"#).error == .unavailable("Bad Gateway"))
        #expect(try decode(Problem.self, #"{"status":409,"detail":"d","code":"new_code"}"#).error == .conflict("d"))
        for code in ErrorCode.allCases where code != .corrupted { #expect(ErrorCode(httpStatus: code.httpStatus) == code) }
        #expect(ErrorCode(httpStatus: 500) == .internal && ErrorCode(httpStatus: 418) == .invalidArgument)
        #expect(ErrorCode(httpStatus: 302) == .internal && ErrorCode(httpStatus: 504) == .unavailable)
    }
}
