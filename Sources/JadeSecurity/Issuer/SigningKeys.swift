import Crypto
import CryptoExtras
import Foundation
import JadeCore

/// The public keys of an outside issuer: a JSON Web Key Set (RFC 7517) with keys for RS256, ES256 and EdDSA (RFC 7518, RFC 8037).
/// What is of another kind, or for encryption, is passed over.
struct SigningKeys: Sendable {
    private struct Document: Decodable {
        var keys: [Entry]
    }

    private struct Entry: Decodable {
        var kty: String
        var kid, use, crv, n, e, x, y: String?
    }

    private enum Key: Sendable {
        case rsa(_RSA.Signing.PublicKey)
        case p256(P256.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)

        /// The one algorithm that a key is for: a token does not choose (RFC 8725, section 3.1).
        var algorithm: String {
            switch self {
            case .rsa: "RS256"
            case .p256: "ES256"
            case .ed25519: "EdDSA"
            }
        }

        func verifies(_ signature: Data, of data: Data) -> Bool {
            switch self {
            case .rsa(let key): key.isValidSignature(_RSA.Signing.RSASignature(rawRepresentation: signature), for: data, padding: .insecurePKCS1v1_5)
            case .p256(let key):
                (try? P256.Signing.ECDSASignature(rawRepresentation: signature)).map { key.isValidSignature($0, for: data) } ?? false
            case .ed25519(let key): key.isValidSignature(signature, for: data)
            }
        }
    }

    private var keys: [(id: String?, key: Key)] = []

    init(_ bytes: [UInt8], path: String) throws(JadeError) {
        guard bytes.count <= Limits.maximumKeySetBytes else {
            throw .tooLarge("\(path) has \(bytes.count) bytes, the limit is \(Limits.maximumKeySetBytes)")
        }
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)) else {
            throw .invalidArgument("\(path) is not a JSON Web Key Set")
        }
        for entry in document.keys where entry.use != "enc" {
            if let key = Self.key(entry) { keys.append((entry.kid, key)) }
        }
        guard !keys.isEmpty else { throw .invalidArgument("\(path) has no key for RS256, ES256 or EdDSA") }
    }

    private static func key(_ entry: Entry) -> Key? {
        func bytes(_ text: String?) -> Data? { text.flatMap(Base64URL.decode) }
        switch (entry.kty, entry.crv) {
        case ("RSA", _):
            guard let n = bytes(entry.n), let e = bytes(entry.e), n.count >= 256 else { return nil }
            return (try? _RSA.Signing.PublicKey(n: n, e: e)).map(Key.rsa)
        case ("EC", "P-256"):
            guard let x = bytes(entry.x), let y = bytes(entry.y) else { return nil }
            return (try? P256.Signing.PublicKey(rawRepresentation: x + y)).map(Key.p256)
        case ("OKP", "Ed25519"):
            return bytes(entry.x).flatMap { try? Curve25519.Signing.PublicKey(rawRepresentation: $0) }.map(Key.ed25519)
        default: return nil
        }
    }

    /// Whether one of the keys, of that name where one is named, has signed the data.
    func verify(_ signature: Data, of data: Data, algorithm: String, keyID: String?) -> Bool {
        keys.contains { entry in
            (keyID == nil || entry.id == nil || entry.id == keyID) && entry.key.algorithm == algorithm && entry.key.verifies(signature, of: data)
        }
    }
}

/// RFC 4648, section 5, without padding.
enum Base64URL {
    static func decode(_ text: String) -> Data? {
        guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "=") }) else { return nil }
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
