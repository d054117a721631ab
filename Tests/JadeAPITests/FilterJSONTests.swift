import JadeAPI
import JadeCore
import JadeJSON
import Testing

private func path(_ dotted: String) -> FieldPath { try! FieldPath(dotted) }
private func from(_ value: Double, _ inclusive: Bool = true) -> FilterRange.Bound<Double> { .init(value, inclusive: inclusive) }

@Suite struct FilterJSONTests {
    @Test func theExampleOfTheManual() throws {
        let json = #"""
            {"section":"net","installed_size_kib":{"$gte":10,"$lt":500},"$or":[{"tags":{"$in":["role::program"]}},{"priority":"optional"}]}
            """#
        #expect(try decode(json) == Filter.and([
            .equals(path("section"), .string("net")),
            .range(path("installed_size_kib"), .number(lower: from(10), upper: from(500, false))),
            .or([.equals(path("tags"), .string("role::program")), .equals(path("priority"), .string("optional"))]),
        ]))
    }

    @Test(arguments: [
        ("{}", .and([])),
        (#"{"a":1}"#, .equals(path("a"), .integer(1))),
        (#"{"a":1.0}"#, .equals(path("a"), .double(1))),
        (#"{"a":null}"#, .equals(path("a"), .null)),
        (#"{"a.b":true}"#, .equals(path("a.b"), .bool(true))),
        (#"{"a":{"$eq":"x"}}"#, .equals(path("a"), .string("x"))),
        (#"{"a":{"$ne":"x"}}"#, .not(.equals(path("a"), .string("x")))),
        (#"{"a":{"$in":[1,"x",null]}}"#, .isIn(path("a"), [.integer(1), .string("x"), .null])),
        (#"{"a":{"$in":[]}}"#, .isIn(path("a"), [])),
        (#"{"a":{"$nin":[1,2]}}"#, .not(.isIn(path("a"), [.integer(1), .integer(2)]))),
        (#"{"a":{"$exists":false}}"#, .exists(path("a"), false)),
        (#"{"a":{"$gt":1}}"#, .range(path("a"), .number(lower: from(1, false), upper: nil))),
        (#"{"a":{"$lte":-2.5}}"#, .range(path("a"), .number(lower: nil, upper: from(-2.5)))),
        (
            #"{"a":{"$gte":"2024-01","$lt":"2025"}}"#,
            .range(path("a"), .string(lower: .init("2024-01", inclusive: true), upper: .init("2025", inclusive: false)))
        ),
        (
            #"{"a":{"$gt":1,"$ne":3,"$lt":5}}"#,
            .and([.range(path("a"), .number(lower: from(1, false), upper: from(5, false))), .not(.equals(path("a"), .integer(3)))])
        ),
        (
            #"{"a":{"$exists":true,"$lt":5,"$gt":1}}"#,
            .and([.exists(path("a"), true), .range(path("a"), .number(lower: from(1, false), upper: from(5, false)))])
        ),
        (#"{"a":{"$not":{"$gt":1}}}"#, .not(.range(path("a"), .number(lower: from(1, false), upper: nil)))),
        (
            #"{"a":{"$not":{"$gt":1,"$ne":2}}}"#,
            .not(.and([.range(path("a"), .number(lower: from(1, false), upper: nil)), .not(.equals(path("a"), .integer(2)))]))
        ),
        (#"{"$not":{"a":1}}"#, .not(.equals(path("a"), .integer(1)))),
        (#"{"$nor":[{"a":1},{"b":2}]}"#, .not(.or([.equals(path("a"), .integer(1)), .equals(path("b"), .integer(2))]))),
        (#"{"$and":[{"a":1}]}"#, .and([.equals(path("a"), .integer(1))])),
        (#"{"$or":[]}"#, .or([])),
        (
            #"{"a":1,"b":{"$gt":1,"$ne":2}}"#,
            .and([
                .equals(path("a"), .integer(1)), .range(path("b"), .number(lower: from(1, false), upper: nil)),
                .not(.equals(path("b"), .integer(2))),
            ])
        ),
        (#"{"a":{"$gte":9007199254740992}}"#, .range(path("a"), .number(lower: from(9_007_199_254_740_992), upper: nil))),
        (#"{"a":{"$lt":9223372036854775808}}"#, .range(path("a"), .number(lower: nil, upper: from(0x1p63, false)))),
    ] as [(String, Filter)])
    func grammar(_ json: String, _ filter: Filter) throws {
        #expect(try decode(json) == filter)
    }

    @Test(arguments: [
        ("[]", "filter is an array, expected an object"),
        (#"{"a":1,"a":2}"#, #""a" occurs twice in filter: combine conditions with "$and""#),
        (#"{"$xor":[]}"#, #"unknown operator "$xor" in filter, expected one of $and, $or, $not, $nor; did you mean "$or"?"#),
        (#"{"$gt":1}"#, #"operator "$gt" stands under a field, as in {"size": {"$gt": …}}"#),
        (
            #"{"a":{"$regex":"x"}}"#,
            #"unknown operator "$regex" in "a", expected one of $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists, $not"#
        ),
        (
            #"{"a":{"$exist":true}}"#,
            #"unknown operator "$exist" in "a", expected one of $eq, $ne, $gt, $gte, $lt, $lte, $in, $nin, $exists, $not; did you mean "$exists"?"#
        ),
        (#"{"a":{}}"#, #""a" is compared with an empty object, expected an operator such as "$eq""#),
        (#"{"a":{"b":1}}"#, #""a" is compared with an object: name its member as "a.b""#),
        (#"{"a":[1]}"#, #""a" is compared with an array, expected a scalar or {"$in": […]}"#),
        (#"{"a":{"$eq":[1]}}"#, #""a" is compared with an array, expected a scalar"#),
        (#"{"a":{"$in":5}}"#, #""$in" of "a" is an integer, expected an array"#),
        (#"{"a":{"$in":[{}]}}"#, #""a" is compared with an object, expected a scalar"#),
        (#"{"a":{"$exists":1}}"#, #""$exists" of "a" is an integer, expected true or false"#),
        (#"{"a":{"$not":1}}"#, #""$not" of "a" is an integer, expected an object of operators"#),
        (#"{"a":{"$eq":1,"$eq":1}}"#, #""$eq" occurs twice under "a""#),
        (#"{"a":{"$gt":1,"$gte":2}}"#, #""a" has two lower bounds, expected one of "$gt" and "$gte""#),
        (#"{"a":{"$lte":1,"$lt":2}}"#, #""a" has two upper bounds, expected one of "$lt" and "$lte""#),
        (#"{"a":{"$gt":1,"$lt":"x"}}"#, #""a" has a number and a string as bounds, expected two of one kind"#),
        (#"{"a":{"$gt":null}}"#, #""$gt" of "a" is null, expected a number or a string"#),
        (#"{"a":{"$gt":"x","$lt":true}}"#, #""$lt" of "a" is a boolean, expected a number or a string"#),
        (
            #"{"a":{"$gt":9007199254740993}}"#,
            #""$gt" of "a" is an integer that a double cannot hold exactly; the nearest one is 9007199254740992.0"#
        ),
        (
            #"{"a":{"$gt":-9007199254740993}}"#,
            #""$gt" of "a" is an integer that a double cannot hold exactly; the nearest one is -9007199254740992.0"#
        ),
        (
            #"{"a":{"$gt":18446744073709551615}}"#,
            #""$gt" of "a" is an integer that a double cannot hold exactly; the nearest one is 1.8446744073709552e+19"#
        ),
        (
            #"{"a":18446744073709551615}"#,
            #""a" is compared with 18446744073709551615, which is beyond 64 signed bits: metadata holds no such integers"#
        ),
        (#"{"a..b":1}"#, #"filter field "a..b" has an empty part"#),
        (#"{"":1}"#, #"filter field "" has an empty part"#),
        (#"{"$and":{"a":1}}"#, #""$and" is an object, expected an array of filters"#),
        (#"{"$or":[{"a":1},"b"]}"#, #""$or"[1] is a string, expected an object"#),
        (#"{"$not":[]}"#, #""$not" is an array, expected an object"#),
    ])
    func refusals(_ json: String, _ message: String) {
        #expect(refusal(Filter.self, json) == .invalidArgument(message))
    }

    @Test func limitsAreNamed() throws {
        func conditions(_ count: Int) -> String { #"{"$or":[\#(Array(repeating: #"{"a":1}"#, count: count).joined(separator: ","))]}"# }
        _ = try decode(Filter.self, conditions(Limits.maximumFilterNodes - 1))
        #expect(refusal(Filter.self, conditions(Limits.maximumFilterNodes))
            == .tooLarge("filter has more than 1024 conditions and combinators"))
        func values(_ count: Int) -> String { #"{"a":{"$in":[\#(Array(repeating: "1", count: count).joined(separator: ","))]}}"# }
        _ = try decode(Filter.self, values(Limits.maximumFilterValues))
        #expect(refusal(Filter.self, values(Limits.maximumFilterValues + 1))
            == .tooLarge(#""$in" of "a" has 10001 values, the limit is 10000"#))
        let deep = String(repeating: #"{"$not":"#, count: 65) + "{}" + String(repeating: "}", count: 65)
        #expect(refusal(Filter.self, deep)?.message.contains("nested more than 64 levels deep") == true)
    }

    @Test(arguments: [31, 32, 33, 34] as [UInt64])
    func randomFiltersRoundTrip(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<1_000 {
            let filter = randomFilter(depth: 5, &random)
            let json = WireJSON.encode(filter)
            let back = Result { try WireJSON.decode(Filter.self, from: json) }
            #expect(try back.get() == filter, "seed \(seed): \(String(decoding: json, as: UTF8.self))")
        }
    }

    @Test func whatJSONCannotSayMatchesTheSame() throws {
        let odd: [Filter] = [
            .range(path("n"), .number(lower: nil, upper: nil)), .range(path("n"), .string(lower: nil, upper: nil)),
            .range(path("n"), .number(lower: from(-.infinity), upper: from(3))), .range(path("n"), .number(lower: from(.infinity), upper: nil)),
            .range(path("n"), .number(lower: nil, upper: from(-.infinity))), .range(path("n"), .number(lower: from(.nan), upper: nil)),
            .range(path("n"), .number(lower: from(-.infinity, false), upper: from(.infinity, false))),
            .equals(path("n"), .double(.nan)), .isIn(path("n"), [.double(.infinity), .integer(3)]),
        ]
        let all: [Metadata] = [["n": 3], ["n": 1e308], ["n": -1e308], ["n": "text"], ["n": ""], ["n": nil], [:], ["n": [3, "x"]]]
        for filter in odd {
            let back = try roundTrip(filter)
            for metadata in all { #expect(back.matches(metadata) == filter.matches(metadata), "\(filter) on \(metadata)") }
        }
    }

    private func randomFilter(depth: Int, _ random: inout SeededRandom) -> Filter {
        let field = path(["a", "a.b", "title", "é", "k\"ey", "x.y.z"].randomElement(using: &random)!)
        switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &random) {
        case 0: return .equals(field, randomValue(&random))
        case 1: return .isIn(field, (0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(&random) })
        case 2: return .exists(field, Bool.random(using: &random))
        case 3, 4: return .range(field, randomRange(&random))
        case 5: return Bool.random(using: &random) ? .and([]) : .or([])
        case 6: return .and((0..<Int.random(in: 1...3, using: &random)).map { _ in randomFilter(depth: depth - 1, &random) })
        case 7: return .or((0..<Int.random(in: 1...3, using: &random)).map { _ in randomFilter(depth: depth - 1, &random) })
        default: return .not(randomFilter(depth: depth - 1, &random))
        }
    }

    private func randomRange(_ random: inout SeededRandom) -> FilterRange {
        let sides = Int.random(in: 1...3, using: &random)
        func number() -> FilterRange.Bound<Double> {
            .init(Double(Int.random(in: -100...100, using: &random)) / 8, inclusive: Bool.random(using: &random))
        }
        func string() -> FilterRange.Bound<String> {
            .init(["", "2024-01-01", "é\n"].randomElement(using: &random)!, inclusive: Bool.random(using: &random))
        }
        return Bool.random(using: &random)
            ? .number(lower: sides & 1 > 0 ? number() : nil, upper: sides & 2 > 0 ? number() : nil)
            : .string(lower: sides & 1 > 0 ? string() : nil, upper: sides & 2 > 0 ? string() : nil)
    }

    private func randomValue(_ random: inout SeededRandom) -> FilterValue {
        switch Int.random(in: 0..<5, using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: .double(Double(Int.random(in: -100...100, using: &random)) / 4)
        default: .string(["", "net", "quote\" and \\", "\u{0}"].randomElement(using: &random)!)
        }
    }
}
