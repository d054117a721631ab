import JadeCore

/// A generator that gives the same numbers for the same seed (SplitMix64, Steele, Lea and Flood 2014).
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Random ids, metadata and filters over few keys, so that they meet each other often.
struct RandomRequests {
    var random: SeededRandom

    static let texts = ["count", "batch", "a/b", "50% off", "ä ö", "?x=1&y#z", "..", "plain", "12", "\u{1F600}", "a+b", "\\\""]
    static let keys = ["section", "size", "tags", "nested"]

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }
    mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    mutating func id() -> VectorID {
        if chance(40) { return VectorID(UInt64(below(12))) }
        return (try? VectorID(Self.texts[below(Self.texts.count)])) ?? 0
    }

    mutating func values(_ dimension: Int) -> [Float] {
        (0..<dimension).map { _ in Float.random(in: -2...2, using: &random) }
    }

    mutating func metadata() -> Metadata {
        var metadata: Metadata = [:]
        for key in Self.keys where chance(60) { metadata[key] = value(depth: 0) }
        return metadata
    }

    private mutating func value(depth: Int) -> MetadataValue {
        switch below(depth < 2 ? 8 : 6) {
        case 0: .null
        case 1: .bool(chance(50))
        case 2, 3: .integer(Int64(below(6)))
        case 4: .double(Double(below(6)) / 2)
        case 5: .string(Self.texts[below(Self.texts.count)])
        case 6: .array((0..<below(3)).map { _ in value(depth: depth + 1) })
        default: .object(["k": value(depth: depth + 1)])
        }
    }

    private mutating func scalar() -> FilterValue {
        var candidate: FilterValue?
        while candidate == nil { candidate = FilterValue(value(depth: 2)) }
        return candidate ?? .null
    }

    private mutating func path() -> FieldPath? {
        try? FieldPath(chance(20) ? "nested.k" : Self.keys[below(Self.keys.count)])
    }

    mutating func filter(depth: Int = 0) -> Filter? {
        guard let path = path() else { return nil }
        switch below(depth < 2 ? 7 : 4) {
        case 0: return .equals(path, scalar())
        case 1: return .isIn(path, (0...below(3)).map { _ in scalar() })
        case 2:
            let lower = FilterRange.Bound(Double(below(4)), inclusive: chance(50))
            let upper = FilterRange.Bound(Double(2 + below(4)), inclusive: chance(50))
            return .range(path, .number(lower: chance(70) ? lower : nil, upper: upper))
        case 3: return .exists(path, chance(50))
        case 4: return filter(depth: depth + 1).map { .not($0) }
        case 5: return .and((0...below(2)).compactMap { _ in filter(depth: depth + 1) })
        default: return .or((0...below(2)).compactMap { _ in filter(depth: depth + 1) })
        }
    }

    mutating func parts() -> VectorParts { [[], [.values], [.metadata], [.values, .metadata]][below(4)] }

    mutating func write(_ dimension: Int) -> VectorWrite {
        let id = id()
        switch below(4) {
        case 0: return .delete(id)
        case 1: return .updateMetadata(.merge(metadata()), of: id)
        case 2: return .updateMetadata(.replace(metadata()), of: id)
        default: return .upsert(VectorRecord(id: id, values: values(dimension), metadata: metadata()))
        }
    }

    /// - Parameter present: the version that the vector has.
    mutating func condition(_ present: String?) -> VersionCondition {
        switch below(5) {
        case 0: .exists
        case 1: .absent
        case 2: .matches(["other", present ?? "none"])
        case 3: .matches(["other", "one more"])
        default: .version(present ?? "none")
        }
    }

    mutating func search(_ dimension: Int) -> SearchRequest {
        SearchRequest(
            query: chance(70) ? .values(values(dimension)) : .id(id()), topK: 1 + below(6), filter: chance(60) ? filter() : nil,
            threshold: chance(20) ? Float(below(3)) : nil, parts: parts(), exact: chance(30), explain: chance(30))
    }
}
