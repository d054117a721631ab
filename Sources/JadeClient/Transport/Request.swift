/// What is sent.
struct Request: Sendable {
    static let json = "application/json"

    enum Method: String, Sendable {
        case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    var method: Method
    /// From the root, percent-encoded.
    var path: String
    var body: [UInt8]?
    /// The body's media type.
    var type = Self.json
    /// What is better liked than a JSON document as an answer; nil where there is nothing else.
    var prefers: String?
    /// Headers beside those that every request has.
    var headers: [String: String] = [:]
    /// Whether sending it twice leaves the server as sending it once does.
    var repeatable = true
}
