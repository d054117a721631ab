import Foundation

/// How long the tests may take: `JADE_TIER=long` asks for many more crashes, seeds and sizes.
package enum Tier {
    package static let isLong = ProcessInfo.processInfo.environment["JADE_TIER"] == "long"

    /// `JADE_SEED`, to replay what a failure has printed.
    package static let givenSeed = ProcessInfo.processInfo.environment["JADE_SEED"].flatMap(UInt64.init)

    /// How many rounds a test of many rounds makes: what `JADE_ROUNDS` says, or the tier's own number.
    package static func rounds(short: Int, long: Int) -> Int {
        ProcessInfo.processInfo.environment["JADE_ROUNDS"].flatMap(Int.init) ?? (isLong ? long : short)
    }

    /// The seed of a test: the given one, else always the same in the short tier and a new one each time in the long tier.
    package static let seed: UInt64 = {
        if let givenSeed { return givenSeed }
        var generator = SystemRandomNumberGenerator()
        return isLong ? generator.next() % 1_000_000 : 1
    }()
}
