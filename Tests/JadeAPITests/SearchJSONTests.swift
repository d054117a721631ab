import JadeAPI
import JadeCore
import JadeJSON
import Testing

@Suite struct SearchJSONTests {
    @Test func everythingAtOnce() throws {
        let json = #"""
            {"values":[1,2.5],"top_k":3,"ef_search":80,"nprobe":7,"rescore":false,"oversampling":3.5,"filter":{"section":"net"},"threshold":0.25,"include_values":true,
             "include_metadata":true,"exact":true,"explain":true}
            """#
        let request = SearchRequest(
            query: .values([1, 2.5]), topK: 3, efSearch: 80, filter: .equals(try FieldPath("section"), .string("net")),
            threshold: 0.25, parts: [.values, .metadata], exact: true, explain: true, nprobe: 7, rescore: false,
            oversampling: 3.5)
        #expect(try decode(json) == request)
        #expect(try roundTrip(request) == request)
    }

    @Test func defaults() throws {
        #expect(try decode(#"{"id":"x"}"#) == SearchRequest(query: .id(VectorID("x"))))
        #expect(try decode(#"{"values":[],"filter":null,"ef_search":null}"#) == SearchRequest(query: .values([])))
        let request = SearchRequest(query: .id(3))
        #expect(encoded(request) == #"{"id":3,"top_k":10,"include_values":false,"include_metadata":false}"#)
        #expect(try roundTrip(request) == request)
    }

    @Test(arguments: [
        ("7", "search is an integer, expected an object"),
        ("{}", #""values" or "id" is missing in search"#),
        (#"{"values":null}"#, #""values" or "id" is missing in search"#),
        (#"{"values":[1],"id":1}"#, #"search has both "values" and "id", expected one of them"#),
        (#"{"values":[1],"top_k":"3"}"#, #""top_k" is a string, expected an integer"#),
        (#"{"values":[1],"top_k":2.5}"#, #""top_k" is a decimal number, expected an integer"#),
        (#"{"values":[1],"exact":1}"#, #""exact" is an integer, expected true or false"#),
        (#"{"values":[1],"include_values":"yes"}"#, #""include_values" is a string, expected true or false"#),
        (#"{"values":[1],"threshold":[]}"#, #""threshold" is an array, expected a number"#),
        (#"{"values":[1],"threshold":1e300}"#, #""threshold" is 1e+300, which does not fit a 32-bit float"#),
        (#"{"values":[1],"filter":"x"}"#, "filter is a string, expected an object"),
        (#"{"values":[1],"values":[2]}"#, #""values" occurs twice in search"#),
        (
            #"{"values":[1],"topk":3}"#,
            #"unknown field "topk" in search, expected one of values, id, top_k, ef_search, nprobe, rescore, oversampling, filter, threshold, include_values, include_metadata, exact, explain; did you mean "top_k"?"#
        ),
        (
            #"{"vektor":[1]}"#,
            #"unknown field "vektor" in search, expected one of values, id, top_k, ef_search, nprobe, rescore, oversampling, filter, threshold, include_values, include_metadata, exact, explain"#
        ),
    ])
    func refusals(_ json: String, _ message: String) {
        #expect(refusal(SearchRequest.self, json) == .invalidArgument(message))
    }

    @Test func longUnknownNamesAreCut() {
        let name = String(repeating: "x", count: 5_000)
        let message = refusal(SearchRequest.self, #"{"\#(name)":1}"#)?.message ?? ""
        #expect(message.hasPrefix(#"unknown field "\#(String(repeating: "x", count: 61))"... in search"#))
    }

    @Test func answers() throws {
        let response = SearchResponse(
            results: [
                SearchHit(id: 1, score: 0.5),
                SearchHit(id: try VectorID("b"), score: -1e-9, values: [1, -0.0], metadata: ["k": ["n": nil]]),
            ],
            plan: SearchPlan(strategy: .graphFiltered, efSearch: 64, visible: 100, matching: 7, tail: 3, microseconds: 42))
        #expect(encoded(response) == #"""
            {"results":[{"id":1,"score":0.5},{"id":"b","score":-1e-09,"values":[1,-0.0],"metadata":{"k":{"n":null}}}],\#
            "plan":{"strategy":"graph_filtered","ef_search":64,"visible":100,"matching":7,"tail":3,"microseconds":42}}
            """#)
        #expect(try roundTrip(response) == response)
        #expect(encoded(SearchResponse(results: [])) == #"{"results":[]}"#)
        for strategy in SearchPlan.Strategy.allCases {
            let plan = SearchPlan(strategy: strategy, visible: 0, nprobe: strategy == .lists ? 5 : nil)
            #expect(try roundTrip(plan) == plan)
        }
    }

    @Test func aScoreBeyondFloatsSurvives() throws {
        let hit = SearchHit(id: 1, score: .infinity)
        #expect(encoded(hit) == #"{"id":1,"score":null}"#)
        #expect(try roundTrip(hit).score.isNaN)
    }

    @Test func batches() throws {
        let batch = SearchBatchRequest([SearchRequest(query: .id(1)), SearchRequest(query: .values([1]), topK: 2)])
        #expect(try roundTrip(batch) == batch)
        let answer = SearchBatchResponse([SearchResponse(results: []), SearchResponse(results: [SearchHit(id: 1, score: 1)])])
        #expect(encoded(answer) == #"{"responses":[{"results":[]},{"results":[{"id":1,"score":1}]}]}"#)
        #expect(try roundTrip(answer) == answer)
        #expect(refusal(SearchBatchRequest.self, #"{"searches":[{"id":1},{"id":1,"top_k":[]}]}"#)
            == .invalidArgument(#"searches[1]: "top_k" is an array, expected an integer"#))
        let many = Array(repeating: "{}", count: Limits.maximumBatchQueries + 1).joined(separator: ",")
        #expect(refusal(SearchBatchRequest.self, #"{"searches":[\#(many)]}"#)
            == .tooLarge(#""searches" has 1001 elements, the limit is 1000"#))
    }

    @Test func status() throws {
        let status = NodeStatus(
            version: "0.1.0", uptimeSeconds: 12.5, databaseCount: 2, vectorCount: 3, simdLevel: "avx512", searchThreads: 8,
            memory: MemoryStatus(limitBytes: 1_000, databaseBytes: 5, writeBytes: 4, searchBytes: 3, bodyBytes: 2))
        #expect(encoded(status) == #"""
            {"version":"0.1.0","uptime_seconds":12.5,"database_count":2,"vector_count":3,"simd_level":"avx512","search_threads":8,\#
            "memory":{"limit_bytes":1000,"database_bytes":5,"write_bytes":4,"search_bytes":3,"body_bytes":2}}
            """#)
        #expect(try roundTrip(status) == status)
    }

    @Test(arguments: [21, 22, 23] as [UInt64])
    func mutatedRequestsNeverCrash(_ seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let sample = Array(
            #"{"values":[1,2],"id":"a","top_k":5,"filter":{"a":{"$gt":1,"$in":[1,"x"]},"$or":[{"b":null}]},"exact":true}"#.utf8)
        let alphabet = Array(#"{}[]",:0$e-"#.utf8)
        var accepted = 0
        for _ in 0..<4_000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                if Bool.random(using: &random) { bytes[place] = alphabet.randomElement(using: &random)! } else { bytes.remove(at: place) }
            }
            for decoded in [
                Result { _ = try WireJSON.decode(SearchRequest.self, from: bytes) },
                Result { _ = try WireJSON.decode(UpsertRequest.self, from: bytes) },
                Result { _ = try WireJSON.decode(Filter.self, from: bytes) },
            ] {
                guard case .failure(let error) = decoded else { accepted += 1; continue }
                #expect((error as? JadeError)?.code == .invalidArgument, "seed \(seed)")
            }
        }
        // Both an id and values are in the sample, so nearly everything is refused; filters are not.
        #expect(accepted < 4_000)
    }
}
