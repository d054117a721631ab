import JadeAPI
import JadeCore
import JadeJSON
import Testing

@Suite struct VectorJSONTests {
    private let record = VectorRecord(id: 7, values: [1, 0.5, -2], metadata: ["a": 1, "b": [nil, 2.0]])

    @Test func oneVectorOrMany() throws {
        let one = #"{"id":7,"values":[1,0.5,-2],"metadata":{"a":1,"b":[null,2.0]}}"#
        #expect(try decode(one) == UpsertRequest([record]))
        #expect(try decode(#"{"vectors":[\#(one),{"id":"x","values":[]}]}"#)
            == UpsertRequest([record, VectorRecord(id: VectorID("x"), values: [])]))
        #expect(encoded(UpsertRequest([record])) == #"{"vectors":[\#(one)]}"#)
        #expect(try decode(#"{"vectors":[]}"#) == UpsertRequest([]))
    }

    @Test func expiries() throws {
        let time = "2026-01-31T23:59:59.125Z"
        let moment = try Timestamp.milliseconds(of: time, "t")
        for (json, expiry) in [
            (#","expires_at":"\#(time)""#, .at(milliseconds: moment)), (#","expires_at":"never""#, .never),
            (#","ttl_seconds":90"#, .after(seconds: 90)), (#","ttl_seconds":null"#, nil),
        ] as [(String, Expiry?)] {
            let text = #"{"id":1,"values":[1]\#(json)}"#
            let request = UpsertRequest([VectorRecord(id: 1, values: [1], expiry: expiry)])
            #expect(try decode(text) == request)
            if expiry != nil { #expect(encoded(request) == #"{"vectors":[\#(text)]}"#) }
        }
        let stored = VectorList([StoredVector(id: 1, expiresAtMilliseconds: moment)])
        #expect(encoded(stored) == #"{"vectors":[{"id":1,"expires_at":"\#(time)"}]}"#)
        #expect(try roundTrip(stored) == stored)
    }

    @Test func idsKeepTheirKind() throws {
        let ids = try [VectorID("42"), 42, VectorID(.max), VectorID("é \"q\""), VectorID("123e4567-e89b-12d3-a456-426614174000")]
        let json = #"{"ids":["42",42,18446744073709551615,"é \"q\"","123e4567-e89b-12d3-a456-426614174000"]}"#
        #expect(encoded(DeleteRequest(ids)) == json)
        let back = try decode(DeleteRequest.self, json)
        #expect(back.ids == ids)
        #expect(back.ids.map(\.isInteger) == [false, true, true, false, false])
    }

    @Test(arguments: [
        ("[]", "vector is an array, expected an object"),
        ("{}", #""id" is missing in vector"#),
        (#"{"id":1}"#, #""values" is missing in vector"#),
        (#"{"id":-1,"values":[]}"#, #""id" is -1, expected a string or an unsigned integer"#),
        (#"{"id":1.5,"values":[]}"#, #""id" is a decimal number, expected a string or an unsigned integer"#),
        (#"{"id":"","values":[]}"#, "vector id is empty, expected 1 to 512 bytes"),
        (#"{"id":1,"values":"[1]"}"#, #""values" is base64 of 3 digits, which is no multiple of 4: is its padding there?"#),
        (#"{"id":1,"values":[1],"metadata":[]}"#, #""metadata" is an array, expected an object"#),
        (#"{"id":1,"values":[1],"metadata":{"k":1,"k":2}}"#, #""k" occurs twice in metadata"#),
        (#"{"id":1,"values":[1],"meta":{}}"#, #"unknown field "meta" in vector, expected one of id, values, text, metadata, expires_at, ttl_seconds"#),
        (
            #"{"id":1,"vector":[1]}"#,
            #"unknown field "vector" in vector, expected one of id, values, text, metadata, expires_at, ttl_seconds"#
        ),
        (#"{"id":1,"values":[1],"ttl_seconds":0}"#, "ttl_seconds is 0, expected 1 to \(Limits.maximumRetentionSeconds)"),
        (#"{"id":1,"values":[1],"ttl_seconds":1.5}"#, #""ttl_seconds" is a decimal number, expected an integer"#),
        (#"{"id":1,"values":[1],"expires_at":"soon"}"#, #""expires_at" is "soon", expected a time such as 2026-01-31T23:59:59.000Z"#),
        (
            #"{"id":1,"values":[1],"expires_at":"never","ttl_seconds":1}"#,
            #""expires_at" and "ttl_seconds" are both given, expected one of them"#
        ),
        (#"{"vectors":7}"#, #""vectors" is an integer, expected an array"#),
        (#"{"vectors":[],"id":1}"#, #"unknown field "id" in upsert, expected one of vectors"#),
        (#"{"vectors":[{"id":1,"values":[1]},{"id":2,"values":[1,null]}]}"#, #"vectors[1]: "values"[1] is null, expected a number"#),
        (#"{"vectors":[{"id":1,"values":[1e39]}]}"#, #"vectors[0]: "values"[0] is 1e+39, which does not fit a 32-bit float"#),
        (#"{"vectors":[{"id":1,"values":[1e400]}]}"#, "invalid JSON at byte 30: number 1e400 is beyond the range of a double"),
    ])
    func refusals(_ json: String, _ message: String) {
        #expect(refusal(UpsertRequest.self, json) == .invalidArgument(message))
    }

    @Test func limitsAreNamed() {
        let many = Array(repeating: "1", count: Limits.maximumBatchOperations + 1).joined(separator: ",")
        #expect(refusal(DeleteRequest.self, #"{"ids":[\#(many)]}"#) == .tooLarge(#""ids" has 10001 elements, the limit is 10000"#))
        #expect(refusal(UpsertRequest.self, #"{"vectors":[\#(many)]}"#) == .tooLarge(#""vectors" has 10001 elements, the limit is 10000"#))
        let long = Array(repeating: "1", count: Limits.maximumDimension + 1).joined(separator: ",")
        #expect(refusal(UpsertRequest.self, #"{"id":1,"values":[\#(long)]}"#)
            == .invalidArgument(#""values" has 65537 numbers, the limit is 65536"#))
        let id = String(repeating: "i", count: Limits.maximumIDBytes + 1)
        #expect(refusal(DeleteRequest.self, #"{"ids":["\#(id)"]}"#)
            == .invalidArgument("ids[0]: vector id has 513 bytes, the limit is 512"))
    }

    @Test func gets() throws {
        #expect(try decode(#"{"ids":[1]}"#) == GetRequest([1], parts: [.values, .metadata]))
        #expect(try decode(#"{"ids":[1],"include_values":false}"#) == GetRequest([1], parts: [.metadata]))
        for parts in [[], [.values], [.metadata], [.values, .metadata]] as [VectorParts] {
            let request = try GetRequest([1, VectorID("b")], parts: parts)
            #expect(try roundTrip(request) == request)
        }
        let list = VectorList([StoredVector(id: 1), StoredVector(id: 2, values: [1.5], metadata: ["k": "v"])])
        #expect(encoded(list) == #"{"vectors":[{"id":1},{"id":2,"values":[1.5],"metadata":{"k":"v"}}]}"#)
        #expect(try roundTrip(list) == list)
    }

    @Test func writeAnswers() throws {
        let result = WriteResult(count: 3, sequence: .max)
        #expect(encoded(WriteAnswer(.upserted, result)) == #"{"upserted":3,"sequence":18446744073709551615}"#)
        #expect(encoded(WriteAnswer(.deleted, result)) == #"{"deleted":3,"sequence":18446744073709551615}"#)
        for verb in WriteAnswer.Verb.allCases { #expect(try roundTrip(WriteAnswer(verb, result)) == WriteAnswer(verb, result)) }
        #expect(refusal(WriteAnswer.self, #"{"sequence":1}"#)
            == .invalidArgument(#""upserted", "deleted" or "updated" is missing in write answer"#))
        #expect(refusal(WriteAnswer.self, #"{"deleted":1}"#) == .invalidArgument(#""sequence" is missing in write answer"#))
    }

    @Test func metadataUpdates() throws {
        let metadata: Metadata = ["gone": nil, "kept": ["a": 1]]
        #expect(try decode(#"{"metadata":{"gone":null,"kept":{"a":1}}}"#) == MetadataRequest(metadata))
        #expect(MetadataRequest(.merge(metadata)) == MetadataRequest(.replace(metadata)))
        #expect(try roundTrip(MetadataRequest(metadata)) == MetadataRequest(metadata))
        #expect(refusal(MetadataRequest.self, "{}") == .invalidArgument(#""metadata" is missing in metadata update"#))
        #expect(refusal(MetadataRequest.self, #"{"a":1}"#)
            == .invalidArgument(#"unknown field "a" in metadata update, expected one of metadata"#))
    }

    @Test func scrolls() throws {
        #expect(try decode("{}") == ScrollRequest())
        #expect(ScrollRequest().parts == [.metadata])
        let request = ScrollRequest(after: 9, limit: 5, filter: .exists(try FieldPath("a.b"), false), parts: [.values])
        #expect(encoded(request)
            == #"{"after":9,"limit":5,"filter":{"a.b":{"$exists":false}},"include_values":true,"include_metadata":false}"#)
        #expect(try roundTrip(request) == request)
        let page = ScrollPage(vectors: [StoredVector(id: 1, metadata: [:])], next: try VectorID("1"))
        #expect(encoded(page) == #"{"vectors":[{"id":1,"metadata":{}}],"next":"1"}"#)
        #expect(try roundTrip(page) == page)
        #expect(encoded(ScrollPage(vectors: [], next: nil)) == #"{"vectors":[],"next":null}"#)
        #expect(try roundTrip(ScrollPage(vectors: [], next: nil)) == ScrollPage(vectors: [], next: nil))
    }

    @Test func counts() throws {
        #expect(try decode("{}") == CountRequest(nil))
        #expect(try decode(#"{"filter":null}"#) == CountRequest(nil))
        #expect(encoded(CountRequest(nil)) == "{}")
        let request = CountRequest(.equals(try FieldPath("a"), .integer(1)))
        #expect(try roundTrip(request) == request)
        #expect(encoded(CountAnswer(5)) == #"{"count":5}"#)
        #expect(try roundTrip(CountAnswer(5)) == CountAnswer(5))
    }
}
