import JadeCore
import Testing

private func path(_ dotted: String) -> FieldPath { try! FieldPath(dotted) }

private func numbers(_ lower: Double?, _ upper: Double?, inclusive: Bool = true) -> FilterRange {
    .number(lower: lower.map { .init($0, inclusive: inclusive) }, upper: upper.map { .init($0, inclusive: inclusive) })
}

private let document: Metadata = [
    "section": "net", "size": 120, "score": 2.5, "essential": false, "maintainer": nil,
    "tags": ["role::program", "use::viewing", 7],
    "author": ["name": "Ada", "born": ["year": 1815]],
    "releases": [["version": "1.0", "size": 10], ["version": "2.0", "size": 500, "notes": nil], "draft"],
    "empty": [], "day": "2024-05-01",
]

@Suite struct FilterTests {
    @Test(arguments: [
        (.equals(path("section"), .string("net")), true),
        (.equals(path("section"), .string("Net")), false),
        (.equals(path("size"), .integer(120)), true),
        (.equals(path("size"), .double(120)), true),
        (.equals(path("score"), .double(2.5)), true),
        (.equals(path("score"), .integer(2)), false),
        (.equals(path("essential"), .bool(false)), true),
        (.equals(path("essential"), .integer(0)), false),
        (.equals(path("section"), .integer(0)), false),
        (.equals(path("tags"), .string("use::viewing")), true),
        (.equals(path("tags"), .double(7)), true),
        (.equals(path("tags"), .string("use")), false),
        (.equals(path("author.name"), .string("Ada")), true),
        (.equals(path("author.born.year"), .integer(1815)), true),
        (.equals(path("author"), .string("Ada")), false),
        (.equals(path("releases.version"), .string("2.0")), true),
        (.equals(path("releases"), .string("draft")), true),
        (.equals(path("empty"), .string("")), false),
        (.isIn(path("section"), []), false),
        (.isIn(path("section"), [.string("admin"), .string("net")]), true),
        (.isIn(path("size"), [.string("120"), .double(120.5)]), false),
    ] as [(Filter, Bool)])
    func equality(_ filter: Filter, _ expected: Bool) {
        #expect(filter.matches(document) == expected)
        #expect(Filter.not(filter).matches(document) == !expected)
    }

    @Test(arguments: [
        (.equals(path("maintainer"), .null), true),  // there and null
        (.equals(path("nothing"), .null), true),  // not there
        (.equals(path("author.nothing"), .null), true),
        (.equals(path("section.nothing"), .null), true),  // below a scalar
        (.equals(path("section"), .null), false),
        (.equals(path("releases.notes"), .null), true),
        (.exists(path("maintainer"), true), true),
        (.exists(path("nothing"), true), false),
        (.exists(path("nothing"), false), true),
        (.exists(path("author.born"), true), true),
        (.exists(path("author.born.year"), true), true),
        (.exists(path("author.died"), false), true),
        (.exists(path("releases.notes"), true), true),
        (.exists(path("releases.changes"), true), false),
        (.exists(path("empty"), true), true),
        (.exists(path("empty.x"), true), false),
        (.exists(path("section.x"), true), false),
    ] as [(Filter, Bool)])
    func nullAndPresence(_ filter: Filter, _ expected: Bool) {
        #expect(filter.matches(document) == expected)
    }

    @Test(arguments: [
        (.range(path("size"), numbers(120, 120)), true),
        (.range(path("size"), numbers(120, nil, inclusive: false)), false),
        (.range(path("size"), numbers(nil, 120, inclusive: false)), false),
        (.range(path("size"), numbers(119.5, 120.5, inclusive: false)), true),
        (.range(path("score"), numbers(2, 3)), true),
        (.range(path("section"), numbers(nil, nil)), false),  // a string is not in a range of numbers
        (.range(path("size"), numbers(nil, nil)), true),
        (.range(path("nothing"), numbers(nil, nil)), false),
        (.range(path("essential"), numbers(nil, nil)), false),
        (.range(path("tags"), numbers(7, 7)), true),
        // One element must satisfy both bounds: 10 is below, 500 above.
        (.range(path("releases.size"), numbers(11, 499)), false),
        (.range(path("releases.size"), numbers(10, 499)), true),
        (.range(path("day"), .string(lower: .init("2024-05", inclusive: true), upper: .init("2024-06", inclusive: false))), true),
        (.range(path("day"), .string(lower: .init("2024-05-01", inclusive: false), upper: nil)), false),
        (.range(path("day"), .string(lower: .init("2024-05-01", inclusive: true), upper: nil)), true),
        (.range(path("day"), .string(lower: nil, upper: .init("2024-05-01", inclusive: false))), false),
        (.range(path("size"), .string(lower: nil, upper: nil)), false),
        // By bytes: Z (0x5A) before a (0x61) before é (0xC3…).
        (.range(path("section"), .string(lower: .init("Z", inclusive: true), upper: .init("é", inclusive: true))), true),
        (.range(path("section"), .string(lower: .init("neta", inclusive: true), upper: nil)), false),
    ] as [(Filter, Bool)])
    func ranges(_ filter: Filter, _ expected: Bool) {
        #expect(filter.matches(document) == expected)
    }

    @Test func combinators() {
        let yes = Filter.equals(path("size"), .integer(120))
        let no = Filter.equals(path("size"), .integer(121))
        #expect(Filter.and([]).matches(document) && Filter.and([]).matches([:]))
        #expect(!Filter.or([]).matches(document))
        #expect(Filter.and([yes, yes]).matches(document) && !Filter.and([yes, no]).matches(document))
        #expect(Filter.or([no, yes]).matches(document) && !Filter.or([no, no]).matches(document))
        #expect(!Filter.not(.and([yes, .not(no)])).matches(document))
    }

    @Test func integersBeyondDoublesAreComparedExactly() {
        let metadata: Metadata = ["n": .integer(9_007_199_254_740_993)]
        #expect(Filter.equals(path("n"), .integer(9_007_199_254_740_993)).matches(metadata))
        #expect(!Filter.equals(path("n"), .integer(9_007_199_254_740_992)).matches(metadata))
        #expect(!Filter.equals(path("n"), .double(9_007_199_254_740_992)).matches(metadata))
        #expect(!Filter.equals(path("n"), .double(1e300)).matches(metadata))
    }

    @Test func scalarsAreFoundAlongThePath() {
        #expect(Filter.scalars(at: path("tags"), in: document) == [.string("role::program"), .string("use::viewing"), .integer(7)])
        #expect(Filter.scalars(at: path("releases.size"), in: document) == [.integer(10), .integer(500)])
        #expect(Filter.scalars(at: path("author"), in: document) == [])
        #expect(Filter.scalars(at: path("section.x"), in: document) == [])
    }

    @Test func pathsAreChecked() throws {
        #expect(try FieldPath("a.b c.é").keys == ["a", "b c", "é"])
        #expect(try FieldPath("a.b").description == "a.b")
        for broken in ["", ".", "a.", ".a", "a..b"] {
            #expect(throws: JadeError.invalidArgument("filter field \(broken.debugDescription) has an empty part")) {
                try FieldPath(broken)
            }
        }
        let long = Array(repeating: "k", count: 65).joined(separator: ".")
        #expect(throws: JadeError.invalidArgument("filter field has 65 parts, the limit is 64")) { try FieldPath(long) }
    }
}
