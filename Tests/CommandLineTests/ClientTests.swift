import JadeAPI
import JadeClient
import JadeCore
import JadeTestSupport
import Testing

@Suite("The client against servers that misbehave", .timeLimit(.minutes(10)))
struct ClientTests {
    static let status =
        ScriptedServer.reply(
            "200 OK",
            #"{"version":"1","uptime_seconds":1.5,"database_count":2,"vector_count":3,"simd_level":"serial","search_threads":4}"#)
    static let busy = ScriptedServer.reply("503 Service Unavailable", "", headers: "retry-after: 0\r\n")

    @discardableResult
    private func with<Result>(
        _ replies: [String], retries: Int = 3, _ body: (JadeClient, ScriptedServer) async throws -> Result
    ) async throws -> Result {
        let server = ScriptedServer(replies)
        var options = JadeClient.Options()
        options.retries = retries
        options.backoffMilliseconds = 1
        let client = try JadeClient(url: server.url + "/", options: options)
        let result: Result
        do { result = try await body(client, server) } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
        return result
    }

    @Test("a busy server is asked again")
    func retries() async throws {
        try await with([Self.busy, ScriptedServer.reply("429 Too Many Requests", ""), Self.status]) { client, server in
            let status = try await client.status()
            #expect(status.vectorCount == 3)
            #expect(server.seen == Array(repeating: "GET /v1/status HTTP/1.1", count: 3))
        }
    }

    @Test("patience ends, and the server's own error is given back")
    func patienceEnds() async throws {
        let problem = #"{"status":503,"detail":"shard 3 is starting","code":"unavailable"}"#
        let reply = ScriptedServer.reply("503 Service Unavailable", problem)
        try await with([reply, reply, reply], retries: 2) { client, server in
            await #expect(throws: JadeError.unavailable("shard 3 is starting")) { try await client.status() }
            #expect(server.seen.count == 3)
        }
    }

    @Test("a broken connection is tried again only where that changes nothing")
    func brokenConnections() async throws {
        try await with(["", Self.status]) { client, _ in
            let status = try await client.status()
            #expect(status.databaseCount == 2)
        }
        try await with(["", ""]) { client, server in
            let error = await #expect(throws: JadeError.self) {
                try await client.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
            }
            #expect(error?.code == .unavailable)
            #expect(server.seen == ["POST /v1/databases HTTP/1.1"])
        }
    }

    @Test("errors keep their code and message and are final", arguments: [
        ("404 Not Found", #"{"status":404,"detail":"database \"docs\" does not exist","code":"not_found"}"#,
            JadeError.notFound("database \"docs\" does not exist")),
        ("400 Bad Request", #"{"detail":"top_k is 0, expected 1 to 10000","code":"invalid_argument"}"#,
            JadeError.invalidArgument("top_k is 0, expected 1 to 10000")),
        ("507 Insufficient Storage", #"{"detail":"the disk is full","code":"resource_exhausted"}"#, JadeError.resourceExhausted("the disk is full")),
    ])
    func problems(_ status: String, _ body: String, _ expected: JadeError) async throws {
        try await with([ScriptedServer.reply(status, body)]) { client, server in
            await #expect(throws: expected) { try await client.describeDatabase("docs") }
            #expect(server.seen.count == 1)
        }
    }

    @Test("an answer that is not from one of ours says so")
    func strangers() async throws {
        try await with([ScriptedServer.reply("404 Not Found", "<html>nothing\nhere</html>")]) { client, server in
            await #expect(throws: JadeError.notFound("\(server.url) answered with status 404: <html>nothinghere</html>")) {
                try await client.describeDatabase("docs")
            }
        }
        try await with([ScriptedServer.reply("200 OK", "welcome")]) { client, _ in
            let error = await #expect(throws: JadeError.self) { try await client.status() }
            #expect(error?.code == .internal && error?.message.contains("is not understood") == true)
        }
    }

    @Test("no server: the address and what to do")
    func noServer() async throws {
        var options = JadeClient.Options()
        options.backoffMilliseconds = 1
        let client = try JadeClient(url: "http://127.0.0.1:1", options: options)
        await #expect(throws: JadeError.unavailable("no server answers at http://127.0.0.1:1: start one with \"jadevectordb serve\"")) {
            try await client.listDatabases()
        }
        try await client.shutdown()
    }

    @Test("ids stand in paths as they are")
    func paths() async throws {
        let id = try VectorID("a/b?c=ü .")
        try await with([ScriptedServer.reply("404 Not Found", "")]) { client, server in
            _ = try? await client.updateMetadata(.merge([:]), of: id, in: "docs")
            #expect(server.seen == ["PATCH /v1/databases/docs/vectors/a%2Fb%3Fc%3D%C3%BC%20./metadata HTTP/1.1"])
        }
        try await with([ScriptedServer.reply("404 Not Found", "")]) { client, server in
            _ = try? await client.updateMetadata(.replace([:]), of: VectorID(".."), in: "docs")
            #expect(server.seen == ["PUT /v1/databases/docs/vectors/%2E%2E/metadata HTTP/1.1"])
        }
    }

    @Test("addresses that are none", arguments: ["", "localhost:8080", "ftp://a", "http://", "http://a b", "http://a?b"])
    func addresses(_ url: String) {
        #expect(throws: JadeError.self) { try JadeClient(url: url) }
    }
}
