import JadeCore
import JadeSecurity

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ServerConfiguration {
    static let issuerOptions: [ConfigurationOption] = [
        .path(
            "security", "issuer_keys", \.security.issuer.keys, mayBeEmpty: true,
            "A JSON Web Key Set of an outside issuer, whose tokens (JWT: RS256, ES256 or EdDSA) are taken beside our own; nothing takes none. "
                + "It is read at the start."),
        .path("security", "issuer", \.security.issuer.name, mayBeEmpty: true, "What the claim `iss` of its tokens must be."),
        .path("security", "issuer_audience", \.security.issuer.audience, mayBeEmpty: true, "What the claim `aud` must be, or hold."),
        .path("security", "issuer_name_claim", \.security.issuer.nameClaim, mayBeEmpty: false, "The claim that has the user's name."),
        .path(
            "security", "issuer_roles_claim", \.security.issuer.rolesClaim, mayBeEmpty: false,
            "The claim that has words for roles: a list, or a text with spaces between them."),
        .path(
            "security", "issuer_roles", \.security.issuer.roles, mayBeEmpty: true,
            "Which word stands for which role: word=role pairs with commas between them. Other words stand for nothing."),
    ]

    /// The outside issuer that the settings name, with its keys.
    func outsideIssuer() throws(JadeError) -> OutsideIssuer? {
        let issuer = security.issuer
        guard !issuer.keys.isEmpty else { return nil }
        guard !issuer.name.isEmpty, !issuer.audience.isEmpty else {
            throw .invalidArgument("security.issuer_keys needs security.issuer and security.issuer_audience")
        }
        guard let bytes = FileManager.default.contents(atPath: issuer.keys) else {
            throw .invalidArgument("security.issuer_keys: \(issuer.keys) cannot be read")
        }
        var settings = OutsideIssuer.Settings(issuer: issuer.name, audience: issuer.audience)
        (settings.nameClaim, settings.rolesClaim) = (issuer.nameClaim, issuer.rolesClaim)
        for pair in issuer.roles.split(separator: ",") {
            let parts = pair.split(separator: "=").map { $0.filter { !$0.isWhitespace } }
            guard parts.count == 2 else { throw .invalidArgument("security.issuer_roles: \(pair.debugDescription) is not word=role") }
            settings.roles[parts[0]] = parts[1]
        }
        return try OutsideIssuer(settings, keySet: Array(bytes), path: issuer.keys)
    }
}
