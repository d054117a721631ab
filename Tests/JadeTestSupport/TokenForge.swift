package import Crypto
package import CryptoExtras
package import Foundation

/// An identity service: keys, their set, and tokens signed with them or not.
package struct TokenForge: Sendable {
    package let p256 = P256.Signing.PrivateKey()
    package let ed25519 = Curve25519.Signing.PrivateKey()
    /// One for all: making one takes a moment.
    package static let rsa = try! _RSA.Signing.PrivateKey(keySize: .bits2048)

    package init() {}

    package static func text(_ data: some DataProtocol) -> String {
        Data(data).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The key `p` for ES256, `e` for EdDSA, `r` for RS256, and what a set may hold beside them.
    package func keySet() throws -> [UInt8] {
        let point = p256.publicKey.rawRepresentation
        let rsa = try Self.rsa.publicKey.getKeyPrimitives()
        return Array("""
            {"keys":[{"kty":"EC","crv":"P-256","kid":"p","x":"\(Self.text(point.prefix(32)))","y":"\(Self.text(point.suffix(32)))"},
            {"kty":"OKP","crv":"Ed25519","kid":"e","x":"\(Self.text(ed25519.publicKey.rawRepresentation))"},
            {"kty":"RSA","kid":"r","use":"sig","n":"\(Self.text(rsa.modulus))","e":"\(Self.text(rsa.publicExponent))"},
            {"kty":"RSA","kid":"c","use":"enc","n":"\(Self.text(rsa.modulus))","e":"\(Self.text(rsa.publicExponent))"},
            {"kty":"oct","kid":"o","k":"AAAA"},{"kty":"EC","crv":"P-256","kid":"broken","x":"AA","y":"AA"}]}
            """.utf8)
    }

    /// As ManualClock begins: 1,700,000,000 s.
    package static let claims = #"{"iss":"https://id","aud":["jade","x"],"sub":"ann","exp":1700000600,"roles":["readers","unknown"]}"#

    package static func token(_ claims: String, header: String, sign: (Data) throws -> some DataProtocol) rethrows -> String {
        let signed = text(Data(header.utf8)) + "." + text(Data(claims.utf8))
        return try signed + "." + text(sign(Data(signed.utf8)))
    }

    /// Signed with `p`, as it should be unless told otherwise.
    package func token(_ claims: String = TokenForge.claims, header: String = #"{"alg":"ES256","kid":"p"}"#) throws -> String {
        try Self.token(claims, header: header) { try p256.signature(for: $0).rawRepresentation }
    }
}
