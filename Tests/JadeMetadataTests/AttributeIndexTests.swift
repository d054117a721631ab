import JadeCore
import JadeJSON
import JadeMetadata
import Testing

@Suite("The attribute index")
struct AttributeIndexTests {
    /// An index beside the metadata it was told.
    struct Pair {
        let index = AttributeIndex()
        var metadata: [UInt32: Metadata] = [:]

        mutating func put(_ ordinal: UInt32, _ value: Metadata) {
            if let old = metadata[ordinal] {
                index.replace(ordinal: ordinal, old: old, new: value)
            } else {
                index.insert(ordinal: ordinal, metadata: value)
            }
            metadata[ordinal] = value
        }

        mutating func remove(_ ordinal: UInt32) {
            guard let old = metadata.removeValue(forKey: ordinal) else { return }
            index.remove(ordinal: ordinal, metadata: old)
        }

        func check(_ filter: Filter, universe: Int, _ comment: Comment) {
            let found = index.matching(filter, universe: universe)
            let wanted = metadata.filter { $0.key < universe && filter.matches($0.value) }.keys.sorted()
            var members: [UInt32] = []
            found.forEach { members.append($0) }
            #expect(members == wanted, "\(comment): \(String(describing: filter))")
            #expect(found.count == wanted.count, comment)
            let bounds = index.estimate(filter)
            let total = metadata.values.reduce(0) { $0 + (filter.matches($1) ? 1 : 0) }
            #expect(bounds.lower <= total && total <= bounds.upper, "\(comment): \(bounds) does not hold \(total), \(String(describing: filter))")
        }
    }

    @Test("random filters over random metadata that changes", arguments: SeededRandom.seeds(20))
    func oracle(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var pair = Pair()
        let span = random.pick([40, 400, 1_500])
        var asked: [(filter: Filter, universe: Int)] = []
        for round in 0..<8 {
            for _ in 0..<(span / 2) {
                let ordinal = UInt32(random.below(span))
                if random.chance(1, in: 4) { pair.remove(ordinal) } else { pair.put(ordinal, RandomMetadata.make(&random)) }
            }
            #expect(pair.index.count == pair.metadata.count)
            for _ in 0..<60 {
                // Some of the filters are asked before and after changes, and again without one.
                if let (filter, universe) = random.chance(1, in: 3) ? asked.suffix(20).randomElement(using: &random) : nil {
                    pair.check(filter, universe: universe, "seed \(seed), round \(round), again")
                } else {
                    asked.append((RandomMetadata.filter(&random), random.below(span + 70)))
                    pair.check(asked.last!.filter, universe: asked.last!.universe, "seed \(seed), round \(round)")
                }
            }
        }
        for ordinal in pair.metadata.keys.sorted() { pair.remove(ordinal) }
        for _ in 0..<40 { pair.check(RandomMetadata.filter(&random), universe: span, "seed \(seed), emptied") }
    }

    /// Sets pass between lists and bits, tables are compacted, orders are merged: needs many values.
    @Test("many distinct and some frequent values, thinned out and refilled", arguments: SeededRandom.seeds(3))
    func manyValues(seed: UInt64) throws {
        var random = SeededRandom(seed)
        var pair = Pair()
        func metadata(_ number: Int, _ random: inout SeededRandom) -> Metadata {
            [
                "unique": .string("value-\(number)"), "number": .integer(Int64(number)), "ratio": .double(Double(number) + 0.5),
                "often": .integer(Int64(random.below(3))), "tags": .array([.string("t\(random.below(50))"), .string("t\(random.below(50))")]),
            ]
        }
        let paths = try ["unique", "number", "ratio", "often", "tags"].map { (text) throws(JadeError) in try FieldPath(text) }
        func check(_ comment: Comment) {
            let low = random.below(8_000)
            let high = low + random.below(4_000)
            let filters: [Filter] = [
                .range(paths[1], .number(lower: .init(Double(low), inclusive: true), upper: .init(Double(high), inclusive: false))),
                .range(paths[2], .number(lower: .init(Double(low), inclusive: true), upper: nil)),
                .range(paths[0], .string(lower: .init("value-\(low)", inclusive: false), upper: .init("value-\(high)", inclusive: true))),
                .isIn(paths[3], [.integer(1), .double(2)]), .not(.isIn(paths[4], [.string("t7")])),
                .and([.isIn(paths[3], [.integer(0)]), .isIn(paths[4], [.string("t1"), .string("t2")])]),
                .isIn(paths[0], [.string("value-\(low)"), .string("value-none")]),
            ]
            for filter in filters { pair.check(filter, universe: 8_000, "seed \(seed), \(comment)") }
        }
        var next = 0
        for round in 0..<3 {
            for ordinal in 0..<8_000 as Range<UInt32> where pair.metadata[ordinal] == nil {
                pair.put(ordinal, metadata(next, &random))
                next += 1
                if next % 3_000 == 0 { check("filling in round \(round)") }
            }
            check("full in round \(round)")
            for ordinal in 0..<8_000 as Range<UInt32> where random.chance(9, in: 10) { pair.remove(ordinal) }
            check("thinned in round \(round)")
        }
        #expect(pair.index.memoryBytes < 4_000_000, "values of ordinals that are gone were expected to go too")
    }

