/// A request as it goes out, for those who want to see it: see ``JadeClient/init(url:options:observer:)``.
public struct SentRequest: Sendable, Hashable {
    public let method: String
    /// The whole address, percent-encoded.
    public let url: String
    public let body: [UInt8]?
    /// The body's media type: JSON, or a frame of vectors.
    public let contentType: String
    /// What is said beside the body's type and who is asking.
    public let headers: [String: String]

    /// Bodies of more bytes than this are named, not shown.
    private static let maximumShownBytes = 4_096

    /// The request as a command for a shell. A key is named by the variable that it comes from, never shown.
    ///
    /// - Parameter authorization: The header's value as the shell is to see it; nil sends none.
    public func curl(authorization: String? = nil) -> String {
        var words = ["curl", "-sS"]
        if method != "GET" { words += ["-X", method] }
        words.append(Self.quoted(url))
        if let authorization { words += ["-H", "\"authorization: \(authorization)\""] }
        for (name, value) in headers.sorted(by: { $0.key < $1.key }) { words += ["-H", Self.quoted("\(name): \(value)")] }
        if let body {
            words += ["-H", "'content-type: \(contentType)'"]
            guard contentType == Request.json else {
                return (words + ["--data-binary", "@body.bin  # \(body.count) bytes"]).joined(separator: " ")
            }
            let shown = !holdsSecret && body.count <= Self.maximumShownBytes
            words += ["-d", shown ? Self.quoted(String(decoding: body, as: UTF8.self)) : "@body.json  # \(holdsSecret ? "a password, not shown" : "\(body.count) bytes")"]
        }
        return words.joined(separator: " ")
    }

    /// Logins and passwords stand in no terminal.
    private var holdsSecret: Bool { url.contains("/v1/auth/") || url.hasSuffix("/password") || url.hasSuffix("/v1/users") }

    /// In single quotes, which a shell takes as they are; a quote inside ends them for a moment.
    private static func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "'\\''"))'" }
}
