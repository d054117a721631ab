import JadeAPI
import JadeCore
import Testing

@Suite("Vectors as bytes")
struct FrameTests {
    static let records = [
        VectorRecord(id: 7, values: [1, -2.5, 0], metadata: ["kind": "fruit", "n": [1, nil]], expiry: .after(seconds: 5)),
        VectorRecord(id: try! VectorID("sch\u{f6}n/1"), values: [0, 3, 1e-30]),
        VectorRecord(id: try! VectorID("7a"), values: [1, 2, 3], expiry: .never),
    ]

    private func upsert(_ bytes: [UInt8]) throws(JadeError) -> UpsertRequest {
        try bytes.withRawBytes { (raw) throws(JadeError) in try UpsertRequest(frame: raw) }
    }

    private func searches(_ bytes: [UInt8]) throws(JadeError) -> [SearchRequest] {
        try bytes.withRawBytes { (raw) throws(JadeError) in try SearchBatchRequest(frame: raw).searches }
    }

    @Test("an upsert comes back as it was sent", arguments: [records, Array(records.prefix(1)), [VectorRecord(id: 1, values: [2])]])
    func upsertRoundTrip(vectors: [VectorRecord]) throws {
        let request = UpsertRequest(vectors)
        let read = try upsert(try request.frame())
        #expect(read == request)
        #expect(read.vectors.map(\.id.isInteger) == vectors.map(\.id.isInteger))
    }

    @Test("the layout is the one that is written down")
    func layout() throws {
        let bytes = try UpsertRequest([VectorRecord(id: 258, values: [1, 2])]).frame()
        let expected: [UInt8] =
            Array("JVF1".utf8) + [1, 0, 1, 0] + [1, 0, 0, 0] + [2, 0, 0, 0] + [8, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0, 0] + [0, 0, 0, 0]
            + [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40] + [2, 1, 0, 0, 0, 0, 0, 0]
        #expect(bytes == expected)
    }

    @Test("every element type is read")
    func elementTypes() throws {
        func frame(_ type: ElementType, _ dimension: UInt8, _ values: [UInt8]) -> [UInt8] {
            var bytes: [UInt8] = Array("JVF1".utf8) + [1, UInt8(type.rawValue), 0, 0, 1, 0, 0, 0, dimension, 0, 0, 0]
            bytes += [UInt8](repeating: 0, count: 16) + values
            while bytes.count % 8 != 0 { bytes.append(0) }
            return bytes
        }
        func values(_ bytes: [UInt8]) throws -> SearchRequest.Query { try #require(try searches(bytes).first).query }
        #expect(try values(frame(.float16, 2, [0, 0x3C, 0, 0xC1])) == .values([1, -2.5]))
        #expect(try values(frame(.bfloat16, 2, [0x80, 0x3F, 0x20, 0xC0])) == .values([1, -2.5]))
        #expect(try values(frame(.int8, 3, [1, 0xFF, 0x80])) == .values([1, -1, -128]))
        #expect(try values(frame(.uint8, 3, [1, 0xFF, 0x80])) == .values([1, 255, 128]))
        #expect(try values(frame(.bit, 10, [0b1000_0001, 0b10])) == .values([1, 0, 0, 0, 0, 0, 0, 1, 0, 1]))
        #expect(throws: JadeError.invalidArgument("component 1 of row 0 is inf, expected a finite number")) {
            try values(frame(.float16, 2, [0, 0x3C, 0, 0x7C]))
        }
    }

    @Test("searches that share their options are one frame")
    func searchRoundTrip() throws {
        var requests = (0..<3).map { SearchRequest(query: .values([Float($0), 1]), topK: 4, filter: .exists(try! FieldPath("a"), true), exact: true) }
        let bytes = try #require(SearchBatchRequest(requests).frame())
        #expect(try searches(bytes) == requests)
        requests[1].topK = 5
        #expect(SearchBatchRequest(requests).frame() == nil)
        #expect(SearchBatchRequest([SearchRequest(query: .id(1))]).frame() == nil)
    }

