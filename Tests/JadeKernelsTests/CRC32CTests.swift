import JadeKernels
import Testing

@Suite("CRC-32C")
struct CRC32CTests {
    /// The check value of the polynomial, and the examples of RFC 3720, appendix B.4.
    static let known: [(bytes: [UInt8], checksum: UInt32)] = [
        ([], 0),
        (Array("123456789".utf8), 0xE306_9283),
        ([UInt8](repeating: 0, count: 32), 0x8A91_36AA),
        ([UInt8](repeating: 0xFF, count: 32), 0x62A8_AB43),
        (Array(0..<32), 0x46DD_794E),
        ((0..<32).reversed(), 0x113F_DB5C),
    ]

    @Test("known values", arguments: hostLevels)
    func knownValues(level: KernelLevel) {
        for (bytes, checksum) in Self.known {
            #expect(bytes.withUnsafeBytes { Kernels.at(level).crc32c($0) } == checksum)
            #expect(CRC32C.checksum(bytes) == checksum)
            #expect(CRC32C.checksum(bytes.span.bytes) == checksum)
        }
    }

    /// Bit by bit, as the polynomial says.
    private func bitwise(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc >> 1 ^ (crc & 1 == 1 ? 0x82F6_3B78 : 0) }
        }
    }

    @Test("every length and start, against the definition", arguments: hostLevels)
    func lengths(level: KernelLevel) {
        var random = SeededRandom(seed: 12)
        let bytes = random.bytes(10_000)
        for length in Array(0...80) + [127, 383, 384, 385, 768, 1023, 3071, 3072, 3073, 3456, 6143, 6145, 9990] {
            let start = Int.random(in: 0...9, using: &random)
            let slice = bytes[start..<(start + length)]
            #expect(slice.withUnsafeBytes { Kernels.at(level).crc32c($0) } == bitwise(slice), "length \(length), start \(start)")
        }
    }

    @Test("in pieces it is the same", arguments: hostLevels)
    func pieces(level: KernelLevel) {
        var random = SeededRandom(seed: 13)
        let kernels = Kernels.at(level)
        let bytes = random.bytes(9_000)
        let whole = bytes.withUnsafeBytes { kernels.crc32c($0) }
        for _ in 0..<100 {
            let cut = Int.random(in: 0...bytes.count, using: &random)
            let first = bytes[..<cut].withUnsafeBytes { kernels.crc32c($0) }
            #expect(bytes[cut...].withUnsafeBytes { kernels.crc32c($0, after: first) } == whole, "cut at \(cut)")
        }
    }
}
