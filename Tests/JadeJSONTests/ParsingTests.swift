import JadeCore
import JadeJSON
import Testing

@Suite struct ParsingTests {
    @Test func everyKindIsToldApart() throws {
        let kinds = try parse(#"[null,true,false,-1,18446744073709551615,1.0,"",[],{}]"#) { (root) throws(JadeError) in
            Array(root.elements!).map(\.kind)
        }
        #expect(kinds == [.null, .bool, .bool, .integer, .unsigned, .double, .string, .array, .object])
    }

    @Test func integersAreExactToTheLast() throws {
        let json = "[9223372036854775807,-9223372036854775808,9223372036854775808,18446744073709551615,0]"
        try parse(json) { (root) throws(JadeError) in
            let found = Array(root.elements!)
            #expect(found.map(\.int64) == [.max, .min, nil, nil, 0])
            #expect(found.map(\.uint64) == [UInt64(Int64.max), nil, 1 << 63, .max, 0])
        }
    }

    @Test func accessAsAnotherKindIsNil() throws {
        try parse(#"["7",7,7.0,{}]"#) { (root) throws(JadeError) in
            let found = Array(root.elements!)
            #expect(found.map { $0.int64 } == [nil, 7, nil, nil])
            #expect(found.map { $0.double } == [nil, 7, 7, nil])
            #expect(found.map { $0.string } == ["7", nil, nil, nil])
            #expect(found.allSatisfy { $0.bool == nil && $0.elements == nil && !$0.isNull })
            #expect(found[3].members != nil)
            #expect(root.members == nil)
        }
    }

    @Test func membersKeepOrderAndDuplicates() throws {
        try parse(#"{"b":1,"a":[1,[2]],"b":{"x":3},"":null}"#) { (root) throws(JadeError) in
            #expect(root.members!.map { $0.key.string } == ["b", "a", "b", ""])
            #expect(root.members!.map { $0.value.kind } == [.integer, .array, .object, .null])
            #expect(root.count == 4)
            let keys = root.members!.map(\.key)
            #expect(keys[0] == "b" as StaticString && !(keys[1] == "b" as StaticString) && !(keys[3] == "b" as StaticString))
        }
    }

    @Test func stringsAreUnescaped() throws {
        let string = try parse(#""\"\\\/\b\f\n\r\té😀\u0000é""#) { (root) throws(JadeError) in root.string }
        #expect(string == "\"\\/\u{8}\u{c}\n\r\té😀\u{0}é")
    }

    @Test func scalarsMayBeRoots() throws {
        #expect(try parse(" 42 ") { (root) throws(JadeError) in root.int64 } == 42)
        #expect(try parse("null") { (root) throws(JadeError) in root.isNull })
    }

    @Test func slackOfEverySizeParsesAlike() throws {
        let document = Array(#"{"a":[1,2,3]}"#.utf8)
        let parser = try JSONParser()
        for slack in [0, 1, JSONParser.padding - 1, JSONParser.padding, 4096] {
            // What follows the document must not matter, even if it looks like more of it.
            let padded = document + [UInt8](repeating: UInt8(ascii: "]"), count: slack)
            let count = try padded.withRawBytes { (bytes) throws(JadeError) in
                try parser.withDocument(UnsafeRawBufferPointer(rebasing: bytes[..<document.count]), slack: slack) {
                    (root) throws(JadeError) in root.members!.reduce(0) { $0 + $1.value.count }
                }
            }
            #expect(count == 3)
        }
    }

    @Test func aParserIsReusedAcrossSizesAndFailures() throws {
        let parser = try JSONParser()
        for size in [1, 10_000, 3, 100_000, 50] {
            let json = "[" + Array(repeating: "1", count: size).joined(separator: ",") + "]"
            #expect(try parser.withDocument(Array(json.utf8)) { (root) throws(JadeError) in root.count } == size)
            #expect(throws: JadeError.self) { try parser.withDocument(Array("[1,".utf8)) { (_) throws(JadeError) in } }
        }
    }

    @Test func errorsOfTheBodyPassThrough() {
        #expect(throws: JadeError.conflict("mine")) {
            try parse("1") { (_) throws(JadeError) in throw JadeError.conflict("mine") }
        }
    }
}

@Suite struct FloatArrayTests {
    private func floats(_ json: String, limit: Int = 100) throws(JadeError) -> [Float] {
        try parse(json) { (root) throws(JadeError) in try root.floats("values", limit: limit) }
    }

    @Test func numbersOfEveryKindAreConverted() throws {
        #expect(try floats("[1, -2, 0.5, 1e3, 18446744073709551615, 3.4028235e38, 1e-46]")
            == [1, -2, 0.5, 1000, 1.8446744e19, .greatestFiniteMagnitude, 0])
        #expect(try floats("[]") == [])
        #expect(try floats("[-0.0]")[0].sign == .minus)
    }

    @Test(arguments: [
        ("{}", #""values" is an object, expected an array of numbers"#),
        ("7", #""values" is an integer, expected an array of numbers"#),
        ("[1,\"2\"]", #""values"[1] is a string, expected a number"#),
        ("[null]", #""values"[0] is null, expected a number"#),
        ("[0,1,[2]]", #""values"[2] is an array, expected a number"#),
        ("[true]", #""values"[0] is a boolean, expected a number"#),
        ("[1,2,1e300]", #""values"[2] is 1e+300, which does not fit a 32-bit float"#),
        ("[-3.5e38]", #""values"[0] is -3.5e+38, which does not fit a 32-bit float"#),
        ("[1,2,3,4,5,6]", #""values" has 6 numbers, the limit is 5"#),
    ])
    func misfitsAreNamed(_ json: String, _ message: String) {
        #expect(throws: JadeError.invalidArgument(message)) { try floats(json, limit: 5) }
    }

    @Test func aMisfitBehindNumbersOfAllKindsIsFound() {
        #expect(throws: JadeError.invalidArgument(#""values"[4] is a string, expected a number"#)) {
            try floats("[1,2.5,18446744073709551615,-3,\"x\",1]")
        }
    }
}

@Suite struct PoolTests {
    @Test func parsersAreSharedByThreadsAndComeBack() async throws {
        let pool = JSONParserPool()
        try await withThrowingTaskGroup(of: Int64.self) { group in
            for number in 0..<200 {
                group.addTask {
                    try pool.withDocument(Array("{\"n\":\(number)}".utf8)) { (root) throws(JadeError) in
                        root.members!.first { $0.key == "n" as StaticString }!.value.int64!
                    }
                }
            }
            let sum = try await group.reduce(0, +)
            #expect(sum == (0..<200).reduce(0, +))
        }
        #expect((1...64).contains(pool.idleCount))
    }

    @Test func nestedUseTakesAnotherParser() throws {
        let pool = JSONParserPool()
        let values = try pool.withDocument(Array("[1]".utf8)) { (outer) throws(JadeError) in
            let inner = try pool.withDocument(Array("[2,3]".utf8)) { (root) throws(JadeError) in root.count }
            return [outer.count, inner]
        }
        #expect(values == [1, 2])
        #expect(pool.idleCount == 2)
    }

    @Test func aParserGrownLargeIsLetGo() throws {
        let pool = JSONParserPool()
        func parse(_ bytes: Int) throws {
            let string = "\"" + String(repeating: "x", count: bytes) + "\""
            let found = try pool.withDocument(Array(string.utf8)) { (root) throws(JadeError) in root.text!.bytes.count }
            #expect(found == bytes)
        }
        try parse(5_000_000)
        #expect(pool.idleCount == 1)
        try parse(34_000_000)
        #expect(pool.idleCount == 0)
    }
}
