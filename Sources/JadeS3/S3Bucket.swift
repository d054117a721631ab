package import JadeCore

/// Which bucket, and what opens it.
package struct S3Bucket: Sendable {
    /// `https://host[:port]`
    package var endpoint: String
    package var bucket: String
    /// Before every key, without slashes at its ends; may be empty.
    package var prefix: String
    package var region: String
    package var accessKey: String
    package var secretKey: String

    package init(endpoint: String, bucket: String, prefix: String = "", region: String = "us-east-1", accessKey: String, secretKey: String) {
        self.endpoint = endpoint
        self.bucket = bucket
        self.prefix = prefix
        self.region = region
        self.accessKey = accessKey
        self.secretKey = secretKey
    }

    /// As the signature has it: the port stands there unless it is the scheme's own.
    var host: String {
        let rest = endpoint.firstRange(of: "://").map { endpoint[$0.upperBound...] } ?? endpoint[...]
        let own = endpoint.hasPrefix("https") ? ":443" : ":80"
        return String(rest.hasSuffix(own) ? rest.dropLast(own.count) : rest)
    }
}

/// How patient the store is.
package struct S3Patience: Sendable, Hashable {
    /// All tries of one call, the first included.
    package var tries = 8
    /// For one try.
    package var timeoutMilliseconds = 60_000
    /// Before the second try; twice as long before each further one, a random part of it less, and 5 seconds at most.
    package var backoffMilliseconds = 100

    package init() {}

    func pause(before attempt: Int, chance: UInt64) -> Int {
        let longest = min(backoffMilliseconds << min(attempt, 16), 5_000)
        return longest / 2 + Int(chance % UInt64(max(1, longest - longest / 2)))
    }
}
