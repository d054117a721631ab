/// What is sent.
struct Request: Sendable {
    enum Method: String, Sendable {
        case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE"
    }

    var method: Method
    /// From the root, percent-encoded.
    var path: String
    var body: [UInt8]?
    /// Whether sending it twice leaves the server as sending it once does.
    var repeatable = true
}
