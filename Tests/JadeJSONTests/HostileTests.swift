import JadeCore
import JadeJSON
import Testing

@Suite struct HostileTests {
    @Test(arguments: [
        ("", "invalid JSON: the document is empty"),
        (" \n\t ", "invalid JSON: the document is empty"),
        ("{\"a\":1", "invalid JSON at byte 6: expected ',' or '}', found the end of the document"),
        ("[1,2", "invalid JSON at byte 4: expected ',' or ']', found the end of the document"),
        ("[1,]", "invalid JSON at byte 3: expected a value, found ']'"),
        ("[1 2]", "invalid JSON at byte 3: expected ',' or ']', found '2'"),
        ("{\"a\":1,}", "invalid JSON at byte 7: expected a key in quotes, found '}'"),
        ("{a:1}", "invalid JSON at byte 1: expected a key in quotes, found 'a'"),
        ("{\"a\" 1}", "invalid JSON at byte 5: expected ':' after a key, found '1'"),
        ("{\"a\":}", "invalid JSON at byte 5: expected a value, found '}'"),
        ("[1}", "invalid JSON at byte 2: expected ',' or ']', found '}'"),
        ("{} {}", "invalid JSON at byte 3: expected the end of the document, found '{'"),
        ("nul", "invalid JSON at byte 0: expected null"),
        ("[True]", "invalid JSON at byte 1: expected a value, found 'T'"),
        ("[NaN]", "invalid JSON at byte 1: expected a value, found 'N'"),
        ("[-Infinity]", "invalid JSON at byte 2: expected a digit, found 'I'"),
        ("[01]", "invalid JSON at byte 2: expected ',' or ']', found '1'"),
        ("[1.]", "invalid JSON at byte 3: expected a digit, found ']'"),
        ("[.5]", "invalid JSON at byte 1: expected a value, found '.'"),
        ("[+1]", "invalid JSON at byte 1: expected a value, found '+'"),
        ("[1e]", "invalid JSON at byte 3: expected a digit, found ']'"),
        ("\"abc", "invalid JSON at byte 4: the string that begins at byte 0 does not end"),
        ("\"a\nb\"", "invalid JSON at byte 2: control character in a string, expected an escape"),
        ("\"\\x\"", "invalid JSON at byte 1: unknown escape"),
        ("\"\\u12g4\"", "invalid JSON at byte 1: expected 4 hexadecimal digits after \\u"),
        ("\"\\ud800\"", "invalid JSON at byte 1: half of a surrogate pair"),
        ("\"ab\\udc00\"", "invalid JSON at byte 3: half of a surrogate pair"),
        ("\"\\ud800\\u0041\"", "invalid JSON at byte 1: half of a surrogate pair"),
        ("[1e400]", "invalid JSON at byte 1: number 1e400 is beyond the range of a double"),
        (
            "[18446744073709551616]",
            "invalid JSON at byte 1: integer 18446744073709551616 is beyond 64 bits: send it as a string, or with an exponent as a decimal number"
        ),
        (
            "[-9223372036854775809]",
            "invalid JSON at byte 1: integer -9223372036854775809 is beyond 64 bits: send it as a string, or with an exponent as a decimal number"
        ),
    ])
    func faultsAreLocated(_ json: String, _ message: String) {
        #expect(refusal(json) == .invalidArgument(message))
    }

