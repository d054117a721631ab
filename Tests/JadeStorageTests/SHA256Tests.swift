import JadeIO
import JadeStorage
import Testing

@Suite("SHA-256") struct SHA256Tests {
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

    @Test func knownDigests() {
        for (message, digest) in Self.known { #expect(SHA256.digest(message).hexadecimal == digest) }
    }

    /// Every length around blocks and paddings, in one piece and in several.
    @Test func everyDivisionGivesTheSame() {
        let bytes = SeededRandomSource(seed: 1).bytes(1_000)
        for length in 0..<400 {
            let message = Array(bytes[..<length])
            let expected = SHA256.digest(message)
            for piece in [1, 7, 63, 64, 65, 130] {
                var hash = SHA256()
                for start in stride(from: 0, to: length, by: piece) { message[start..<min(start + piece, length)].withUnsafeBytes { hash.update($0) } }
                #expect(hash.finish() == expected, "\(length) bytes in pieces of \(piece)")
            }
        }
    }
}
