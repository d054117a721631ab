package import JadeStorage

/// AWS Signature Version 4 of one request: https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html
package struct Signature: Sendable {
    package static let algorithm = "AWS4-HMAC-SHA256"

    package var method: String
    /// Percent-encoded.
    package var path: String
    /// Names and values, not encoded yet.
    package var query: [(name: String, value: String)]
    /// Lower-case names; all of them are signed.
    package var headers: [(name: String, value: String)]
    package var payloadDigest: String
    package var time: CalendarTime
    package var region: String

    package init(
        method: String, path: String, query: [(name: String, value: String)], headers: [(name: String, value: String)],
        payloadDigest: String, time: CalendarTime, region: String
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.headers = headers
        self.payloadDigest = payloadDigest
        self.time = time
        self.region = region
    }

    /// The query as it is signed and sent.
    package var canonicalQuery: String {
        query.map { (URLText.encoded($0.name), URLText.encoded($0.value)) }.sorted { $0 < $1 }.map { "\($0)=\($1)" }.joined(separator: "&")
    }

    private var sortedHeaders: [(name: String, value: String)] { headers.sorted { $0.name < $1.name } }
    private var signedNames: String { sortedHeaders.map(\.name).joined(separator: ";") }
    private var scope: String { "\(time.date)/\(region)/s3/aws4_request" }

    /// The value of the header `authorization`.
    package func authorization(accessKey: String, secretKey: String) -> String {
        let lines = sortedHeaders.map { "\($0.name):\($0.value)\n" }.joined()
        let request = [method, path, canonicalQuery, lines, signedNames, payloadDigest].joined(separator: "\n")
        let toSign = [Self.algorithm, time.second, scope, SHA256.digest(Array(request.utf8)).hexadecimal].joined(separator: "\n")
        var key = Array("AWS4\(secretKey)".utf8)
        for part in [time.date, region, "s3", "aws4_request"] { key = HMAC.code(Array(part.utf8), key: key) }
        let signature = HMAC.code(Array(toSign.utf8), key: key).hexadecimalText
        return "\(Self.algorithm) Credential=\(accessKey)/\(scope), SignedHeaders=\(signedNames), Signature=\(signature)"
    }
}

enum URLText {
    /// Everything but RFC 3986's unreserved characters is escaped, as the signature wants it; in a path the slashes stay.
    static func encoded(_ text: String, keepsSlashes: Bool = false) -> String {
        var out = ""
        for byte in text.utf8 {
            let stays = ObjectKey.isLegal(byte) || byte == UInt8(ascii: "~") || (keepsSlashes && byte == UInt8(ascii: "/"))
            if stays { out.unicodeScalars.append(Unicode.Scalar(byte)) } else { out += "%" + [byte].hexadecimalText.uppercased() }
        }
        return out
    }
}
