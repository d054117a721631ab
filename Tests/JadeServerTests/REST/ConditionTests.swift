import JadeAPI
import JadeClient
import JadeCore
import JadeEngine
import JadeSecurity
import Testing

@Suite("Entity tags and conditions over REST")
struct ConditionTests {
    private static let path = VectorRouteTests.path

    private static func tag(_ id: String, _ server: LiveServer) async throws -> String {
        let read = try await server.send("GET", path + "/" + id)
        let tag = try #require(read.headers["etag"], "\(read.text)")
        #expect(tag.utf8.count == 34 && tag.first == "\"" && tag.last == "\"" && read["version"] == nil)
        return tag
    }

    @Test("a read says its tag, and 304 to who has it")
    func reads() async throws {
        try await LiveServer.run { server in
            try await VectorRouteTests.fill(server)
            let tag = try await Self.tag("a", server)
            #expect(try await Self.tag("b", server) != tag)
            #expect(try await Self.tag("a", server) == tag)
            #expect(try await server.send("GET", Self.path + "/a?include_values=false").headers["etag"] == tag)
            for known in [tag, "W/\(tag)", "*", "\"x\", ,\(tag) ,\"y\"", " \(tag)"] {
                for method in ["GET", "HEAD"] {
                    let same = try await server.send(method, Self.path + "/a", headers: ["if-none-match": known])
                    #expect(same.status == 304 && same.text.isEmpty && same.headers["etag"] == tag, "\(method) \(known)")
                    #expect(same.headers["content-length"] == nil && same.headers["x-request-id"] != nil)
                }
            }
            let other = try await server.send("GET", Self.path + "/a", headers: ["if-none-match": "\"x\""])
            #expect(other.status == 200 && other["values"] == [1, 0] && other.headers["etag"] == tag)
            #expect(try await server.send("GET", Self.path + "/nobody", headers: ["if-none-match": "*"]).status == 404)
            #expect(try await server.send("GET", Self.path + "/a", headers: ["if-match": tag]).status == 200)
            #expect(try await server.send("GET", Self.path + "/a", headers: ["if-match": "\"x\""]).status == 412)
            // The connection is still whole.
            #expect(try await server.send("GET", Self.path + "/b").status == 200)
        }
    }

