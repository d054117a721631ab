import Crypto
import CryptoExtras
import Foundation
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeSecurity
import JadeTestSupport
import Synchronization
import Testing

@Suite("Tokens of an outside issuer")
struct IssuerTests {
    /// A gate whose issuer's keys are whatever the forge has.
    private struct Stage {
        let world: World
        let forge = TokenForge()
        let engine: Engine
        let keys: Shared
        let gate: AccessGate

        /// What a reading of the keys gives; nil is an issuer that is away.
        final class Shared: Sendable {
            private let state: Mutex<(bytes: [UInt8]?, readings: Int)>

            init(_ bytes: [UInt8]?) { state = Mutex((bytes, 0)) }

            var readings: Int { state.withLock { $0.readings } }
            func set(_ bytes: [UInt8]?) { state.withLock { $0.bytes = bytes } }

            func read() throws(JadeError) -> [UInt8] {
                let bytes = state.withLock { state in
                    state.readings += 1
                    return state.bytes
                }
                guard let bytes else { throw .unavailable("the issuer is away") }
                return bytes
            }
        }

        init(nameClaim: String = "sub", rolesClaim: String = "roles") async throws {
            world = try World()
            try world.addUser("root", roles: ["admin"])
            engine = try Engine(EngineConfiguration(dataDirectory: world.folder.path("data")))
            keys = Shared(try forge.keySet())
            var settings = OutsideIssuer.Settings(issuer: "https://id", audience: "jade")
            settings.roles = ["readers": ["readonly"]]
            (settings.nameClaim, settings.rolesClaim) = (nameClaim, rolesClaim)
            let keys = keys
            let issuer = OutsideIssuer(settings, keysFrom: "keys", clock: world.clock) { () throws(JadeError) in try keys.read() }
            gate = AccessGate(engine, world.authentication, issuer: issuer)
            _ = await gate.readIssuerKeys()
        }

        /// Nil where the token is let in. Each asks from an address of its own, so that none is slowed down.
        func refusal(_ token: String, from address: Int = 0) async -> ErrorCode? {
            var origin = world.here
            origin.address = "10.0.\(address >> 8).\(address & 255)"
            do { _ = try await gate.admit(.secret(token), from: origin) } catch { return error.code }
            return nil
        }

        func caller(_ token: String) async throws -> CallerDescription {
            try await #require(try await gate.admit(.secret(token), from: world.here).security).caller()
        }
    }

    private static func kind(_ reading: OutsideIssuer.Reading) -> String {
        switch reading {
        case .notDue: ".notDue"
        case .unchanged: ".unchanged"
        case .changed(let keys): ".changed(keys: \(keys))"
        case .failed: ".failed"
        }
    }

