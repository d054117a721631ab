import AsyncHTTPClient
import Foundation
import JadeAPI
import JadeClient
import JadeCore
import JadeSecurity
import JadeServer
import JadeTestSupport
import NIOCore
import NIOHTTP1
import NIOSSL
import Testing

/// An authority with certificates of its own, made with the `openssl` program.
struct Authority {
    let folder: TemporaryFolder
    let name: String

    init(_ name: String, in folder: TemporaryFolder) throws {
        self.folder = folder
        self.name = name
        let extensions = try Self.extensions("basicConstraints=critical,CA:TRUE", folder.path("\(name).conf"))
        try Self.openssl(Self.request(name, extensions) + ["-keyout", folder.path("\(name).key"), "-out", folder.path("\(name).pem")])
    }

    var certificate: String { folder.path("\(name).pem") }

    /// - Parameter alternative: such as `IP:127.0.0.1`.
    func issue(_ subject: String, alternative: String) throws -> (certificate: String, key: String) {
        let (certificate, key) = (folder.path("\(name)-\(subject).pem"), folder.path("\(name)-\(subject).key"))
        let extensions = try Self.extensions(
            "basicConstraints=critical,CA:FALSE\nsubjectAltName=\(alternative)", folder.path("\(name)-\(subject).conf"))
        try Self.openssl(
            Self.request(subject, extensions) + [
                "-CA", self.certificate, "-CAkey", folder.path("\(name).key"), "-keyout", key, "-out", certificate,
            ])
        return (certificate, key)
    }

    private static func extensions(_ lines: String, _ path: String) throws -> String {
        try "[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n\(lines)\n".write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private static func request(_ subject: String, _ configuration: String) -> [String] {
        [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=\(subject)",
            "-config", configuration,
        ]
    }

    private static func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        try process.start()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "openssl \(arguments.joined(separator: " "))")
    }
}

@Suite("A server behind TLS")
struct TLSTests {
    private static func settings(_ issued: (certificate: String, key: String)) -> ServerConfiguration.TLS {
        ServerConfiguration.TLS(certificate: issued.certificate, key: issued.key)
    }

    private static func client(_ port: Int, _ configure: (inout JadeClient.Options) -> Void) throws -> JadeClient {
        var options = JadeClient.Options()
        options.retries = 0
        configure(&options)
        return try JadeClient(url: "https://127.0.0.1:\(port)", options: options)
    }

