import JadeCore
import Testing

@Suite("Searches over REST")
struct SearchRouteTests {
    static let path = "/v1/databases/docs/search"

    @Test("the closest vectors come first, with what was asked for")
    func search() async throws {
        try await LiveServer.run { server in
            try await VectorRouteTests.fill(server)
            let plain = try await server.send("POST", Self.path, #"{"values":[1.2,0],"top_k":2}"#)
            #expect(plain.status == 200 && plain["results.0.id"] == "a" && plain["results.1.id"] == "b", "\(plain.text)")
            #expect(plain["results.2"] == nil && plain["results.0.values"] == nil && plain["results.0.metadata"] == nil)
            let full = try await server.send(
                "POST", Self.path,
                #"{"values":[3,0],"top_k":1,"include_values":true,"include_metadata":true,"explain":true,"exact":true}"#)
            #expect(full["results.0.id"] == "c" && full["results.0.score"] == 0)
            #expect(full["results.0.values"] == [3, 0] && full["results.0.metadata.section"] == "doc")
            #expect(full["plan.strategy"] == "exact" && full["plan.visible"] == 4)
            let near = try await server.send("POST", Self.path, #"{"id":"a","top_k":1}"#)
            #expect(near["results.0.id"] == "b")
            let within = try await server.send("POST", Self.path, #"{"values":[1,0],"threshold":1.5}"#)
            #expect(within["results.1.id"] == "b" && within["results.2"] == nil)
        }
    }

    @Test("only what matches the filter comes back")
    func filter() async throws {
        try await LiveServer.run { server in
            try await VectorRouteTests.fill(server)
            let body = #"{"values":[1,0],"filter":{"size":{"$gte":2,"$lt":9},"$or":[{"section":{"$in":["doc"]}},{"section":"web"}]}}"#
            let answer = try await server.send("POST", Self.path, body)
            #expect(answer.status == 200 && answer["results.0.id"] == "c" && answer["results.1"] == nil, "\(answer.text)")
        }
    }

    @Test("a batch answers each search in its place")
    func batch() async throws {
        try await LiveServer.run { server in
            try await VectorRouteTests.fill(server)
            let body = #"{"searches":[{"values":[3,0],"top_k":1},{"values":[9,8],"top_k":1}]}"#
            let answer = try await server.send("POST", Self.path + "/batch", body)
            #expect(answer.status == 200, "\(answer.text)")
            #expect(answer["responses.0.results.0.id"] == "c" && answer["responses.1.results.0.id"] == 7, "\(answer.text)")
        }
    }
}