    @Test(arguments: [
        ([0x22, 0xFF, 0x22], 1), ([0x22, 0xC3, 0x22], 1), ([0x22, 0x61, 0xED, 0xA0, 0x80, 0x22], 2),
        ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1), ([0x22, 0xE2, 0x82], 1),
    ] as [([UInt8], Int)])
    func invalidUTF8IsLocated(_ bytes: [UInt8], _ place: Int) {
        #expect(refusal(bytes) == .invalidArgument("invalid JSON at byte \(place): invalid UTF-8"))
    }

    @Test func hugeNumbersAreShownShort() {
        let error = refusal(String(repeating: "9", count: 10_000))
        #expect(error?.message.hasPrefix("invalid JSON at byte 0: integer 9999999999999999999999999999999999999... is beyond") == true)
    }

    @Test func nestingIsAllowedToTheLimitExactly() {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth) }
        func objects(_ depth: Int) -> String {
            String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        }
        let limit = Limits.maximumJSONDepth
        #expect(refusal(nested(limit)) == nil)
        #expect(refusal(objects(limit)) == nil)
        let tooDeep = "nested more than 64 levels deep"
        #expect(refusal(nested(limit + 1)) == .invalidArgument("invalid JSON at byte 64: \(tooDeep)"))
        #expect(refusal(objects(limit + 1)) == .invalidArgument("invalid JSON at byte 320: \(tooDeep)"))
        #expect(refusal(String(repeating: "[", count: 1_000_000)) == .invalidArgument("invalid JSON at byte 64: \(tooDeep)"))
        #expect(refusal(String(repeating: "{\"\":", count: 250_000))?.message.hasSuffix(tooDeep) == true)
    }

    @Test func documentsOverTheLimitAreTooLarge() throws {
        let parser = try JSONParser(maximumBytes: 10)
        #expect(try parser.withDocument(Array("[1,2,3,45]".utf8)) { (root) throws(JadeError) in root.count } == 4)
        #expect(throws: JadeError.tooLarge("JSON document has 11 bytes, the limit is 10")) {
            try parser.withDocument(Array("[1,2,3,456]".utf8)) { (_) throws(JadeError) in }
        }
    }

    @Test func everyTruncationIsRefused() {
        let json = Array(#"{"id":"é\n","values":[1.5,-2e3,true,null],"m":{"k":[{}]}}"#.utf8)
        #expect(refusal(json) == nil)
        for length in 0..<json.count {
            let error = refusal(Array(json[..<length]))
            #expect(error?.message.hasPrefix("invalid JSON") == true, "truncated to \(length) bytes")
        }
    }

    /// Random mutations: whatever comes in, the parser answers or refuses, walks only its own tape, and the diagnosis
    /// agrees with the parser on what is JSON.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func mutationsNeverCrash(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let parser = try JSONParser()
        let samples = [
            #"{"name":"docs","dimension":384,"index":{"type":"hnsw","m":16},"x":[1,2.5e-3,"a\u00e9\"b",null,true,false]}"#,
            #"[[[{"a":[]},{"b":{}}]],-0,1e5,18446744073709551615,"😀",{"":{"":[""]}}]"#,
        ]
        let alphabet = Array("{}[]\",:\\ue0123456789.-+truefalsn \n".utf8) + [0, 0x80, 0xC3, 0xED, 0xFF]
        for _ in 0..<5_000 {
            var bytes = Array(samples.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = alphabet.randomElement(using: &random)!
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(alphabet.randomElement(using: &random)!, at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 3))
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            let outcome = Result { try parser.withDocument(bytes) { (root) throws(JadeError) in visit(root) } }
            if case .failure(let error as JadeError) = outcome {
                // A place means that the diagnosis found the fault too.
                #expect(
                    error.message.hasPrefix("invalid JSON at byte") || error.message == "invalid JSON: the document is empty",
                    "\(error.message) for \(text(bytes)), seed \(seed)")
            }
        }
    }

    @Test func randomBytesNeverCrash() throws {
        var random = SeededRandom(seed: 99)
        let parser = try JSONParser()
        for length in 0..<2_000 {
            let bytes = (0..<length % 97).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? parser.withDocument(bytes) { (root) throws(JadeError) in visit(root) }
        }
    }

    /// Touches everything that an element leads to; returns how many values that were.
    private func visit(_ element: JSONElement) -> Int {
        if let members = element.members { return members.reduce(1) { $0 + visit($1.value) } }
        if let elements = element.elements { return elements.reduce(1) { $0 + visit($1) } }
        return 1 + (element.string?.utf8.count ?? 0) + (element.double == nil ? 0 : 1)
    }
}
