import Foundation
import JadeCore
import JadeServer
import Testing

/// Problem documents that stand in the bytes of a raw answer.
private func expectProblem(_ answer: String, _ status: String, _ detail: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.lowercased().contains("content-type: application/problem+json"), "\(answer)", sourceLocation: sourceLocation)
    #expect(answer.contains(detail), "\(answer)", sourceLocation: sourceLocation)
}

@Suite("Connections that misbehave are given up, the server is not")
struct ConnectionTests {
    @Test("a body that does not come")
    func slowBody() async throws {
        let service = MemoryService()
        try await LiveServer.run(service, configure: { $0.server.requestTimeoutSeconds = 1 }) { server in
            try await server.createDatabase()
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            await raw.send("POST /v1/databases/docs/vectors HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{\"id\":")
            expectProblem(await raw.receive(), "408 ", "the request did not arrive within 1 seconds")
            #expect(service.vectorCount(of: "docs") == 0)
            #expect(try await server.send("GET", "/health").status == 200)
        }
    }

    @Test("a head that does not end")
    func slowHead() async throws {
        try await LiveServer.run(configure: { $0.server.requestTimeoutSeconds = 1 }) { server in
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            await raw.send("GET /health HTTP/1.1\r\nhost: x\r\nx-slow: ")
            expectProblem(await raw.receive(), "408 ", "within 1 seconds")
        }
    }

    @Test("a connection without a request is closed without a word")
    func idle() async throws {
        try await LiveServer.run(configure: { $0.server.idleTimeoutSeconds = 1 }) { server in
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            #expect(await raw.receive() == "")
        }
    }

    @Test("a head over the limit")
    func largeHead() async throws {
        try await LiveServer.run(configure: { $0.server.maximumHeaderBytes = 2_000 }) { server in
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            await raw.send("GET /health HTTP/1.1\r\nhost: x\r\nx-large: \(String(repeating: "y", count: 4_000))\r\n\r\n")
            expectProblem(await raw.receive(), "431 ", "larger than 2000 bytes")
        }
    }

    @Test("what is not HTTP", arguments: ["\u{16}\u{3}\u{1}\u{2}\r\n\r\n", "FETCH /health HTTP/1.1\r\n\r\n", "GET /health\r\n\r\nGET\r\n\r\n"])
    func garbage(bytes: String) async throws {
        try await LiveServer.run { server in
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            await raw.send(bytes)
            expectProblem(await raw.receive(), "400 ", "not well-formed HTTP")
            #expect(try await server.send("GET", "/health").status == 200)
        }
    }

    @Test("garbage behind a good request: both are answered, in order")
    func pipelinedGarbage() async throws {
        try await LiveServer.run { server in
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            await raw.send("GET /health HTTP/1.1\r\nhost: x\r\n\r\nGET /health HTTP/1.1\r\nhost: x\r\n\r\n\u{1}\u{2}\u{3}\r\n\r\n")
            let answer = await raw.receive()
            let parts = answer.components(separatedBy: "HTTP/1.1 ").dropFirst()
            #expect(parts.map { String($0.prefix(3)) } == ["200", "200", "400"], "\(answer)")
            #expect(answer.contains("not well-formed HTTP"))
        }
    }

    @Test("garbage in the middle of a chunked body")
    func garbageInBody() async throws {
        let service = MemoryService()
        try await LiveServer.run(service) { server in
            try await server.createDatabase()
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            await raw.send(
                "POST /v1/databases/docs/vectors HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"id\"\r\nzz\r\n")
            expectProblem(await raw.receive(), "400 ", "not well-formed HTTP")
            #expect(service.vectorCount(of: "docs") == 0)
        }
    }

    @Test("a client that goes away in the middle leaves nothing behind")
    func vanishing() async throws {
        let service = MemoryService()
        try await LiveServer.run(service) { server in
            try await server.createDatabase()
            let document = #"{"id":"a","values":[1,2]}"#
            for _ in 0..<20 {
                let raw = try RawConnection(port: server.port)
                // A whole document, but shorter than announced.
                await raw.send("POST /v1/databases/docs/vectors HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n\(document)")
                raw.close()
            }
            #expect(try await server.send("GET", "/v1/databases/docs/vectors/count")["count"] == 0)
        }
    }

    @Test("a client that waits to be asked for its body is asked")
    func expectation() async throws {
        try await LiveServer.run { server in
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            let body = #"{"name":"docs","dimension":2}"#
            await raw.send(
                "POST /v1/databases HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\nconnection: close\r\ncontent-length: \(body.utf8.count)\r\n\r\n")
            #expect(await raw.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
            await raw.send(body)
            #expect(await raw.receive().hasPrefix("HTTP/1.1 201 "))
        }
    }

    @Test("many requests on one connection, sent at once")
    func pipelining() async throws {
        try await LiveServer.run { server in
            let raw = try RawConnection(port: server.port)
            defer { raw.close() }
            let request = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n"
            await raw.send(String(repeating: request, count: 50) + "GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
            let answer = await raw.receive()
            #expect(answer.components(separatedBy: "HTTP/1.1 200 ").count == 52)
        }
    }

    /// The server is stopped while the client reads nothing: stopping ends only once the connection was given up.
    @Test("a client that does not read its answer", .timeLimit(.minutes(10)))
    func slowReader() async throws {
        let service = MemoryService()
        let configure: (inout ServerConfiguration) -> Void = {
            $0.server.requestTimeoutSeconds = 1
            $0.server.shutdownTimeoutSeconds = 3_600
        }
        var raw: RawConnection?
        try await LiveServer.run(service, configure: configure) { server in
            try await server.createDatabase("docs", dimension: 1_000)
            let values = (0..<1_000).map { Float($0) * 0.123_456_7 }
            let vectors = (0..<4_000).map { VectorRecord(id: VectorID(UInt64($0)), values: values) }
            _ = try await service.upsert(vectors, into: "docs")
            let connection = try RawConnection(port: server.port)
            raw = connection
            await connection.send("GET /v1/databases/docs/vectors/scroll?limit=4000&include_values=true HTTP/1.1\r\nhost: x\r\n\r\n")
            // The beginning of the answer, and no more.
            #expect(await connection.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
        }
        raw?.close()
    }
}
