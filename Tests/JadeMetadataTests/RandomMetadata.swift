import JadeCore

/// Metadata and filters over few keys and few values, so that filters match often and all kinds of values meet.
enum RandomMetadata {
    static let keys = ["a", "b", "c", "deep"]
    /// Strings that Swift finds equal though their bytes differ, prefixes of each other, and one beyond 15 bytes.
    static let strings = ["", "a", "ab", "b", "K", "\u{212A}", "é", "e\u{301}", "zz", "a string of more than fifteen bytes", "\u{10FFFF}"]
    /// Integers and doubles of the same value, and some that a double cannot tell apart.
    static let numbers: [MetadataValue] = [
        0, 1, 2, -1, 7, .double(-0.0), 1.0, 1.5, -2.25, 7.0, .integer(.max), .integer(.min), .integer(9_007_199_254_740_993),
        9_007_199_254_740_992.0, 9.3e18, -9.3e18, 9_223_372_036_854_775_808.0, .double(.infinity), .double(-.infinity), .double(.nan), 5e-300,
    ]

    static func make(_ random: inout SeededRandom) -> Metadata { object(&random, depth: 0) }

    private static func object(_ random: inout SeededRandom, depth: Int) -> Metadata {
        var object: Metadata = [:]
        for key in keys where random.chance(3, in: 5) { object[key] = value(&random, depth: depth + 1) }
        if random.chance(1, in: 20) { object["a.b"] = 1 }  // no path leads here
        if random.chance(1, in: 20) { object[""] = 1 }
        return object
    }

    private static func value(_ random: inout SeededRandom, depth: Int) -> MetadataValue {
        switch random.below(depth > 3 ? 6 : 10) {
        case 0: .null
        case 1: .bool(random.chance(1, in: 2))
        case 2, 3: random.chance(1, in: 2) ? random.pick(numbers) : .integer(Int64(random.below(40)))
        case 4, 5: .string(random.chance(2, in: 3) ? random.pick(strings) : "s\(random.below(40))")
        case 6, 7: .array((0..<random.below(4)).map { _ in value(&random, depth: depth + 1) })
        default: .object(object(&random, depth: depth))
        }
    }

    static func filter(_ random: inout SeededRandom, depth: Int = 0) -> Filter {
        switch random.below(depth > 3 ? 5 : 8) {
        case 0, 1: .isIn(path(&random), (0..<random.below(4)).map { _ in scalar(&random) })
        case 2, 3: .range(path(&random), range(&random))
        case 4: .exists(path(&random), random.chance(1, in: 2))
        case 5: .and((0..<random.below(4)).map { _ in filter(&random, depth: depth + 1) })
        case 6: .or((0..<random.below(4)).map { _ in filter(&random, depth: depth + 1) })
        default: .not(filter(&random, depth: depth + 1))
        }
    }

    private static func path(_ random: inout SeededRandom) -> FieldPath {
        let parts = (0..<(1 + random.below(3))).map { _ in random.pick(keys + ["missing"]) }
        do { return try FieldPath(parts.joined(separator: ".")) } catch { preconditionFailure("\(error)") }
    }

    private static func scalar(_ random: inout SeededRandom) -> FilterValue {
        switch random.below(6) {
        case 0: .null
        case 1: .bool(random.chance(1, in: 2))
        case 2, 3: FilterValue(random.chance(1, in: 2) ? random.pick(numbers) : .integer(Int64(random.below(40)))) ?? .null
        default: .string(random.chance(2, in: 3) ? random.pick(strings) : "s\(random.below(40))")
        }
    }

    private static func range(_ random: inout SeededRandom) -> FilterRange {
        if random.chance(1, in: 2) {
            .number(lower: bound(&random, number), upper: bound(&random, number))
        } else {
            .string(lower: bound(&random, string), upper: bound(&random, string))
        }
    }

    private static func bound<T>(_ random: inout SeededRandom, _ value: (inout SeededRandom) -> T) -> FilterRange.Bound<T>? {
        random.chance(1, in: 4) ? nil : FilterRange.Bound(value(&random), inclusive: random.chance(1, in: 2))
    }

    private static func number(_ random: inout SeededRandom) -> Double {
        random.chance(1, in: 3) ? Double(random.below(40)) : FilterValue(random.pick(numbers))?.number ?? 0
    }

    private static func string(_ random: inout SeededRandom) -> String {
        random.chance(1, in: 2) ? random.pick(strings) : "s\(random.below(40))"
    }
}
