import JadeCore
import JadeServer
import Testing

@Suite("Bad input is refused clearly, and changes nothing")
struct BadInputTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let body: String
        var status = 400
        /// Each must stand in the detail.
        let says: [String]

        var testDescription: String { name }
    }

    static let longID = String(repeating: "i", count: Limits.maximumIDBytes + 1)
    static let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    static let tooMany = (0...Limits.maximumBatchOperations).map { #"{"id":\#($0),"values":[1,2]}"# }.joined(separator: ",")

    static let upserts: [Case] = [
        Case(name: "wrong dimension", body: #"{"id":"a","values":[1,2,3]}"#, says: ["3 dimensions", "\"docs\"", "expects 2"]),
        Case(name: "no values", body: #"{"id":"a"}"#, says: ["values"]),
        Case(name: "no id", body: #"{"values":[1,2]}"#, says: ["id"]),
        Case(name: "NaN", body: #"{"id":"a","values":[NaN,1]}"#, says: ["JSON"]),
        Case(name: "infinity", body: #"{"id":"a","values":[1,-Infinity]}"#, says: ["JSON"]),
        Case(name: "a number beyond a float", body: #"{"id":"a","values":[1e39,1]}"#, says: ["float"]),
        Case(name: "a number beyond a double", body: #"{"id":"a","values":[1e999,1]}"#, says: []),
        Case(name: "an integer beyond 64 bits", body: #"{"id":"a","values":[1,2],"metadata":{"n":99999999999999999999}}"#, says: []),
        Case(name: "an empty id", body: #"{"id":"","values":[1,2]}"#, says: ["id", "empty"]),
        Case(name: "a long id", body: #"{"id":"\#(longID)","values":[1,2]}"#, says: ["513 bytes", "512"]),
        Case(name: "an id with a control character", body: #"{"id":"a\u0000b","values":[1,2]}"#, says: ["control"]),
        Case(name: "a negative id", body: #"{"id":-1,"values":[1,2]}"#, says: ["-1"]),
        Case(name: "an id of another type", body: #"{"id":[1],"values":[1,2]}"#, says: ["id"]),
        Case(name: "values of another type", body: #"{"id":"a","values":"1,2"}"#, says: ["values"]),
        Case(name: "a component of another type", body: #"{"id":"a","values":[1,"2"]}"#, says: ["values"]),
        Case(name: "metadata of another type", body: #"{"id":"a","values":[1,2],"metadata":[1]}"#, says: ["metadata"]),
        Case(name: "an unknown field", body: #"{"id":"a","values":[1,2],"metadat":{}}"#, says: ["metadat"]),
        Case(name: "a field that comes twice", body: #"{"id":"a","id":"b","values":[1,2]}"#, says: ["twice"]),
        Case(name: "cut short", body: #"{"id":"a","values":[1,"#, says: ["JSON"]),
        Case(name: "something behind the document", body: #"{"id":"a","values":[1,2]} x"#, says: ["JSON"]),
        Case(name: "an empty body", body: "", says: ["no body"]),
        Case(name: "white space only", body: "  \n ", says: []),
        Case(name: "another document", body: "17", says: ["object"]),
        Case(name: "deep nesting", body: #"{"id":"a","values":[1,2],"metadata":{"x":\#(deep)}}"#, says: ["64"]),
        Case(name: "invalid UTF-8 escape", body: #"{"id":"\ud800","values":[1,2]}"#, says: []),
        Case(name: "one bad vector of two", body: #"{"vectors":[{"id":"a","values":[1,2]},{"id":"b","values":[1,2,3]}]}"#, says: ["3"]),
        Case(name: "a batch over the limit", body: #"{"vectors":[\#(tooMany)]}"#, status: 413, says: ["10001", "10000"]),
    ]

    @Test("in upserts", arguments: upserts)
    func upsert(bad: Case) async throws {
        let service = MemoryService()
        try await LiveServer.run(service) { server in
            try await server.createDatabase()
            let answer = try await server.send("POST", "/v1/databases/docs/vectors", bad.body)
            let problem = try #require(answer.problem, "\(answer.status) \(answer.text)")
            #expect(answer.status == bad.status, "\(problem)")
            for word in bad.says { #expect(problem.contains(word), "\(problem)") }
            #expect(answer.text.utf8.count < 4_096)
            #expect(service.vectorCount(of: "docs") == 0)
            #expect(try await server.send("GET", "/health/ready").status == 200)
        }
    }

    static let searches: [Case] = [
        Case(name: "wrong dimension", body: #"{"values":[1]}"#, says: ["1 dimensions", "expects 2"]),
        Case(name: "no query", body: #"{"top_k":3}"#, says: ["values"]),
        Case(name: "two queries", body: #"{"values":[1,2],"id":"a"}"#, says: ["id"]),
        Case(name: "top_k of 0", body: #"{"values":[1,2],"top_k":0}"#, says: ["top_k is 0", "10000"]),
        Case(name: "top_k over the limit", body: #"{"values":[1,2],"top_k":10001}"#, says: ["top_k is 10001", "10000"]),
        Case(name: "top_k of another type", body: #"{"values":[1,2],"top_k":"3"}"#, says: ["top_k", "string"]),
        Case(name: "an unknown field", body: #"{"values":[1,2],"topk":3}"#, says: ["topk", "top_k"]),
        Case(name: "an unknown operator", body: #"{"values":[1,2],"filter":{"a":{"$gtt":1}}}"#, says: ["$gtt"]),
        Case(name: "a filter that is no object", body: #"{"values":[1,2],"filter":[1]}"#, says: ["filter"]),
        Case(name: "ef_search over the limit", body: #"{"values":[1,2],"ef_search":65537}"#, says: ["ef_search", "65536"]),
        Case(name: "an unknown id", body: #"{"id":"x"}"#, status: 404, says: ["\"x\""]),
    ]

    @Test("in searches", arguments: searches)
    func search(bad: Case) async throws {
        try await LiveServer.run { server in
            try await server.createDatabase()
            let answer = try await server.send("POST", "/v1/databases/docs/search", bad.body)
            let problem = try #require(answer.problem, "\(answer.status) \(answer.text)")
            #expect(answer.status == bad.status, "\(problem)")
            for word in bad.says { #expect(problem.contains(word), "\(problem)") }
        }
    }

    @Test("malformed JSON is refused with its place")
    func place() async throws {
        try await LiveServer.run { server in
            try await server.createDatabase()
            let answer = try await server.send("POST", "/v1/databases/docs/search", "{\"values\": [1,\n 2,, 3]}")
            #expect(answer.problem == "400 invalid JSON at byte 18: expected a value, found ','")
        }
    }
}

@Suite("HTTP that does not fit is refused clearly")
struct BadHTTPTests {
    @Test("paths, methods, types and encodings")
    func routing() async throws {
        try await LiveServer.run { server in
            try await server.createDatabase()
            #expect(try await server.send("GET", "/v2/databases").problem == "404 there is nothing at \"/v2/databases\"")
            #expect(try await server.send("GET", "/v1//databases").status == 404)
            let method = try await server.send("PUT", "/v1/databases")
            #expect(method.problem == "405 method PUT is not allowed here, expected GET, HEAD, POST")
            #expect(method.headers["allow"] == "GET, HEAD, POST")
            let form = try await server.send(
                "POST", "/v1/databases", "{}", headers: ["content-type": "application/x-www-form-urlencoded"])
            #expect(form.problem == "415 content type is \"application/x-www-form-urlencoded\", expected application/json")
            let zipped = try await server.send("POST", "/v1/databases", "{}", headers: ["content-encoding": "br"])
            #expect(zipped.problem == "415 content encoding is \"br\", expected one of zstd, gzip")
            let plain = try await server.send(
                "POST", "/v1/databases", #"{"name":"x","dimension":1}"#, headers: ["content-type": "Application/JSON; charset=utf-8"])
            #expect(plain.status == 201)
        }
    }

    @Test("ids in paths and query parameters")
    func pathsAndQueries() async throws {
        try await LiveServer.run { server in
            try await server.createDatabase()
            let vectors = "/v1/databases/docs/vectors"
            #expect(try await raw(server, vectors + "/%zz").contains("holds a % without two hexadecimal digits"))
            #expect(try await raw(server, vectors + "/%ff%fe").contains("is not UTF-8 once decoded"))
            #expect(try await server.send("GET", vectors + "/%00").problem?.contains("control") == true)
            let long = try await server.send("GET", vectors + "/" + BadInputTests.longID)
            #expect(long.problem == "400 vector id has 513 bytes, the limit is 512")
            let unknown = try await server.send("GET", vectors + "/a?values=true")
            #expect(unknown.problem == "400 unknown query parameter \"values\", expected include_values, include_metadata")
            #expect(try await server.send("POST", "/v1/databases?dry_run=1", #"{"name":"y","dimension":1}"#).status == 400)
            #expect(try await server.send("GET", vectors + "/scroll?limit=0").problem == "400 limit is 0, expected 1 to 10000")
            #expect(try await server.send("GET", vectors + "/scroll?limit=x").status == 400)
            #expect(try await server.send("GET", vectors + "/scroll?limit=1&limit=2").problem == "400 query parameter limit is given twice")
            #expect(try await server.send("GET", vectors + "/scroll?limit=").problem == "400 query parameter limit has no value")
            // A reserved word is reached as an id once it is encoded.
            #expect(try await server.send("PUT", vectors + "/%63ount", #"{"values":[1,2]}"#).status == 200)
            #expect(try await server.send("GET", vectors + "/%63ount")["id"] == "count")
            #expect(try await server.send("GET", vectors + "/count")["count"] == 1)
        }
    }

    /// The answer to a path that an HTTP client would mend.
    private func raw(_ server: LiveServer, _ path: String) async throws -> String {
        let raw = try RawConnection(port: server.port)
        defer { raw.close() }
        await raw.send("GET \(path) HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        let answer = await raw.receive()
        return answer.hasPrefix("HTTP/1.1 400 ") ? answer : "not 400"
    }

    @Test("a body over the limit is refused with both numbers, announced or not")
    func bodyLimit() async throws {
        let service = MemoryService()
        try await LiveServer.run(service, configure: { $0.server.maximumBodyBytes = 2_000 }) { server in
            try await server.createDatabase()
            let body = #"{"id":"a","values":[1,2],"metadata":{"x":"\#(String(repeating: "y", count: 5_000))"}}"#
            let announced = try await server.send("POST", "/v1/databases/docs/vectors", body)
            #expect(announced.status == 413 && announced.problem?.contains("the limit is 2000") == true)
            #expect(announced.problem?.contains("\(body.utf8.count) bytes") == true)

            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            let chunk = String(repeating: " ", count: 1_500)
            await raw.send("POST /v1/databases/docs/vectors HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n")
            for _ in 0..<3 { await raw.send("5dc\r\n\(chunk)\r\n") }
            let answer = await raw.receive()
            #expect(answer.hasPrefix("HTTP/1.1 413 ") && answer.contains(#/at least (?:3000|4500) bytes, the limit is 2000/#), "\(answer)")
            #expect(answer.contains("application/problem+json"))
            #expect(service.vectorCount(of: "docs") == 0)
        }
    }

    @Test("bodies of all requests together have a limit")
    func sharedLimit() async throws {
        try await LiveServer.run(configure: { $0.server.maximumBufferedBytes = 3_000 }) { server in
            try await server.createDatabase()
            let held = try RawConnection(port: server.port)
            let body = #"{"id":"a","values":[1,2],"metadata":{"x":"\#(String(repeating: "y", count: 1_900))"}}"#
            await held.send("POST /v1/databases/docs/vectors HTTP/1.1\r\nhost: x\r\ncontent-length: 3000\r\n\r\n\(body)")
            // Until the first has been read, the second may still find room.
            var answer = try await server.send("POST", "/v1/databases/docs/vectors", body)
            let deadline = ContinuousClock.now + .seconds(20)
            while answer.status != 429, ContinuousClock.now < deadline {
                answer = try await server.send("POST", "/v1/databases/docs/vectors", body)
            }
            #expect(answer.status == 429 && answer.headers["retry-after"] == "1" && answer.problem?.contains("3000") == true)
            held.close()
            while answer.status != 200, ContinuousClock.now < deadline {
                answer = try await server.send("POST", "/v1/databases/docs/vectors", body)
            }
            #expect(answer.status == 200)
        }
    }
}
