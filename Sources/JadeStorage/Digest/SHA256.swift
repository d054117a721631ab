internal import Crypto

/// SHA-256 (FIPS 180-4): names what is stored by its content.
package struct SHA256: Sendable {
    package static let byteCount = 32

    private var state = Crypto.SHA256()

    package init() {}

    package mutating func update(_ bytes: UnsafeRawBufferPointer) { state.update(bufferPointer: bytes) }

    /// The digest of everything so far.
    package func finish() -> Digest { Digest(uncheckedBytes: Array(state.finalize())) }

    package static func digest(_ bytes: UnsafeRawBufferPointer) -> Digest {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    package static func digest(_ bytes: [UInt8]) -> Digest { bytes.withUnsafeBytes { digest($0) } }
}

/// The 32 bytes of a SHA-256.
package struct Digest: Sendable, Hashable, CustomStringConvertible {
    package let bytes: [UInt8]

    fileprivate init(uncheckedBytes bytes: [UInt8]) { self.bytes = bytes }

    /// Nil for any other number of bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == SHA256.byteCount else { return nil }
        self.bytes = bytes
    }

    /// 64 hexadecimal digits, in lower case.
    package var hexadecimal: String { bytes.hexadecimalText }
    package var description: String { hexadecimal }
}

extension Sequence<UInt8> {
    /// Two lower-case digits for each byte.
    package var hexadecimalText: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
