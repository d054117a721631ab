import Crypto
package import JadeIO

/// A bearer's secret: shown once, kept only as a hash.
///
/// 256 random bits need no slow hash: SHA-256 of them tells nothing, and a lookup by hash compares nothing that an
/// attacker chose.
package struct Secret: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case accessToken = "jade_a_"
        case refreshToken = "jade_r_"
        case apiKey = "jade_k_"
    }

    package let kind: Kind
    /// The prefix, then 43 characters of base64url: secret scanners find it by the prefix.
    package let text: String

    package init(_ kind: Kind, from random: any RandomSource) {
        self.kind = kind
        text = kind.rawValue + Self.base64URL(random.bytes(32))
    }

    /// Nil for what cannot be one of ours, whatever it is.
    package init?(_ text: String) {
        guard let kind = Kind.allCases.first(where: { text.hasPrefix($0.rawValue) }),
            text.utf8.count == kind.rawValue.utf8.count + Self.characters, text.utf8.allSatisfy(Self.isAllowed)
        else { return nil }
        self.kind = kind
        self.text = text
    }

    package var hash: SecretHash { SecretHash(of: text) }

    /// The characters that 32 bytes take.
    private static let characters = 43

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var text: [UInt8] = []
        var held: UInt32 = 0
        var bits = 0
        for byte in bytes {
            held = held << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(held >> UInt32(bits)) & 63])
            }
        }
        if bits > 0 { text.append(alphabet[Int(held << UInt32(6 - bits)) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }
}

/// SHA-256 of a secret, as it is stored.
package struct SecretHash: Sendable, Hashable {
    let first, second, third, fourth: UInt64

    package init(of text: String) {
        var text = text
        self = text.withUTF8 { bytes in
            SHA256.hash(data: UnsafeRawBufferPointer(bytes)).withUnsafeBytes(SecretHash.init(words:))
        }
    }

    package init?(bytes: [UInt8]) {
        guard bytes.count == 32 else { return nil }
        self = bytes.withUnsafeBytes(SecretHash.init(words:))
    }

    private init(words: UnsafeRawBufferPointer) {
        first = words.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        second = words.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        third = words.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        fourth = words.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    package var bytes: [UInt8] {
        [first, second, third, fourth].flatMap { word in withUnsafeBytes(of: word, Array.init) }
    }
}
