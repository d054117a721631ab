import Foundation
package import JadeCore

/// Takes the JSON Web Tokens (RFC 7519) that somebody else's identity service has signed.
package struct OutsideIssuer: Sendable {
    package struct Settings: Sendable, Hashable {
        /// The claim `iss` that a token must have.
        package var issuer: String
        /// What the claim `aud` must be, or hold.
        package var audience: String
        /// The claim with the user's name.
        package var nameClaim = "sub"
        /// The claim with a list of words, or words with spaces between them.
        package var rolesClaim = "roles"
        /// Roles of ours by such words.
        package var roles: [String: String] = [:]

        package init(issuer: String, audience: String) {
            self.issuer = issuer
            self.audience = audience
        }
    }

    /// Whom a token names.
    struct Identity: Sendable, Equatable {
        let name: String
        let roles: [String]
        /// Milliseconds since 1970.
        let expiresAt: Int64
    }

    package let settings: Settings
    private let keys: SigningKeys

    /// - Parameters:
    ///   - keySet: a JSON Web Key Set.
    ///   - path: names it in messages.
    package init(_ settings: Settings, keySet: [UInt8], path: String) throws(JadeError) {
        self.settings = settings
        keys = try SigningKeys(keySet, path: path)
    }

    private struct Header: Decodable {
        var alg: String
        var kid: String?
        var crit: [String]?
    }

    /// The caller named by a token that holds now; nil for any other, and for what is no token at all.
    func identity(_ token: String, at now: Int64) -> Identity? {
        guard token.utf8.count <= Limits.maximumTokenBytes else { return nil }
        let parts = token.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let head = Base64URL.decode(parts[0]), let body = Base64URL.decode(parts[1]),
            let signature = Base64URL.decode(parts[2]), let header = try? JSONDecoder().decode(Header.self, from: head),
            // An extension that must be understood is none that is understood here.
            header.crit == nil,
            keys.verify(signature, of: Data("\(parts[0]).\(parts[1])".utf8), algorithm: header.alg, keyID: header.kid),
            let claims = try? JSONSerialization.jsonObject(with: body) as? [String: Any]
        else { return nil }
        return identity(claims, at: now)
    }

    private func identity(_ claims: [String: Any], at now: Int64) -> Identity? {
        guard claims["iss"] as? String == settings.issuer, Self.words(claims["aud"], splitting: false).contains(settings.audience),
            let end = Self.milliseconds(claims["exp"]), now < end + Limits.tokenLeeway,
            claims["nbf"].map({ Self.milliseconds($0).map { $0 <= now + Limits.tokenLeeway } ?? false }) ?? true,
            let name = claims[settings.nameClaim] as? String
        else { return nil }
        let roles = Self.words(claims[settings.rolesClaim], splitting: true).compactMap { settings.roles[$0] }
        return Identity(name: name, roles: roles, expiresAt: end + Limits.tokenLeeway)
    }

    /// A NumericDate: seconds since 1970.
    private static func milliseconds(_ claim: Any?) -> Int64? {
        guard let seconds = claim as? Double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Int64(seconds * 1_000)
    }

    private static func words(_ claim: Any?, splitting: Bool) -> [String] {
        if let list = claim as? [Any] { return list.compactMap { $0 as? String } }
        guard let text = claim as? String else { return [] }
        return splitting ? text.split(separator: " ").map(String.init) : [text]
    }
}
