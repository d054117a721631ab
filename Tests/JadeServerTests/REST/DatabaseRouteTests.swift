import JadeCore
import Testing

@Suite("Databases over REST")
struct DatabaseRouteTests {
    @Test("a database lives from creation to deletion")
    func lifecycle() async throws {
        try await LiveServer.run { server in
            let body = #"{"name":"docs","dimension":3,"metric":"dot","index":{"type":"hnsw","m":8,"ef_construction":40}}"#
            let created = try await server.send("POST", "/v1/databases", body)
            #expect(created.status == 201)
            #expect(created.headers["location"] == "/v1/databases/docs")
            #expect(created.headers["content-type"] == "application/json")
            #expect(created["name"] == "docs" && created["dimension"] == 3 && created["metric"] == "dot")
            #expect(created["index.m"] == 8 && created["index.ef_construction"] == 40)
            #expect(created["vector_count"] == 0)

            #expect(try await server.send("GET", "/v1/databases")["databases.0.name"] == "docs")
            let described = try await server.send("GET", "/v1/databases/docs")
            #expect(described.status == 200 && described.text == created.text)
            guard case .string(let id) = created["id"] else { throw JadeError.internal("no id in \(created.text)") }
            #expect(try await server.send("GET", "/v1/databases/\(id)").text == created.text)

            let renamed = try await server.send("PATCH", "/v1/databases/docs", #"{"name":"texts","index":{"ef_search":99}}"#)
            #expect(renamed.status == 200 && renamed["name"] == "texts" && renamed["index.ef_search"] == 99)
            let indexes = try await server.send("GET", "/v1/databases/texts/indexes")
            #expect(indexes.status == 200 && indexes["indexes.0.m"] == 8 && indexes["indexes.0.ef_search"] == 99)

            let deleted = try await server.send("DELETE", "/v1/databases/texts")
            #expect(deleted.status == 204 && deleted.text.isEmpty)
            #expect(try await server.send("GET", "/v1/databases/texts").problem == "404 database \"texts\" does not exist")
        }
    }

    @Test("what cannot be created is refused with the values")
    func refusals() async throws {
        try await LiveServer.run { server in
            try await server.createDatabase("docs")
            let again = try await server.send("POST", "/v1/databases", #"{"name":"docs","dimension":3}"#)
            #expect(again.problem == "409 database \"docs\" exists already")
            let zero = try await server.send("POST", "/v1/databases", #"{"name":"x","dimension":0}"#)
            #expect(zero.problem == "400 dimension is 0, expected 1 to 65536")
            let nameless = try await server.send("POST", "/v1/databases", #"{"dimension":3}"#)
            #expect(nameless.status == 400 && nameless.problem?.contains("name") == true)
            let metric = try await server.send("POST", "/v1/databases", #"{"name":"x","dimension":3,"metric":"cosin"}"#)
            #expect(metric.status == 400 && metric.problem?.contains("cosine") == true)
            let unknown = try await server.send("POST", "/v1/databases", #"{"name":"x","dimension":3,"dimensoin":3}"#)
            #expect(unknown.status == 400 && unknown.problem?.contains("dimensoin") == true)
            #expect(try await server.send("GET", "/v1/databases")["databases.1"] == nil)
        }
    }
}
