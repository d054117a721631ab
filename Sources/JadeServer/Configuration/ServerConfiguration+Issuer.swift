package import JadeCore
package import JadeIO
package import JadeSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ServerConfiguration {
    static let issuerOptions: [ConfigurationOption] = [
        .text(
            "security", "issuer_keys", \.security.issuer.keys, expected: "a path, a URL that begins with https://, or nothing",
            "The JSON Web Key Set of an outside issuer, whose tokens (JWT) are taken beside our own; nothing takes none. A file that changes "
                + "is read again within seconds. A URL may begin with http:// where it is this machine's own."),
        .text(
            "security", "issuer", \.security.issuer.name, expected: "a text, or nothing",
            "What the claim `iss` of the issuer's tokens must be."),
        .text(
            "security", "issuer_audience", \.security.issuer.audience, expected: "a text, or nothing",
            "What the claim `aud` must be, or hold: tokens for other services are refused."),
        .text(
            "security", "issuer_name_claim", \.security.issuer.nameClaim, expected: "the name of a claim", mayBeEmpty: false,
            "The claim that has the user's name: one that the issuer gives to nobody else, as `sub` or `email`."),
        .text(
            "security", "issuer_roles_claim", \.security.issuer.rolesClaim, expected: "the name of a claim", mayBeEmpty: false,
            "The claim that has words for roles: a list, or a text with spaces between them. Dots lead into objects: `realm_access.roles`."),
        .text(
            "security", "issuer_roles", \.security.issuer.roles, expected: "word=role pairs with commas between them, or nothing",
            "Which word stands for which role. Other words stand for nothing.",
            isValid: { Security.Issuer.pairs($0) != nil }),
        .integer(
            "security", "issuer_refresh_sec", \.security.issuer.refreshSeconds, in: 10...86_400,
            "Seconds after which keys at a URL are read again; sooner, ten seconds after the last time, where a token names a key that is "
                + "not among them. While they cannot be read, those that are known hold."),
        .path(
            "security", "issuer_ca_file", \.security.issuer.authority, mayBeEmpty: true,
            "Authorities that the URL's certificate may come from, PEM; without one, those that the system trusts."),
    ]

    /// The outside issuer that the settings name; its keys are not read yet.
    package func outsideIssuer(clock: any Clock = SystemClock()) throws(JadeError) -> OutsideIssuer? {
        let issuer = security.issuer
        guard let place = issuer.place else { return nil }
        var settings = OutsideIssuer.Settings(issuer: issuer.name, audience: issuer.audience)
        (settings.nameClaim, settings.rolesClaim) = (issuer.nameClaim, issuer.rolesClaim)
        settings.refreshSeconds = issuer.refreshSeconds
        for pair in Security.Issuer.pairs(issuer.roles) ?? [] { settings.roles[pair.word, default: []].append(pair.role) }
        switch place {
        case .file(let path):
            settings.refreshSeconds = Self.fileSeconds
            return OutsideIssuer(settings, keysFrom: path, clock: clock) { () throws(JadeError) in try KeySet.read(path) }
        case .url(let url):
            let authority = issuer.authority
            return OutsideIssuer(settings, keysFrom: url, clock: clock) { () async throws(JadeError) in try await KeySet.download(url, authority: authority) }
        }
    }

    /// Seconds after which a file of keys is read again.
    private static let fileSeconds = 5

    func validateIssuer() throws(JadeError) {
        let issuer = security.issuer
        guard let place = issuer.place else { return }
        guard !issuer.name.isEmpty, !issuer.audience.isEmpty else {
            throw .invalidArgument("security.issuer_keys needs security.issuer and security.issuer_audience")
        }
        guard case .url(let url) = place else { return }
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty else {
            throw .invalidArgument("security.issuer_keys: \(url.debugDescription) is no URL")
        }
        guard parts.scheme == "https" || Self.isThisMachine(host) else {
            throw .invalidArgument("security.issuer_keys: whoever is between here and \(url) could make keys of their own: use https")
        }
    }
}

extension ServerConfiguration.Security {
    /// An identity service whose tokens are taken; none without a set of keys.
    package struct Issuer: Sendable, Hashable {
        /// A path or a URL.
        package var keys = ""
        package var name = ""
        package var audience = ""
        package var nameClaim = "sub"
        package var rolesClaim = "roles"
        package var roles = ""
        package var refreshSeconds = 300
        package var authority = ""

        enum Place {
            case file(String)
            case url(String)
        }

        var place: Place? {
            guard !keys.isEmpty else { return nil }
            return keys.hasPrefix("https://") || keys.hasPrefix("http://") ? .url(keys) : .file(keys)
        }

        /// Nil for what is not `word=role` with commas between.
        static func pairs(_ text: String) -> [(word: String, role: String)]? {
            var pairs: [(word: String, role: String)] = []
            for pair in text.split(separator: ",") {
                let parts = pair.split(separator: "=", omittingEmptySubsequences: false).map { $0.filter { !$0.isWhitespace } }
                guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
                pairs.append((parts[0], parts[1]))
            }
            return pairs
        }
    }
}
