import JadeAPI
import JadeCore
import JadeGRPCClient
import JadeServer
import JadeTestSupport
import Testing

@Suite("gRPC beside HTTP in one server")
struct GRPCServerTests {
    private static func client(_ port: Int?, _ configure: (inout JadeGRPCClient.Options) -> Void = { _ in }) throws -> JadeGRPCClient {
        var options = JadeGRPCClient.Options()
        options.retries = 0
        configure(&options)
        return try JadeGRPCClient(host: "127.0.0.1", port: try #require(port), options: options)
    }

    @Test("both doors open to one database, and both are closed by a stop", .timeLimit(.minutes(10)))
    func beside() async throws {
        try await LiveServer.run(configure: { $0.server.grpcPort = 0 }) { server in
            let client = try Self.client(await server.server.grpcPort())
            try await server.createDatabase("docs")
            _ = try await client.upsert([VectorRecord(id: 1, values: [3, 4])], into: "docs")
            let answer = try await server.send("POST", "/v1/databases/docs/search", #"{"values":[0,0]}"#)
            #expect(answer["results.0.score"] == .integer(5))
            #expect(try await client.search(SearchRequest(query: .values([0, 0])), in: "docs").results.map(\.score) == [5])
            await #expect(throws: JadeError.self) { try await client.search(SearchRequest(query: .values([0, 0])), in: "none") }
            await client.shutdown()
            let metrics = try await server.send("GET", "/metrics").text.split(separator: "\n")
            let search = #"method="/jadevectordb.v1.SearchService/Search""#
            #expect(metrics.contains("jade_grpc_calls_total{\(search),code=\"OK\"} 1"))
            #expect(metrics.contains("jade_grpc_calls_total{\(search),code=\"NOT_FOUND\"} 1"))
            #expect(metrics.contains("jade_grpc_call_seconds_count{\(search)} 2"))
        }
    }

    @Test("no port is opened where none is wanted")
    func none() async throws {
        try await LiveServer.run { server in #expect(await server.server.grpcPort() == nil) }
    }

    @Test("a port that is taken is named")
    func taken() async throws {
        try await LiveServer.run(configure: { $0.server.grpcPort = 0 }) { first in
            let port = try #require(await first.server.grpcPort())
            await #expect { try await LiveServer.run(configure: { $0.server.grpcPort = port }) { _ in } } throws: { _ in true }
        }
    }

    @Test("behind TLS, with the name in a client's certificate", .timeLimit(.minutes(10)))
    func encrypted() async throws {
        let folder = try TemporaryFolder()
        let authority = try Authority("ca", in: folder)
        let server = try authority.issue("server", alternative: "IP:127.0.0.1")
        let person = try authority.issue("root", alternative: "DNS:root")
        let guarded = try GuardedServer()
        try await guarded.run(configure: {
            $0.server.grpcPort = 0
            $0.tls = ServerConfiguration.TLS(certificate: server.certificate, key: server.key)
            $0.tls.clientAuthority = authority.certificate
        }) { live in
            let port = await live.server.grpcPort()
            let plain = try Self.client(port)
            await #expect(throws: JadeError.self) { try await plain.listDatabases() }
            let distrustful = try Self.client(port) { $0.isEncrypted = true }
            await #expect(throws: JadeError.self) { try await distrustful.listDatabases() }
            let token = try guarded.token("root")
            let trusting = try Self.client(port) { ($0.isEncrypted, $0.authorityFile, $0.credential) = (true, authority.certificate, token) }
            #expect(try await trusting.listDatabases().isEmpty)
            let known = try Self.client(port) {
                ($0.isEncrypted, $0.authorityFile) = (true, authority.certificate)
                ($0.certificateFile, $0.keyFile) = (person.certificate, person.key)
            }
            #expect(try await known.listDatabases().isEmpty)
            let nobody = try Self.client(port) { ($0.isEncrypted, $0.authorityFile) = (true, authority.certificate) }
            await #expect { try await nobody.listDatabases() } throws: { ($0 as? JadeError)?.code == .unauthenticated }
            for client in [plain, distrustful, trusting, known, nobody] { await client.shutdown() }
        }
    }
}
