import Crypto
import CryptoExtras
import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeSecurity
import JadeTestSupport
import Testing

@Suite("Tokens of an outside issuer")
struct IssuerTests {
    private static let p256 = P256.Signing.PrivateKey(), ed25519 = Curve25519.Signing.PrivateKey()
    private static let stranger = P256.Signing.PrivateKey()

    private static func text(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func keySet() throws -> [UInt8] {
        let point = p256.publicKey.rawRepresentation
        return Array("""
            {"keys":[{"kty":"EC","crv":"P-256","kid":"p","x":"\(text(point.prefix(32)))","y":"\(text(point.suffix(32)))"},
            {"kty":"OKP","crv":"Ed25519","kid":"e","x":"\(text(ed25519.publicKey.rawRepresentation))"},{"kty":"oct","k":"AAAA"}]}
            """.utf8)
    }

    private static func token(
        _ claims: String, header: String = #"{"alg":"ES256","kid":"p"}"#, sign: (Data) throws -> Data = { try p256.signature(for: $0).rawRepresentation }
    ) throws -> String {
        let signed = text(Data(header.utf8)) + "." + text(Data(claims.utf8))
        return try signed + "." + text(sign(Data(signed.utf8)))
    }

    /// ManualClock stands at 1,700,000,000 s.
    private static let good = #"{"iss":"https://id","aud":["jade","x"],"sub":"ann","exp":1700000600,"roles":["readers","unknown"]}"#

    private func gate(_ world: World, _ engine: Engine) throws -> AccessGate {
        var settings = OutsideIssuer.Settings(issuer: "https://id", audience: "jade")
        settings.roles = ["readers": "readonly"]
        let issuer = try OutsideIssuer(settings, keySet: Self.keySet(), path: "keys.json")
        return AccessGate(engine, world.authentication, issuer: issuer)
    }

    @Test("a good one lets its user in with the roles its words stand for, until it ends")
    func good() async throws {
        let world = try World()
        try world.addUser("root", roles: ["admin"])
        let engine = try Engine(EngineConfiguration(dataDirectory: world.folder.path("data")))
        defer { engine.shutdown() }
        let gate = try self.gate(world, engine)
        for token in [
            try Self.token(Self.good),
            try Self.token(Self.good, header: #"{"alg":"EdDSA","kid":"e"}"#) { try Self.ed25519.signature(for: $0) },
        ] {
            let me = try #require(try await gate.admit(.secret(token), from: world.here).security)
            let caller = try await me.caller()
            #expect(caller.userName == "ann" && caller.credential == "token" && caller.permissions == PredefinedRole.readonly.permissions)
        }
        #expect(try world.accounts.user("ann").origin == .issuer("https://id"))
        let token = try Self.token(Self.good)
        _ = try world.accounts.updateUser("ann", UserUpdate(isActive: false), by: world.root)
        await #expect(throws: JadeError.self) { _ = try await gate.admit(.secret(token), from: world.here) }
        _ = try world.accounts.updateUser("ann", UserUpdate(isActive: true), by: world.root)
        _ = try await gate.admit(.secret(token), from: world.here)
        world.clock.advance(byMilliseconds: 700_000)
        await #expect(throws: JadeError.self) { _ = try await gate.admit(.secret(token), from: world.here) }
    }

    /// Nil where the token is let in.
    private static func refusal(_ token: String, _ gate: AccessGate, _ origin: RequestOrigin) async -> ErrorCode? {
        do { _ = try await gate.admit(.secret(token), from: origin) } catch { return error.code }
        return nil
    }

    @Test("any other is refused like a key that nobody has")
    func bad() async throws {
        let world = try World()
        try world.addUser("root", roles: ["admin"])
        try world.addUser("local")
        let engine = try Engine(EngineConfiguration(dataDirectory: world.folder.path("data")))
        defer { engine.shutdown() }
        let gate = try self.gate(world, engine)
        let good = Self.good
        var bad = [
            try Self.token(good, header: #"{"alg":"none"}"#) { _ in Data() },
            try Self.token(good, header: #"{"alg":"HS256","kid":"p"}"#) { Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: Self.p256.publicKey.rawRepresentation))) },
            try Self.token(good, header: #"{"alg":"EdDSA","kid":"p"}"#),
            try Self.token(good, header: #"{"alg":"ES256","kid":"e"}"#),
            try Self.token(good, header: #"{"alg":"ES256","kid":"p","crit":["x"]}"#),
            try Self.token(good) { try Self.stranger.signature(for: $0).rawRepresentation },
            "a.b.c", "..", "", "eyJhbGciOiJub25lIn0.e30.",
        ]
        for (part, other) in [
            ("https://id", "https://other"), (#"["jade","x"]"#, #""x""#), ("1700000600", "1699999000"), (#""exp":1700000600,"#, ""),
            ("1700000600", #"1700000600,"nbf":1700000500"#), ("1700000600", #""1700000600""#), (#""sub":"ann","#, ""),
            (#""sub":"ann""#, #""sub":"local""#), (#""sub":"ann""#, #""sub":"an n""#),
        ] { bad.append(try Self.token(good.replacing(part, with: other))) }
        let whole = try Self.token(good)
        let parts = whole.split(separator: ".")
        bad.append("\(parts[0]).\(Self.text(Data(good.replacing("ann", with: "root").utf8))).\(parts[2])")
        var origin = world.here
        for (number, token) in bad.enumerated() {
            origin.address = "10.0.0.\(number)"
            #expect(await Self.refusal(token, gate, origin) == .unauthenticated, "token \(number): \(token)")
        }
        #expect(try world.accounts.users().map(\.name) == ["local", "root"])
    }
}