    @Test("removing what is unknown changes nothing")
    func unknown() throws {
        let index = AttributeIndex()
        index.insert(ordinal: 3, metadata: ["a": 1])
        index.remove(ordinal: 4, metadata: ["a": 1])
        #expect(index.count == 1)
        #expect(index.matching(.equals(try FieldPath("a"), .integer(1)), universe: 10).count == 1)
    }

    @Test("inserting an ordinal twice is a defect")
    func twice() async {
        await #expect(processExitsWith: .failure) {
            let index = AttributeIndex()
            index.insert(ordinal: 3, metadata: [:])
            index.insert(ordinal: 3, metadata: [:])
        }
    }

    @Test("fields are counted and limited")
    func fields() throws {
        let index = AttributeIndex()
        index.insert(ordinal: 0, metadata: ["a": ["b": 1, "c": [["d": 1], ["d": 2, "e": 3]]], "f.g": 4])
        #expect(index.fieldCount == 5)
        let many = Metadata(uniqueKeysWithValues: (0..<(Limits.maximumMetadataFields - 5)).map { ("k\($0)", .null) })
        try index.requireRoom(for: [many])
        #expect(code { try index.requireRoom(for: [many, ["one more": 1]]) } == .tooLarge)
        index.insert(ordinal: 1, metadata: many)
        #expect(index.fieldCount == Limits.maximumMetadataFields)
        try index.requireRoom(for: [many, ["a": ["b": 2]], ["with.dot": 1]])
        #expect(code { try index.requireRoom(for: [["a": [["new": 1]]]]) } == .tooLarge)
    }

    /// Every ordinal says the same twice, so a reader that saw half of a change would find a difference.
    @Test("readers see changes whole")
    func concurrency() async throws {
        let index = AttributeIndex()
        let (left, right) = (try FieldPath("left"), try FieldPath("right.inner"))
        func metadata(_ value: Int64) -> Metadata {
            ["left": .integer(value), "right": ["inner": .integer(value)], "text": .string("text \(value)")]
        }
        for ordinal in 0..<64 as Range<UInt32> { index.insert(ordinal: ordinal, metadata: metadata(0)) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                var random = SeededRandom(1)
                var current = [Int64](repeating: 0, count: 64)
                for round in 1..<20_000 as Range<Int64> {
                    let ordinal = random.below(64)
                    index.replace(ordinal: UInt32(ordinal), old: metadata(current[ordinal]), new: metadata(round % 7))
                    current[ordinal] = round % 7
                }
            }
            for reader in 0..<3 {
                group.addTask {
                    for round in 0..<2_000 {
                        let value = FilterValue.integer(Int64((round + reader) % 7))
                        let differing = index.matching(
                            .or([
                                .and([.equals(left, value), .not(.equals(right, value))]), .and([.equals(right, value), .not(.equals(left, value))]),
                                .exists(left, false),
                            ]), universe: 64)
                        #expect(differing.isEmpty)
                        let inRange = index.matching(
                            .range(left, .number(lower: .init(0, inclusive: true), upper: nil)), universe: 64)
                        #expect(inRange.count == 64)
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}

@Suite("Sets of ordinals")
struct OrdinalBitmapTests {
    @Test("operations against sets", arguments: [0, 1, 63, 64, 65, 500])
    func operations(universe: Int) {
        var random = SeededRandom(UInt64(universe))
        func make() -> (OrdinalBitmap, Set<UInt32>) {
            var bitmap = OrdinalBitmap(universe: universe)
            var set: Set<UInt32> = []
            for _ in 0..<universe {
                let ordinal = UInt32(random.below(universe + 70))
                if random.chance(1, in: 4) {
                    bitmap.remove(ordinal)
                    set.remove(ordinal)
                } else {
                    bitmap.insert(ordinal)
                    if ordinal < universe { set.insert(ordinal) }
                }
            }
            return (bitmap, set)
        }
        func check(_ bitmap: OrdinalBitmap, _ set: Set<UInt32>) {
            var members: [UInt32] = []
            bitmap.forEach { members.append($0) }
            #expect(members == set.sorted())
            #expect(bitmap.count == set.count && bitmap.isEmpty == set.isEmpty)
            for ordinal in 0..<UInt32(universe + 70) { #expect(bitmap.contains(ordinal) == set.contains(ordinal)) }
            let ones = bitmap.withUnsafeWords { words in words.reduce(0) { $0 + $1.nonzeroBitCount } }
            #expect(ones == set.count)
        }
        let (first, firstSet) = make()
        let (second, secondSet) = make()
        check(first, firstSet)
        var result = first
        result.formUnion(second)
        check(result, firstSet.union(secondSet))
        result = first
        result.formIntersection(second)
        check(result, firstSet.intersection(secondSet))
        result = first
        result.subtract(second)
        check(result, firstSet.subtracting(secondSet))
    }
}
