import JadeCore
import JadeJSON
import Testing

@Suite struct WritingTests {
    private func written(_ body: (inout JSONWriter) -> Void) -> String {
        var writer = JSONWriter(reserving: 1)
        body(&writer)
        return text(writer.bytes)
    }

    @Test func structureAndCommas() {
        let json = written { writer in
            writer.beginObject()
            writer.key("a" as StaticString)
            writer.beginArray()
            writer.integer(1)
            writer.beginArray()
            writer.endArray()
            writer.bool(true)
            writer.null()
            writer.endArray()
            writer.key("b\"" as String)
            writer.beginObject()
            writer.endObject()
            writer.key("c" as StaticString)
            writer.bool(false)
            writer.endObject()
        }
        #expect(json == #"{"a":[1,[],true,null],"b\"":{},"c":false}"#)
    }

    @Test func integers() {
        let json = written { writer in
            writer.beginArray()
            for value in [0, 9, 10, -1, Int64.max, Int64.min] { writer.integer(value) }
            writer.integer(UInt64.max)
            writer.endArray()
        }
        #expect(json == "[0,9,10,-1,9223372036854775807,-9223372036854775808,18446744073709551615]")
    }

    @Test func doublesStayDoubles() {
        let json = written { writer in
            writer.beginArray()
            for value in [0, -0.0, 1, 100, 0.1, 1e21, 1e-7, -1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude] as [Double] {
                writer.double(value)
            }
            writer.endArray()
        }
        #expect(json == "[0.0,-0.0,1.0,100.0,0.1,1e+21,1e-07,-1.5,1.7976931348623157e+308,5e-324]")
    }

    @Test func whatIsNotFiniteBecomesNull() {
        #expect(written { $0.double(.nan) } == "null")
        #expect(written { $0.float(-.infinity) } == "null")
        #expect(written { $0.floats([1, .nan, 2]) } == "[1,null,2]")
    }

    @Test func floats() {
        #expect(written { $0.floats([]) } == "[]")
        #expect(written { $0.floats([0, -0.0, 1, 0.1, 1e-5, 16_777_216, 3.4028235e38, .leastNonzeroMagnitude]) }
            == "[0,-0.0,1,0.1,1e-05,16777216,3.4028235e+38,1e-45]")
        #expect(written { $0.float(0.25) } == "0.25")
    }

    @Test func stringsAreEscaped() {
        let all = written { writer in
            writer.string("plain text that is longer than a word, é😀, then \"quotes\", \\, \n\r\t\u{8}\u{c}\u{0}\u{1f}\u{7f}/")
        }
        #expect(all == #""plain text that is longer than a word, é😀, then \"quotes\", \\, \n\r\t\b\f\u0000\u001f"# + "\u{7f}/\"")
        #expect(written { $0.string("") } == "\"\"")
    }

    @Test func escapingFindsItsCharactersAtEveryPlace() throws {
        for special in ["\"", "\\", "\u{1}", "\u{1f}"] as [String] {
            for place in 0..<40 {
                let string = String(repeating: "é", count: place / 2) + String(repeating: "a", count: place % 2) + special + "tail of text"
                let json = written { $0.string(string) }
                #expect(try parse(json) { (root) throws(JadeError) in root.string } == string)
            }
        }
    }

    /// Every float comes back bit by bit through text, double and rounding.
    @Test func floatsRoundTrip() throws {
        var random = SeededRandom(seed: 5)
        for _ in 0..<100 {
            let values = (0..<1000).map { _ in Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &random)) }
                .filter(\.isFinite)
            let json = written { $0.floats(values) }
            let back = try parse(json) { (root) throws(JadeError) in try root.floats("values", limit: 1000) }
            #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
        }
    }

    @Test func doublesRoundTrip() throws {
        var random = SeededRandom(seed: 6)
        let values = (0..<20_000).map { _ in Double(bitPattern: UInt64.random(in: 0...UInt64.max, using: &random)) }
            .filter(\.isFinite)
        let json = written { writer in
            writer.beginArray()
            for value in values { writer.double(value) }
            writer.endArray()
        }
        let back = try parse(json) { (root) throws(JadeError) in root.elements!.map { $0.double! } }
        #expect(back.map(\.bitPattern) == values.map(\.bitPattern))
    }

    @Test func rawJSONIsPutInPlace() {
        let json = written { writer in
            writer.beginArray()
            Array("{\"a\":1}".utf8).withUnsafeBytes { writer.json($0) }
            writer.integer(2)
            writer.endArray()
        }
        #expect(json == "[{\"a\":1},2]")
    }
}
