import Synchronization

/// 128 bits that name one file or one shard among all that ever were.
package struct UniqueID: Sendable, Hashable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 36 characters, as UUIDs are written.
    package var description: String {
        let digits = Self.hexadecimal(high) + Self.hexadecimal(low)
        var text = ""
        for (position, digit) in digits.enumerated() {
            if [8, 12, 16, 20].contains(position) { text.append("-") }
            text.append(digit)
        }
        return text
    }

    private static func hexadecimal(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// Where randomness comes from, so that tests can repeat it.
package protocol RandomSource: Sendable {
    func word() -> UInt64
}

extension RandomSource {
    /// A version 4 UUID (RFC 9562).
    package func uniqueID() -> UniqueID {
        UniqueID(high: word() & ~0xF000 | 0x4000, low: word() & ~(3 << 62) | 1 << 63)
    }

    package func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 7)
        while result.count < count { withUnsafeBytes(of: word()) { result.append(contentsOf: $0) } }
        result.removeLast(result.count - count)
        return result
    }
}

/// The system's generator, fit for secrets.
package struct SystemRandomSource: RandomSource {
    package init() {}

    package func word() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }
}

/// A replayable sequence (SplitMix64: Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
package final class SeededRandomSource: RandomSource {
    private let state: Atomic<UInt64>

    package init(seed: UInt64) { state = Atomic(seed) }

    package func word() -> UInt64 {
        var mixed = state.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

extension UniqueID {
    /// 32 hexadecimal digits without hyphens.
    package var hexadecimal: String { description.filter { $0 != "-" } }
}