    @Test("a tagged answer is sent as its tag says: not packed")
    func unpacked() async throws {
        try await LiveServer.run { server in
            try await server.createDatabase(dimension: 1_000)
            let values = [String](repeating: "0.5", count: 1_000).joined(separator: ",")
            #expect(try await server.send("PUT", Self.path + "/a", "{\"values\":[\(values)]}").status == 200)
            let read = try await server.send("GET", Self.path + "/a", headers: ["accept-encoding": "gzip"])
            #expect(read.status == 200 && read.headers["content-encoding"] == nil && read.headers["etag"] != nil)
            let page = try await server.send("POST", Self.path + "/scroll", #"{"include_values":true,"include_version":true}"#)
            #expect(page["vectors.0.version"] == .string(String(try #require(read.headers["etag"]).dropFirst().dropLast())))
        }
    }

    @Test("PUT, PATCH and DELETE are done under the tag that the vector has, and refused under another", arguments: [
        ("PUT", "", #"{"values":[5,5]}"#), ("PATCH", "", #"{"metadata":{"x":1}}"#), ("PATCH", "/metadata", #"{"metadata":{"x":1}}"#),
        ("PUT", "/metadata", #"{"metadata":{"x":1}}"#), ("DELETE", "", nil),
    ] as [(String, String, String?)])
    func writes(method: String, below: String, body: String?) async throws {
        try await LiveServer.run { server in
            try await VectorRouteTests.fill(server)
            func send(_ id: String, _ headers: [String: String]) async throws -> Answer {
                try await server.send(method, "\(Self.path)/\(id)\(below)", body, headers: headers)
            }
            let tag = try await Self.tag("a", server)
            let version = tag.dropFirst().dropLast()
            for headers in [["if-match": "\"x\""], ["if-match": "\"x\", \"\(version.dropLast())\""], ["if-none-match": "*"]] {
                let refused = try await send("a", headers)
                #expect(refused.status == 412 && refused["code"] == "precondition_failed", "\(headers) \(refused.text)")
                #expect(refused.problem?.contains("version \(version)") == true)
                #expect(try await Self.tag("a", server) == tag)
            }
            for condition in [tag, "*"] {
                let refused = try await send("nobody", ["if-match": condition])
                #expect(refused.problem == "412 vector \"nobody\" does not exist, the write expects it to: leave the condition out if that is no matter")
            }
            #expect(try await send("nobody", ["if-none-match": "*"]).status == (method == "PUT" && below.isEmpty ? 200 : 404))
            #expect(try await send("a", ["if-match": "\"x\",\(tag)"]).status == 200)
            #expect(try await server.send("GET", Self.path + "/a").headers["etag"] != tag)
            #expect(try await send("b", ["if-match": "*"]).status == 200)
        }
    }

    @Test("headers that say nothing that can be kept are refused, and nothing is written", arguments: [
        (["if-match": "W/\"x\""], "strong"), (["if-match": "x"], "double quotes"), (["if-match": "\"x"], "double quotes"), (["if-match": ""], "double quotes"),
        (["if-match": ", ,"], "double quotes"), (["if-match": "\"\""], "double quotes"), (["if-match": "\"a\"\"b\""], "commas"), (["if-match": "\"a b\""], "double quotes"),
        (["if-match": "*, \"a\""], "double quotes"), (["if-match": "\"é\""], "double quotes"), (["if-none-match": "\"a\""], "expected *"), (["if-none-match": "a"], "double quotes"),
        (["if-match": "*", "if-none-match": "*"], "both"), (["if-match": (0..<101).map { "\"\($0)\"" }.joined(separator: ",")], "101 versions"),
    ] as [([String: String], String)])
    func malformed(headers: [String: String], reason: String) async throws {
        try await LiveServer.run { server in
            try await VectorRouteTests.fill(server)
            for (method, body) in [("PUT", #"{"values":[5,5]}"#), ("PATCH", #"{"metadata":{"x":1}}"#), ("DELETE", nil)] {
                let refused = try await server.send(method, Self.path + "/a", body, headers: headers)
                #expect(refused.status == 400 && refused.problem?.contains(reason) == true, "\(headers) \(refused.text)")
            }
            #expect(try await server.send("GET", Self.path + "/a")["values"] == [1, 0])
        }
    }

    @Test("writes of many vectors take no conditions", arguments: [
        ("POST", "", #"{"id":"a","values":[5,5]}"#), ("POST", "/batch", #"{"vectors":[{"id":"a","values":[5,5]}]}"#),
        ("POST", "/delete", #"{"ids":["a"]}"#), ("DELETE", "/batch", #"{"ids":["a"]}"#),
    ])
    func many(method: String, below: String, body: String) async throws {
        try await LiveServer.run { server in
            try await VectorRouteTests.fill(server)
            for header in ["if-match", "if-none-match"] {
                let refused = try await server.send(method, Self.path + below, body, headers: [header: "*"])
                #expect(refused.status == 400 && refused.problem?.contains("many vectors") == true, "\(refused.text)")
            }
            #expect(try await server.send("GET", Self.path + "/a")["values"] == [1, 0])
        }
    }

    @Test("clients of a real server who count with what they have read lose nothing")
    func counters() async throws {
        let guarded = try GuardedServer()
        _ = try await guarded.engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        _ = try await guarded.engine.upsert([VectorRecord(id: 5, values: [1, 0], metadata: ["count": 0])], into: "docs")
        try await guarded.run { server in
            var options = JadeClient.Options()
            options.credential = try guarded.token("root")
            let client = try JadeClient(url: server.base, options: options)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<10 {
                    group.addTask {
                        var done = 0
                        while done < 5 {
                            let read = try #require(try await client.vector(5, in: "docs"))
                            guard case .integer(let count) = read.metadata?["count"], let version = read.version else { throw JadeError.internal("no count") }
                            let change = MetadataChange.merge(["count": .integer(count + 1)])
                            switch await CongruenceTests.outcome({ () throws(JadeError) in
                                try await client.updateMetadata(change, of: 5, in: "docs", if: .version(version))
                            }) {
                            case .success: done += 1
                            case .failure(let error): #expect(error.code == .preconditionFailed, "\(error)")
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
            try await client.shutdown()
        }
        #expect(try await guarded.engine.vector(5, in: "docs")?.metadata == ["count": 50])
        let stored = try await guarded.engine.vector(5, in: "docs", parts: .version)
        #expect(stored?.version?.utf8.count == 32)
    }
}