    /// What the body throws or gives, with the client closed.
    private static func with<Value>(_ client: JadeClient, _ body: (JadeClient) async throws -> Value) async throws -> Value {
        do {
            let value = try await body(client)
            try await client.shutdown()
            return value
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    @Test("a client that trusts its authority is answered, one that does not and one without TLS are not")
    func trust() async throws {
        let guarded = try GuardedServer()
        let key = try guarded.key("root", APIKeyRequest(name: "k"))
        let own = try Authority("own", in: guarded.folder), other = try Authority("other", in: guarded.folder)
        let issued = try own.issue("server", alternative: "IP:127.0.0.1")
        try await guarded.run(configure: { $0.tls = Self.settings(issued) }) { (server: LiveServer) async throws in
            let port = server.port
            let me = try await Self.with(Self.client(port) { ($0.authorityFile, $0.credential) = (own.certificate, key) }) { try await $0.caller() }
            #expect(me.userName == "root" && me.credential == "api_key")
            await #expect(throws: JadeError.self) {
                try await Self.with(Self.client(port) { ($0.authorityFile, $0.credential) = (other.certificate, key) }) { try await $0.caller() }
            }
            await #expect(throws: (any Error).self) { try await server.send("GET", "/health") }
        }
    }

    @Test("clients that offer HTTP/2 get it, with bodies of any size, refusals and their certificates' names")
    func http2() async throws {
        let guarded = try GuardedServer()
        let key = try guarded.key("root", APIKeyRequest(name: "k"))
        let own = try Authority("own", in: guarded.folder)
        let issued = try own.issue("server", alternative: "IP:127.0.0.1")
        try await guarded.run(configure: {
            $0.tls = Self.settings(issued)
            $0.server.maximumBodyBytes = 1 << 20
        }) { (server: LiveServer) async throws in
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(own.certificate)
            var configuration = HTTPClient.Configuration(tlsConfiguration: tls)
            configuration.httpVersion = .automatic
            let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            func send(_ method: HTTPMethod, _ path: String, _ body: String = "") async throws -> (version: HTTPVersion, status: Int, text: String) {
                var request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)\(path)")
                request.method = method
                request.headers = ["authorization": "Bearer \(key)", "content-type": "application/json"]
                if !body.isEmpty { request.body = .bytes(Array(body.utf8)) }
                let answer = try await client.execute(request, timeout: .seconds(30))
                return (answer.version, Int(answer.status.code), String(buffer: try await answer.body.collect(upTo: 1 << 24)))
            }
            do {
                let created = try await send(.POST, "/v1/databases", #"{"name":"docs","dimension":64,"metric":"euclidean"}"#)
                #expect(created.version == .http2 && created.status == 201, "\(created)")
                let values = (0..<64).map { "\($0).015625" }.joined(separator: ",")
                let vectors = (0..<1_000).map { "{\"id\":\($0),\"values\":[\(values)]}" }.joined(separator: ",")
                #expect(vectors.utf8.count > 500_000, "more than a window of flow control")
                #expect(try await send(.POST, "/v1/databases/docs/vectors", "{\"vectors\":[\(vectors)]}").status == 200)
                let page = try await send(.POST, "/v1/databases/docs/vectors/scroll", #"{"limit":1000,"include_values":true}"#)
                #expect(page.status == 200 && page.text.utf8.count > 500_000)
                let refused = try await send(.POST, "/v1/databases/docs/vectors", String(repeating: " ", count: 2 << 20))
                #expect(refused.status == 413 && refused.text.contains("1048576"), "\(refused)")
                #expect(try await send(.GET, "/nowhere").status == 404)
                // Several requests at once over the one connection.
                let counts = try await withThrowingTaskGroup(of: String.self) { group in
                    for _ in 0..<50 { group.addTask { try await send(.GET, "/v1/databases/docs/vectors/count").text } }
                    return try await group.reduce(into: Set()) { $0.insert($1) }
                }
                #expect(counts == ["{\"count\":1000}"])
            } catch {
                try? await client.shutdown()
                throw error
            }
            try await client.shutdown()
        }
    }

    @Test("TLS 1.2 and 1.3 are spoken, 1.0, 1.1 and ciphers without forward secrecy are not")
    func versions() async throws {
        let guarded = try GuardedServer()
        let own = try Authority("own", in: guarded.folder)
        let issued = try own.issue("server", alternative: "IP:127.0.0.1")
        try await guarded.run(configure: { $0.tls = Self.settings(issued) }) { (server: LiveServer) async throws in
            func answers(_ configure: (inout TLSConfiguration) -> Void) async throws -> Bool {
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .file(own.certificate)
                configure(&tls)
                let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .init(tlsConfiguration: tls))
                let request = HTTPClientRequest(url: "https://127.0.0.1:\(server.port)/health")
                let answer = try? await client.execute(request, timeout: .seconds(10))
                let status = answer?.status
                try await client.shutdown()
                return status == .ok
            }
            #expect(try await answers { ($0.minimumTLSVersion, $0.maximumTLSVersion) = (.tlsv12, .tlsv12) })
            #expect(try await answers { $0.minimumTLSVersion = .tlsv13 })
            #expect(try await !answers { ($0.minimumTLSVersion, $0.maximumTLSVersion) = (.tlsv1, .tlsv11) })
            #expect(try await !answers { ($0.minimumTLSVersion, $0.maximumTLSVersion) = (.tlsv1, .tlsv1) })
            #expect(try await !answers {
                $0.maximumTLSVersion = .tlsv12
                $0.cipherSuiteValues = [.TLS_RSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA]
            })
        }
    }

    @Test("a certificate's name logs its user in; one of another authority, and a name that nobody has, do not")
    func clients() async throws {
        let guarded = try GuardedServer()
        try guarded.add("ann", roles: ["readonly"])
        let own = try Authority("own", in: guarded.folder), people = try Authority("people", in: guarded.folder)
        let issued = try own.issue("server", alternative: "IP:127.0.0.1")
        let ann = try people.issue("ann", alternative: "DNS:ann"), nobody = try people.issue("nobody", alternative: "DNS:nobody")
        let forged = try own.issue("ann", alternative: "DNS:ann")
        for isRequired in [false, true] {
            var settings = Self.settings(issued)
            settings.clientAuthority = people.certificate
            settings.requiresClientCertificate = isRequired
            try await guarded.run(configure: { [settings] in $0.tls = settings }) { (server: LiveServer) async throws in
                func me(_ shown: (certificate: String, key: String)?) async throws -> CallerDescription {
                    let client = try Self.client(server.port) {
                        ($0.authorityFile, $0.certificateFile, $0.keyFile) = (own.certificate, shown?.certificate, shown?.key)
                    }
                    return try await Self.with(client) { try await $0.caller() }
                }
                let caller = try await me(ann)
                #expect(caller.userName == "ann" && caller.credential == "certificate")
                await #expect(throws: JadeError.self) { try await me(nobody) }
                await #expect(throws: JadeError.self) { try await me(forged) }
                await #expect(throws: JadeError.self) { try await me(nil) }
            }
        }
    }

    @Test("a certificate that is replaced is shown to the next connection; one that does not fit its key is not taken")
    func reload() async throws {
        let guarded = try GuardedServer()
        let old = try Authority("old", in: guarded.folder), new = try Authority("new", in: guarded.folder)
        let place = try old.issue("server", alternative: "IP:127.0.0.1")
        let successor = try new.issue("server", alternative: "IP:127.0.0.1")
        let key = try guarded.key("root", APIKeyRequest(name: "k"))
        try await guarded.run(configure: { $0.tls = Self.settings(place) }) { (server: LiveServer) async throws in
            func trusts(_ authority: Authority) async -> Bool {
                let caller = try? await Self.with(
                    Self.client(server.port) { ($0.authorityFile, $0.credential) = (authority.certificate, key) }
                ) { try await $0.caller() }
                return caller != nil
            }
            #expect(await trusts(old))
            try Data(contentsOf: URL(fileURLWithPath: successor.certificate)).write(to: URL(fileURLWithPath: place.certificate), options: .atomic)
            let contexts = try? TLSContexts(Self.settings(place))
            #expect(contexts == nil, "a certificate with another key was taken")
            try Data(contentsOf: URL(fileURLWithPath: successor.key)).write(to: URL(fileURLWithPath: place.key), options: .atomic)
            _ = try await poll("the new certificate", seconds: 60) { await trusts(new) ? true : nil }
            #expect(await !trusts(old))
        }
    }

    @Test("a network is not listened on without TLS unless that is said in so many words")
    func networks() throws {
        var configuration = ServerConfiguration()
        try configuration.validate()
        configuration.server.host = "0.0.0.0"
        #expect(throws: JadeError.self) { try configuration.validate() }
        configuration.server.allowsUnencryptedNetwork = true
        try configuration.validate()
        configuration.security.requiresLogin = false
        #expect(throws: JadeError.self) { try configuration.validate() }
        configuration.server.allowsUnencryptedNetwork = false
        configuration.security.requiresLogin = true
        configuration.tls = .init(certificate: "c", key: "k")
        try configuration.validate()
        configuration.tls.key = ""
        #expect(throws: JadeError.self) { try configuration.validate() }
    }
}