    @Test("answers come back as they were given")
    func answers() throws {
        let plan = SearchPlan(strategy: .exact, visible: 4, tail: 0, microseconds: 9)
        let batch = SearchBatchResponse([
            SearchResponse(results: [SearchHit(id: 1, score: 0.5, values: [1, 2], metadata: ["a": 1]), SearchHit(id: 2, score: -1, values: [3, 4], metadata: [:])], plan: plan),
            SearchResponse(results: [], plan: plan), SearchResponse(results: [SearchHit(id: 3, score: 7, values: [5, 6], metadata: [:])], plan: plan),
        ])
        let bytes = try #require(try batch.frame())
        let mixed = SearchBatchResponse(batch.responses + [SearchResponse(results: [SearchHit(id: 4, score: 1)])])
        #expect(try mixed.frame() == nil, "values for some only")
        #expect(try bytes.withRawBytes { (raw) throws(JadeError) in try SearchBatchResponse(frame: raw) } == batch)
        let page = ScrollPage(
            vectors: [StoredVector(id: 1, values: [1], metadata: ["a": 1]), StoredVector(id: 2, values: [2], expiresAtMilliseconds: 86_400_000)], next: 2)
        let pageBytes = try page.frame()
        #expect(try pageBytes.withRawBytes { (raw) throws(JadeError) in try ScrollPage(frame: raw) } == page)
    }

    @Test("a frame that is cut or changed anywhere is refused or read, never worse")
    func hostile() throws {
        let whole = try UpsertRequest(Self.records).frame()
        for length in 0..<whole.count {
            #expect(throws: JadeError.self) { try upsert(Array(whole[..<length])) }
        }
        for place in 0..<whole.count {
            for bit in [0, 3, 7] {
                var bytes = whole
                bytes[place] ^= 1 << UInt8(bit)
                do throws(JadeError) { _ = try upsert(bytes) } catch { #expect([.invalidArgument, .tooLarge].contains(error.code), "\(error)") }
            }
        }
        #expect(throws: JadeError.self) { try upsert(whole + [0]) }
    }

    @Test("a frame without ids is no upsert, one with ids no query")
    func misuse() throws {
        let queries = try #require(SearchBatchRequest([SearchRequest(query: .values([1]))]).frame())
        #expect(throws: JadeError.invalidArgument("frame has no ids, an upsert needs them")) { try upsert(queries) }
        #expect(throws: JadeError.invalidArgument("frame of queries has ids, expected none")) { try searches(try UpsertRequest(Self.records).frame()) }
    }
}

@Suite("Values as base64")
struct PackedValuesTests {
    private func values(_ text: String) throws(JadeError) -> [Float] {
        try WireJSON.decode(VectorRecord.self, from: Array(#"{"id":1,"values":"\#(text)"}"#.utf8)).values
    }

    @Test("of each type", arguments: [
        ("AACAPwAAIMA=", [1, -2.5]), ("f32:AACAPwAAIMA=", [1, -2.5]), ("f16:ADwAwQ==", [1, -2.5]), ("bf16:gD8gwA==", [1, -2.5]),
        ("i8:Af+A", [1, -1, -128]), ("u8:Af+A", [1, 255, 128]), ("b1:gQ==", [1, 0, 0, 0, 0, 0, 0, 1]), ("", []),
    ] as [(String, [Float])])
    func types(text: String, expected: [Float]) throws { #expect(try values(text) == expected) }

    @Test("what is none is refused with its place", arguments: [
        ("AACA", "no multiple of 4, the size of f32"), ("AAC", "no multiple of 4: is its padding there"), ("AA*A", "digit 2"), ("AA=A", "digit 2"),
        ("A===", "digit 1"), ("x9:AAAA", "\"x9:\""), ("AACAfw==", "expected a finite number"), ("AAAA\\nAAA", "digit 4"),
    ])
    func faults(text: String, says: String) {
        do throws(JadeError) {
            _ = try values(text)
            Issue.record("\(text) was read")
        } catch {
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains(says), "\(error.message)")
        }
    }
}