    @Test("a good one lets its user in with the roles its words stand for, until it ends")
    func good() async throws {
        let stage = try await Stage()
        defer { stage.engine.shutdown() }
        for token in [
            try stage.forge.token(),
            try TokenForge.token(TokenForge.claims, header: #"{"alg":"EdDSA","kid":"e"}"#) { try stage.forge.ed25519.signature(for: $0) },
            // The only key of its algorithm needs no name.
            try TokenForge.token(TokenForge.claims, header: #"{"alg":"RS256"}"#) {
                try TokenForge.rsa.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation
            },
        ] {
            let caller = try await stage.caller(token)
            #expect(caller.userName == "ann" && caller.credential == "token" && caller.permissions == PredefinedRole.readonly.permissions)
        }
        let (world, token) = (stage.world, try stage.forge.token())
        #expect(try world.accounts.user("ann").origin == .issuer("https://id"))
        _ = try world.accounts.updateUser("ann", UserUpdate(isActive: false), by: world.root)
        #expect(await stage.refusal(token) == .unauthenticated)
        _ = try world.accounts.updateUser("ann", UserUpdate(isActive: true), by: world.root)
        #expect(await stage.refusal(token) == nil)
        // To the millisecond, with the minute by which clocks may differ.
        world.clock.advance(byMilliseconds: 659_999)
        #expect(await stage.refusal(token) == nil)
        world.clock.advance(byMilliseconds: 1)
        #expect(await stage.refusal(token) == .unauthenticated)
    }

    @Test("names and roles are found where the settings say, inside objects too")
    func claims() async throws {
        let stage = try await Stage(nameClaim: "https://id.example/email", rolesClaim: "realm_access.roles")
        defer { stage.engine.shutdown() }
        let claims = #"{"iss":"https://id","aud":"jade","https://id.example/email":"bob@example.org","exp":1700000600,"realm_access":{"roles":"x readers"}}"#
        let caller = try await stage.caller(try stage.forge.token(claims))
        #expect(caller.userName == "bob@example.org" && caller.permissions == PredefinedRole.readonly.permissions)
    }

    @Test("any other is refused like a key that nobody has")
    func bad() async throws {
        let stage = try await Stage()
        defer { stage.engine.shutdown() }
        try stage.world.addUser("local")
        let (forge, good) = (stage.forge, TokenForge.claims)
        func confused(_ key: Data) -> String {
            TokenForge.token(good, header: #"{"alg":"HS256","kid":"r"}"#) {
                Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: key)))
            }
        }
        var bad = [
            TokenForge.token(good, header: #"{"alg":"none"}"#) { _ in Data() },
            TokenForge.token(good, header: #"{"alg":"none","kid":"p"}"#) { _ in Data() },
            // A public key is no secret, whatever form it is in.
            confused(TokenForge.rsa.publicKey.derRepresentation), confused(Data(TokenForge.rsa.publicKey.pemRepresentation.utf8)),
            confused(try TokenForge.rsa.publicKey.getKeyPrimitives().modulus),
            TokenForge.token(good, header: #"{"alg":"HS256","kid":"o"}"#) {
                Data(HMAC<SHA256>.authenticationCode(for: $0, using: SymmetricKey(data: Data(count: 3))))
            },
            // The right signature under another name, or by a key that is there for something else.
            try forge.token(header: #"{"alg":"none","kid":"p"}"#), try forge.token(header: #"{"alg":"EdDSA","kid":"p"}"#),
            try forge.token(header: #"{"alg":"ES256","kid":"e"}"#), try forge.token(header: #"{"alg":"ES256","kid":"unknown"}"#),
            try forge.token(header: #"{"alg":"ES256","kid":"p","crit":["x"]}"#), try forge.token(header: #"{"kid":"p"}"#),
            try forge.token(header: #"{"alg":"ES256","kid":"p","big":1e300}"#.replacing("ES256", with: "ES384")),
            try TokenForge.token(good, header: #"{"alg":"RS256","kid":"c"}"#) {
                try TokenForge.rsa.signature(for: $0, padding: .insecurePKCS1v1_5).rawRepresentation
            },
            try TokenForge.token(good, header: #"{"alg":"PS256","kid":"r"}"#) { try TokenForge.rsa.signature(for: $0, padding: .PSS).rawRepresentation },
            try TokenForge().token(),
            "a.b.c", "..", "", ".", "eyJhbGciOiJub25lIn0.e30.", try forge.token() + ".x",
            try forge.token("[]"), try forge.token("{"), try forge.token(String(repeating: "[", count: 5_000)),
            try forge.token(good.replacing("unknown", with: String(repeating: "x", count: 20_000))),
        ]
        for (part, other) in [
            ("https://id", "https://other"), (#"["jade","x"]"#, #""x""#), (#""aud":["jade","x"],"#, ""), (#"["jade","x"]"#, #""x jade""#),
            ("1700000600", "1699999000"), (#""exp":1700000600,"#, ""), ("1700000600", "1e300"), ("1700000600", #""1700000600""#),
            ("1700000600", #"1700000600,"nbf":1700000500"#), ("1700000600", #"1700000600,"nbf":"then""#),
            (#""sub":"ann","#, ""), (#""sub":"ann""#, #""sub":"local""#), (#""sub":"ann""#, #""sub":"root""#), (#""sub":"ann""#, #""sub":"an n""#),
            (#""sub":"ann""#, #""sub":["ann"]"#),
        ] {
            #expect(good.contains(part))
            bad.append(try forge.token(good.replacing(part, with: other)))
        }
        let parts = try forge.token().split(separator: ".")
        bad.append("\(parts[0]).\(TokenForge.text(Data(good.replacing("ann", with: "root").utf8))).\(parts[2])")
        for (number, token) in bad.enumerated() {
            #expect(await stage.refusal(token, from: number) == .unauthenticated, "token \(number): \(token.prefix(300))")
        }
        #expect(try stage.world.accounts.users().map(\.name) == ["local", "root"])
        #expect(await stage.refusal(try forge.token(header: #"{"alg":"ES256","kid":"p","big":1e300}"#), from: 999) == nil)
    }

    @Test("a token that is cut off or changed anywhere is refused")
    func changed() async throws {
        let stage = try await Stage()
        defer { stage.engine.shutdown() }
        let whole = Array(try stage.forge.token())
        for length in 0..<whole.count {
            #expect(await stage.refusal(String(whole[..<length]), from: length) == .unauthenticated, "\(length)")
        }
        // The last character has bits that no byte of the signature is made of.
        for place in 0..<whole.count - 1 {
            var other = whole
            other[place] = other[place] == "A" ? "B" : "A"
            #expect(await stage.refusal(String(other), from: 1_000 + place) == .unauthenticated, "\(place)")
        }
        #expect(await stage.refusal(String(whole)) == nil)
    }

    @Test("no text that is sent as a token is taken for a certificate's name, nor are names that differ in capitals one")
    func names() async throws {
        let stage = try await Stage()
        defer { stage.engine.shutdown() }
        try stage.world.addUser("bob")
        #expect(try await stage.gate.admit(.certificate(name: "bob"), from: stage.world.here).name == "bob")
        #expect(await stage.refusal("certificate bob") == .unauthenticated)
        #expect(await stage.refusal(try stage.forge.token(), from: 1) == nil)
        #expect(await stage.refusal(try stage.forge.token(TokenForge.claims.replacing("ann", with: "Ann")), from: 2) == .unauthenticated)
    }

    @Test("new keys take the place of the old at once; while they cannot be read, those there are hold")
    func rotation() async throws {
        let stage = try await Stage()
        defer { stage.engine.shutdown() }
        let (old, next, clock) = (try stage.forge.token(), TokenForge(), stage.world.clock)
        #expect(await stage.refusal(old) == nil)
        // An issuer that is away or sends nonsense changes nothing, and is asked again after one second, two, four.
        stage.keys.set(nil)
        clock.advance(byMilliseconds: 300_000)
        for (pause, readings) in [(0, 2), (999, 2), (1, 3), (1_999, 3), (1, 4), (3_999, 4), (1, 5)] as [(UInt64, Int)] {
            clock.advance(byMilliseconds: pause)
            if readings == 4 { stage.keys.set(Array("<html>".utf8)) }
            _ = await stage.gate.readIssuerKeys()
            #expect(stage.keys.readings == readings, "\(pause)")
        }
        #expect(await stage.refusal(old) == nil)
        // What tokens name does not make it be asked sooner while it is away.
        let new = try next.token()
        #expect(await stage.refusal(new, from: 1) == .unauthenticated)
        _ = await stage.gate.readIssuerKeys()
        #expect(stage.keys.readings == 5)
        stage.keys.set(try next.keySet())
        clock.advance(byMilliseconds: 8_000)
        #expect(Self.kind(await stage.gate.readIssuerKeys()) == ".changed(keys: 3)")
        #expect(await stage.refusal(new, from: 2) == nil)
        #expect(await stage.refusal(old, from: 3) == .unauthenticated)
        #expect(Self.kind(await stage.gate.readIssuerKeys()) == ".notDue")
    }

    @Test("a key that is not there makes the keys be read sooner, but not for everybody who makes up a name")
    func unknownKey() async throws {
        let stage = try await Stage()
        defer { stage.engine.shutdown() }
        let token = try stage.forge.token(header: #"{"alg":"ES256","kid":"new"}"#)
        for second in 0..<30 {
            #expect(await stage.refusal(token, from: second) == .unauthenticated)
            _ = await stage.gate.readIssuerKeys()
            stage.world.clock.advance(byMilliseconds: 1_000)
        }
        #expect(stage.keys.readings == 3)
        let set = String(decoding: try stage.forge.keySet(), as: UTF8.self)
        stage.keys.set(Array(set.replacing(#""kid":"p""#, with: #""kid":"new""#).utf8))
        _ = await stage.gate.readIssuerKeys()
        #expect(await stage.refusal(token, from: 50) == nil)
    }

    @Test("what is no set of keys, or has none to sign with, is refused; nobody is let in without keys")
    func keySets() async throws {
        let stage = try await Stage()
        defer { stage.engine.shutdown() }
        let good = try stage.forge.keySet()
        let small = try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: 1_024)).publicKey.getKeyPrimitives()
        var sets = ["", "{}", "[]", "null", #"{"keys":[]}"#, #"{"keys":{}}"#, #"{"keys":[{"kty":"oct","k":"AAAA"}]}"#, #"{"keys":[1]}"#].map { Array($0.utf8) }
        sets.append(Array(#"{"keys":[{"kty":"RSA","n":"\#(TokenForge.text(small.modulus))","e":"AQAB"}]}"#.utf8))
        sets.append(Array(#"{"keys":[\#(String(repeating: #"{"kty":"oct"},"#, count: 300))]}"#.utf8))
        sets.append([UInt8](repeating: 0x20, count: 2 << 20))
        sets += (0..<good.count).map { Array(good[..<$0]) }
        for set in sets {
            stage.world.clock.advance(byMilliseconds: 400_000)
            stage.keys.set(set)
            #expect(Self.kind(await stage.gate.readIssuerKeys()) == ".failed", "\(String(decoding: set.prefix(300), as: UTF8.self))")
        }
    }
}
