import Foundation
import JadeAPI
import JadeClient
import JadeCore
import JadeIO
import JadeSecurity
import JadeServer
import JadeTestSupport
import Testing

@Suite("The keys of an outside issuer, where they come from")
struct IssuerServiceTests {
    private static func configuration(keys: String, authority: String = "") -> ServerConfiguration {
        var configuration = ServerConfiguration()
        configuration.security.issuer.keys = keys
        configuration.security.issuer.authority = authority
        configuration.security.issuer.name = "https://id"
        configuration.security.issuer.audience = "jade"
        configuration.security.issuer.roles = "readers=readonly,ops=admin"
        return configuration
    }

    private static func kind(_ reading: OutsideIssuer.Reading) -> String {
        if case .changed(let keys) = reading { ".changed(keys: \(keys))" } else { "other" }
    }

    private static func failure(_ reading: OutsideIssuer.Reading) -> ErrorCode? {
        if case .failed(let error) = reading { error.code } else { nil }
    }

    @Test("over HTTPS: read, changed, away and back again", .enabled(if: KeyService.isAvailable))
    func https() async throws {
        let folder = try TemporaryFolder()
        let own = try Authority("own", in: folder), other = try Authority("other", in: folder)
        let service = try await KeyService(own.issue("keys", alternative: "IP:127.0.0.1"))
        let (forge, next, clock) = (TokenForge(), TokenForge(), ManualClock())
        try service.set(try forge.keySet())
        // An authority that nobody named is nobody's.
        for authority in ["", other.certificate] {
            let issuer = try Self.configuration(keys: service.url + "/keys.json", authority: authority).outsideIssuer(clock: clock)
            let stranger = try GuardedServer(issuer: issuer)
            #expect(Self.failure(await stranger.gate.readIssuerKeys()) == .unavailable, "\(authority)")
        }
        let configuration = Self.configuration(keys: service.url + "/keys.json", authority: own.certificate)
        try configuration.validate()
        let guarded = try GuardedServer(issuer: try configuration.outsideIssuer(clock: clock))
        #expect(Self.kind(await guarded.gate.readIssuerKeys()) == ".changed(keys: 3)")
        let (old, new) = (try forge.token(), try next.token())
        try await guarded.run { (server: LiveServer) async throws in
            #expect(try await server.send("GET", "/v1/auth/me", as: old)["user_name"] == "ann")
            #expect(try await server.send("GET", "/v1/databases", as: old).status == 200)
            #expect(try await server.send("POST", "/v1/databases", #"{"name":"d","dimension":2}"#, as: old).status == 403)
            #expect(try await server.send("GET", "/v1/auth/me", as: new).status == 401)
            try service.set(nil)
            clock.advance(byMilliseconds: 300_000)
            #expect(Self.failure(await guarded.gate.readIssuerKeys()) == .unavailable)
            #expect(try await server.send("GET", "/v1/auth/me", as: old).status == 200)
            try service.set(try next.keySet())
            clock.advance(byMilliseconds: 300_000)
            #expect(Self.kind(await guarded.gate.readIssuerKeys()) == ".changed(keys: 3)")
            #expect(try await server.send("GET", "/v1/auth/me", as: old).status == 401)
            #expect(try await server.send("GET", "/v1/auth/me", as: new).status == 200)
            try await service.stop()
            clock.advance(byMilliseconds: 300_000)
            #expect(Self.failure(await guarded.gate.readIssuerKeys()) == .unavailable)
            #expect(try await server.send("GET", "/v1/auth/me", as: new).status == 200)
        }
    }

    @Test("over HTTP on this machine: no redirects, no body beyond the limit", .enabled(if: KeyService.isAvailable))
    func http() async throws {
        let service = try await KeyService()
        let forge = TokenForge()
        try service.set(try forge.keySet())
        for (path, code) in [("/keys.json", nil), ("/moved", .unavailable), ("/nothing", .unavailable)] as [(String, ErrorCode?)] {
            let configuration = Self.configuration(keys: service.url + path)
            try configuration.validate()
            let guarded = try GuardedServer(issuer: try configuration.outsideIssuer())
            #expect(Self.failure(await guarded.gate.readIssuerKeys()) == code, "\(path)")
        }
        try service.set([UInt8](repeating: 0x20, count: 3 << 20))
        let guarded = try GuardedServer(issuer: try Self.configuration(keys: service.url + "/keys.json").outsideIssuer())
        #expect(Self.failure(await guarded.gate.readIssuerKeys()) == .tooLarge)
    }

    @Test("settings that do not fit together are refused", arguments: [
        ("http://id.example/keys", "https://id", "jade"), ("keys.json", "", "jade"), ("keys.json", "https://id", ""), ("https://", "https://id", "jade"),
    ])
    func settings(keys: String, name: String, audience: String) {
        var configuration = Self.configuration(keys: keys)
        (configuration.security.issuer.name, configuration.security.issuer.audience) = (name, audience)
        #expect(throws: JadeError.self) { try configuration.validate() }
    }

    @Test("a server that runs takes up a changed file by itself")
    func file() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("keys.json")
        let (forge, next) = (TokenForge(), TokenForge())
        try Data(try forge.keySet()).write(to: URL(fileURLWithPath: path))
        let server = try RunningServer(
            launchedIn: folder,
            settings: [
                "--security-bcrypt-cost", "4", "--security-issuer-keys", path, "--security-issuer", "https://id", "--security-issuer-audience", "jade",
                "--security-issuer-roles", "readers=readonly",
            ], needsLogin: true)
        try await server.waitUntilReady()
        let claims = TokenForge.claims.replacing("1700000600", with: "\(Int(Date().timeIntervalSince1970) + 600)")
        let (old, new) = (try forge.token(claims), try next.token(claims))
        #expect(try await Self.name(old, at: server.url) == "ann")
        #expect(try await Self.name(new, at: server.url) == nil)
        try Data(try next.keySet()).write(to: URL(fileURLWithPath: path), options: .atomic)
        _ = try await poll("the new keys") { try await Self.name(new, at: server.url) }
        #expect(try await Self.name(old, at: server.url) == nil)
        #expect(try await server.stop() == 0)
    }

    /// Whom a token lets in as; nil for nobody.
    private nonisolated(nonsending) static func name(_ token: String, at url: String) async throws -> String? {
        var options = JadeClient.Options()
        options.credential = token
        let client = try JadeClient(url: url, options: options)
        let caller = try? await client.caller()
        try await client.shutdown()
        return caller?.userName
    }
}
