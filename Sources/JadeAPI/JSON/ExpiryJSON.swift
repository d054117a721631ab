package import JadeCore
package import JadeJSON

/// The two ways in which a vector says when it expires: `"expires_at"`, a time or `"never"`, and `"ttl_seconds"`.
package struct ExpiryFields {
    package private(set) var expiry: Expiry?
    private static let never = "never"

    package init() {}

    package mutating func read(expiresAt value: JSONElement) throws(JadeError) {
        let text = try value.string("expires_at")
        try set(text == Self.never ? .never : .at(milliseconds: Timestamp.milliseconds(of: text, "expires_at")))
    }

    package mutating func read(ttlSeconds value: JSONElement) throws(JadeError) {
        try set(.after(seconds: value.integer("ttl_seconds")))
    }

    private mutating func set(_ new: Expiry) throws(JadeError) {
        guard expiry == nil else { throw .invalidArgument("\"expires_at\" and \"ttl_seconds\" are both given, expected one of them") }
        try new.validate()
        expiry = new
    }
}

extension JSONWriter {
    /// Nothing where there is none.
    mutating func expiry(_ expiry: Expiry?) {
        switch expiry {
        case nil: break
        case .never: field("expires_at", "never")
        case .at(let milliseconds): field("expires_at", Timestamp.text(milliseconds: milliseconds))
        case .after(let seconds): field("ttl_seconds", seconds)
        }
    }
}
