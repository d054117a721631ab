import JadeCore
import Testing

@Suite("Vectors over REST")
struct VectorRouteTests {
    static let path = "/v1/databases/docs/vectors"

    /// Four vectors of two dimensions: a, b and c on the first axis, and number 7 far away.
    static func fill(_ server: LiveServer) async throws {
        try await server.createDatabase()
        let body = #"""
            {"vectors":[
              {"id":"a","values":[1,0],"metadata":{"section":"net","size":1}},
              {"id":"b","values":[2,0],"metadata":{"section":"net","size":2}},
              {"id":"c","values":[3,0],"metadata":{"section":"doc","size":3}},
              {"id":7,"values":[9,9]}]}
            """#
        let answer = try await server.send("POST", path, body)
        #expect(answer.status == 200 && answer["upserted"] == 4 && answer["sequence"] == 1, "\(answer.text)")
    }

    @Test("one vector or many are upserted")
    func upsert() async throws {
        let service = MemoryService()
        try await LiveServer.run(service) { server in
            try await Self.fill(server)
            let one = try await server.send("POST", Self.path, #"{"id":"d","values":[0.5,-1e-3],"metadata":{"x":[1,null]}}"#)
            #expect(one.status == 200 && one["upserted"] == 1 && one["sequence"] == 2)
            let stored = try await server.send("GET", Self.path + "/d")
            #expect(stored["values.0"] == 0.5 && stored["values.1"] == -0.001 && stored["metadata.x"] == [1, nil])
            let batch = try await server.send("POST", Self.path + "/batch", #"{"vectors":[{"id":"a","values":[5,5]}]}"#)
            #expect(batch.status == 200 && batch["upserted"] == 1)
            let put = try await server.send("PUT", Self.path + "/e%2F1", #"{"values":[4,4],"metadata":{"k":true}}"#)
            #expect(put.status == 200 && put["upserted"] == 1, "\(put.text)")
            #expect(try await server.send("GET", Self.path + "/e%2F1")["id"] == "e/1")
            let expiring = try await server.send("PUT", Self.path + "/f", #"{"values":[4,4],"ttl_seconds":7}"#)
            #expect(expiring.status == 200, "\(expiring.text)")
            #expect(try await server.send("GET", Self.path + "/f")["expires_at"] == "1970-01-01T00:00:07.000Z")
            let twice = try await server.send("PUT", Self.path + "/f", #"{"values":[4,4],"ttl_seconds":7,"expires_at":"never"}"#)
            #expect(twice.problem == #"400 "expires_at" and "ttl_seconds" are both given, expected one of them"#)
            #expect(service.vectorCount(of: "docs") == 7)
        }
    }

    @Test("vectors are read one by one and in batches")
    func read() async throws {
        try await LiveServer.run { server in
            try await Self.fill(server)
            let whole = try await server.send("GET", Self.path + "/a")
            #expect(whole.status == 200 && whole["id"] == "a" && whole["values"] == [1, 0] && whole["metadata.size"] == 1)
            let bare = try await server.send("GET", Self.path + "/a?include_values=false&include_metadata=false")
            #expect(bare["values"] == nil && bare["metadata"] == nil && bare["id"] == "a")
            #expect(try await server.send("GET", Self.path + "/7")["id"] == 7)
            #expect(try await server.send("GET", Self.path + "/x").problem == "404 vector \"x\" is not in database \"docs\"")
            let some = try await server.send("POST", Self.path + "/batch/get", #"{"ids":["c","x",7],"include_values":true}"#)
            #expect(some.status == 200 && some["vectors.0.id"] == "c" && some["vectors.1.id"] == 7 && some["vectors.2"] == nil)
            #expect(some["vectors.0.values"] == [3, 0])
        }
    }

    @Test("metadata is merged and replaced")
    func metadata() async throws {
        try await LiveServer.run { server in
            try await Self.fill(server)
            let merged = try await server.send("PATCH", Self.path + "/a", #"{"metadata":{"size":null,"new":"x"}}"#)
            #expect(merged.status == 200, "\(merged.text)")
            #expect(try await server.send("GET", Self.path + "/a")["metadata"] == ["section": "net", "new": "x"])
            let replaced = try await server.send("PUT", Self.path + "/a/metadata", #"{"metadata":{"only":1}}"#)
            #expect(replaced.status == 200, "\(replaced.text)")
            #expect(try await server.send("GET", Self.path + "/a")["metadata"] == ["only": 1])
            let missing = try await server.send("PATCH", Self.path + "/x", #"{"metadata":{"only":1}}"#)
            #expect(missing.problem == "404 vector \"x\" is not in database \"docs\"")
        }
    }

    @Test("vectors are deleted one by one and in batches")
    func delete() async throws {
        try await LiveServer.run { server in
            try await Self.fill(server)
            let one = try await server.send("DELETE", Self.path + "/a")
            #expect(one.status == 200 && one["deleted"] == 1)
            #expect(try await server.send("DELETE", Self.path + "/a").status == 404)
            let many = try await server.send("POST", Self.path + "/delete", #"{"ids":["a","b"]}"#)
            #expect(many.status == 200 && many["deleted"] == 1)
            let batch = try await server.send("DELETE", Self.path + "/batch", #"{"ids":[7]}"#)
            #expect(batch.status == 200 && batch["deleted"] == 1)
            #expect(try await server.send("GET", Self.path + "/count")["count"] == 1)
        }
    }

    @Test("vectors are counted, with a filter or without")
    func count() async throws {
        try await LiveServer.run { server in
            try await Self.fill(server)
            #expect(try await server.send("GET", Self.path + "/count")["count"] == 4)
            #expect(try await server.send("POST", Self.path + "/count", "{}")["count"] == 4)
            #expect(try await server.send("POST", Self.path + "/count", #"{"filter":{"section":"net"}}"#)["count"] == 2)
            let query = "?filter=%7B%22size%22%3A%7B%22%24gte%22%3A2%7D%7D"
            #expect(try await server.send("GET", Self.path + "/count" + query)["count"] == 2)
        }
    }

    @Test("scrolling meets every vector once")
    func scroll() async throws {
        try await LiveServer.run { server in
            try await Self.fill(server)
            let first = try await server.send("POST", Self.path + "/scroll", #"{"limit":3,"include_values":true}"#)
            #expect(first.status == 200 && first["vectors.0.id"] == 7 && first["vectors.2.id"] == "b" && first["next"] == "b")
            #expect(first["vectors.0.values"] == [9, 9])
            let second = try await server.send("GET", Self.path + "/scroll?limit=3&after=b")
            #expect(second["vectors.0.id"] == "c" && second["vectors.1"] == nil)
            #expect(second["next"] == nil || second["next"] == .null)
            let filtered = try await server.send("POST", Self.path + "/scroll", #"{"filter":{"section":"doc"}}"#)
            #expect(filtered["vectors.0.id"] == "c" && filtered["vectors.0.metadata.size"] == 3 && filtered["vectors.1"] == nil)
        }
    }
}
