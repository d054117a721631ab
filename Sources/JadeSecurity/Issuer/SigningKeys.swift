import Foundation
import JWTKit
import JadeCore

/// The public keys of an outside issuer: a JSON Web Key Set (RFC 7517). What is of a kind that signs no tokens is passed over.
struct SigningKeys: Sendable {
    private struct Key: Sendable {
        let id: String?
        let algorithm: any JWTAlgorithm
    }

    private struct Document: Decodable {
        var keys: [Entry]
    }

    /// One key; nil where it is of a kind that JWTKit does not read, such as a shared secret.
    private struct Entry: Decodable {
        private enum CodingKeys: String, CodingKey {
            case use
        }

        let key: JWK?
        let use: String?

        init(from decoder: any Decoder) throws {
            key = try? JWK(from: decoder)
            use = try decoder.container(keyedBy: CodingKeys.self).decodeIfPresent(String.self, forKey: .use)
        }
    }

    private let keys: [Key]

    var count: Int { keys.count }

    /// - Parameter source: names the set in messages.
    init(_ bytes: [UInt8], from source: String) async throws(JadeError) {
        guard bytes.count <= Limits.maximumKeySetBytes else {
            throw .tooLarge("\(source) has \(bytes.count) bytes, the limit is \(Limits.maximumKeySetBytes)")
        }
        guard let entries = try? JSONDecoder().decode(Document.self, from: Data(bytes)).keys else {
            throw .invalidArgument("\(source) is not a JSON Web Key Set")
        }
        guard entries.count <= Limits.maximumSigningKeys else {
            throw .tooLarge("\(source) has \(entries.count) keys, the limit is \(Limits.maximumSigningKeys)")
        }
        var keys: [Key] = []
        for entry in entries where entry.use != "enc" {
            guard let key = entry.key, let algorithm = await Self.algorithm(of: key) else { continue }
            keys.append(Key(id: key.keyIdentifier?.string, algorithm: algorithm))
        }
        guard !keys.isEmpty else { throw .invalidArgument("\(source) has no key that signs tokens: RSA, EC or Ed25519") }
        self.keys = keys
    }

    /// A key with the one algorithm that it is for: a token does not choose (RFC 8725, section 3.1).
    private static func algorithm(of key: JWK) async -> (any JWTAlgorithm)? {
        var key = key
        // Left open, JWTKit would let the first token that comes choose it, for all that follow.
        key.algorithm = key.algorithm ?? usualAlgorithm(of: key)
        // Private halves have no business in such a set, and none here.
        key.privateExponent = nil
        key.keyIdentifier = "key"
        let collection = JWTKeyCollection()
        guard (try? await collection.add(jwk: key)) != nil else { return nil }
        return try? await collection.getKey(for: "key")
    }

    private static func usualAlgorithm(of key: JWK) -> JWK.Algorithm? {
        switch (key.keyType, key.curve?.rawValue) {
        case (.rsa, _): .rs256
        case (.ecdsa, "P-256"): .es256
        case (.ecdsa, "P-384"): .es384
        case (.ecdsa, "P-521"): .es512
        case (.octetKeyPair, _): .eddsa
        default: nil
        }
    }

    /// The key that a token must be signed with; nil where there is none. A token that names no key has one only where the set has a
    /// single key for its algorithm: trying many would be work that strangers order.
    func key(_ id: String?, for algorithm: String) -> (any JWTAlgorithm)? {
        let fitting = keys.filter { $0.algorithm.name == algorithm && (id == nil || $0.id == id) }
        return id != nil || fitting.count == 1 ? fitting.first?.algorithm : nil
    }
}
