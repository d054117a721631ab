import JadeCore
import JadeJSON
import Testing

@Suite struct MetadataTests {
    @Test func keysAreSortedByBytes() {
        let metadata: Metadata = ["b": 1, "a": ["z": nil, "y": true], "é": "x", "Z": [1, 2.0, "s"], "": false]
        #expect(text(MetadataJSON.encode(metadata)) == #"{"":false,"Z":[1,2.0,"s"],"a":{"y":true,"z":null},"b":1,"é":"x"}"#)
        #expect(text(MetadataJSON.encode([:])) == "{}")
    }

    @Test func decodingKeepsIntegersAndDoublesApart() throws {
        let decoded = try MetadataJSON.decode(Array(#"{"i":1,"d":1.0,"min":-9223372036854775808,"e":1e2}"#.utf8))
        #expect(decoded == ["i": 1, "d": 1.0, "min": .integer(.min), "e": 100.0])
    }

    @Test(arguments: [
        ("[]", #""metadata" is an array, expected an object"#),
        ("3", #""metadata" is an integer, expected an object"#),
        (#"{"a":1,"a":2}"#, #""a" occurs twice in metadata"#),
        (#"{"a":{"b":1,"c":2,"b":3}}"#, #""b" occurs twice in metadata"#),
        (#"{"n":9223372036854775808}"#, #""n" in metadata is 9223372036854775808, which is beyond 64 signed bits: send it as a string"#),
        (#"{"n":[1,18446744073709551615]}"#, #""n" in metadata is 18446744073709551615, which is beyond 64 signed bits: send it as a string"#),
        ("{", "invalid JSON at byte 1: expected a key in quotes, found the end of the document"),
    ])
    func refusals(_ json: String, _ message: String) {
        #expect(throws: JadeError.invalidArgument(message)) { try MetadataJSON.decode(Array(json.utf8)) }
    }

    @Test(arguments: [11, 12, 13] as [UInt64])
    func randomMetadataRoundTrips(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        for _ in 0..<500 {
            let metadata = randomObject(depth: 4, &random)
            try MetadataJSON.validate(metadata)
            let encoded = MetadataJSON.encode(metadata)
            #expect(try MetadataJSON.decode(encoded) == metadata)
            #expect(MetadataJSON.encode(try MetadataJSON.decode(encoded)) == encoded)
        }
    }

    @Test func validateRefusesWhatJSONCannotSay() throws {
        #expect(throws: JadeError.invalidArgument("metadata holds nan, expected finite numbers")) {
            try MetadataJSON.validate(["a": [1, .double(.nan)]])
        }
        func nested(_ depth: Int) -> Metadata {
            // The object itself is the first level.
            ["a": (1..<depth).reduce(MetadataValue.null) { value, _ in [value] }]
        }
        try MetadataJSON.validate(nested(Limits.maximumJSONDepth))
        #expect(try MetadataJSON.decode(MetadataJSON.encode(nested(Limits.maximumJSONDepth))) == nested(Limits.maximumJSONDepth))
        #expect(throws: JadeError.invalidArgument("metadata is nested more than 64 levels deep")) {
            try MetadataJSON.validate(nested(Limits.maximumJSONDepth + 1))
        }
    }

    private func randomObject(depth: Int, _ random: inout SeededRandom) -> Metadata {
        let names = ["a", "title", "é", "k\"ey", "", "a.b", "long key that does not fit a small string", "\u{1}"]
        var metadata: Metadata = [:]
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            metadata[names.randomElement(using: &random)!] = randomValue(depth: depth, &random)
        }
        return metadata
    }

    private func randomValue(depth: Int, _ random: inout SeededRandom) -> MetadataValue {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
        case 0: .null
        case 1: .bool(Bool.random(using: &random))
        case 2: .integer(Int64.random(in: .min ... .max, using: &random))
        case 3: .double(Double.random(in: -1e6...1e6, using: &random))
        case 4: .double(Double(Int.random(in: -5...5, using: &random)))
        case 5: .string(["", "x", "naïve \u{0} \"quoted\" \\ text\n", "日本語のテキスト"].randomElement(using: &random)!)
        case 6: .array((0..<Int.random(in: 0...4, using: &random)).map { _ in randomValue(depth: depth - 1, &random) })
        default: .object(randomObject(depth: depth - 1, &random))
        }
    }
}
