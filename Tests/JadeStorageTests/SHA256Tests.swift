import CJadeDigest
import JadeIO
import JadeStorage
import Testing

@Suite("SHA-256", .serialized) struct SHA256Tests {
    /// FIPS 180-4's own examples, and what coreutils says of a million letters.
    static let known: [(message: [UInt8], digest: String)] = [
        ([], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (Array("abc".utf8), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        ([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]

    @Test(arguments: [0, 1] as [Int32]) func knownDigests(_ accelerated: Int32) {
        jade_sha256_allow_acceleration(accelerated)
        defer { jade_sha256_allow_acceleration(1) }
        if accelerated == 0 { #expect(!SHA256.isAccelerated) }
        for (message, digest) in Self.known { #expect(SHA256.digest(message).hexadecimal == digest) }
    }

    /// Every length around blocks and paddings, in one piece by one way and in pieces by the other.
    @Test func bothWaysAgreeOnEveryLengthAndDivision() {
        let bytes = SeededRandomSource(seed: 1).bytes(1_000)
        defer { jade_sha256_allow_acceleration(1) }
        for length in 0..<400 {
            let message = Array(bytes[..<length])
            jade_sha256_allow_acceleration(0)
            let expected = SHA256.digest(message)
            jade_sha256_allow_acceleration(1)
            for piece in [1, 7, 63, 64, 65, 130] {
                var hash = SHA256()
                for start in stride(from: 0, to: length, by: piece) { message[start..<min(start + piece, length)].withUnsafeBytes { hash.update($0) } }
                #expect(hash.finish() == expected, "\(length) bytes in pieces of \(piece)")
            }
        }
    }
}
