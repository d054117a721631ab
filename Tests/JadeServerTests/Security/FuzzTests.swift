import HTTPTypes
import JadeAPI
import JadeCore
import JadeJSON
import JadeREST
import JadeSecurity
import JadeServer
import JadeTestSupport
import Testing

@Suite("Bytes from nobody in particular")
struct FuzzTests {
    /// Seeds are replayed by their number.
    private static let seeds = Array(UInt64(1)...8)

    private static let words = [
        "Bearer ", "bearer", "Basic ", "jade_k_", "jade_a_", "jade_r_", "eyJhbGciOiJub25lIn0", ".", "=", "%", "%2", "%00", "%c3%28", "/", "..",
        "\u{0}", "\u{feff}", "é", "🜁", "\"", "{", "}", "[", "]", ":", ",", "null", "1e999", "-", "name", "password", "refresh_token", "v1",
        "databases", "?", "&", "#", " ", "\t", String(repeating: "A", count: 43), String(repeating: "[", count: 100),
    ]

    private static func text(_ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 0...8, using: &random)).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined()
    }

    private static func bytes(_ random: inout SeededRandom) -> [UInt8] {
        if Bool.random(using: &random) { return Array(text(&random).utf8) }
        return (0..<Int.random(in: 0...64, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    @Test("credentials: what was not issued is refused in the same words, whatever it is", arguments: seeds)
    func credentials(seed: UInt64) async throws {
        let guarded = try GuardedServer()
        let issued = try guarded.key("root", APIKeyRequest(name: "k"))
        var random = SeededRandom(seed: seed)
        var origin = RequestOrigin(address: "")
        for round in 0..<500 {
            // Each from an address of its own, so that none is slowed down.
            origin.address = "10.0.\(round / 256).\(round % 256)"
            var text = Self.text(&random)
            if round.isMultiple(of: 3) {
                // One character away from a key that holds.
                var characters = Array(issued)
                let place = Int.random(in: 0..<characters.count, using: &random)
                characters[place] = characters[place] == "x" ? "y" : "x"
                text = String(characters)
            }
            let header = Bool.random(using: &random) ? text : "Bearer \(text)"
            let error = await Self.refusal(header, guarded.gate, origin)
            #expect(error?.code == .unauthenticated, "\(text.debugDescription): \(String(describing: error))")
            #expect(text.utf8.count < 12 || error?.message.contains(text) == false)
        }
        #expect(try await guarded.gate.admit(.secret(issued), from: origin).name == "root/k")
    }

    /// Nil where the header is let in.
    private static func refusal(_ header: String, _ gate: AccessGate, _ origin: RequestOrigin) async -> JadeError? {
        do {
            _ = try await gate.admit(Credential(authorization: header, apiKey: nil), from: origin)
        } catch {
            return error
        }
        return nil
    }

    @Test("documents of logins and refreshes are read or refused, and nothing else", arguments: seeds)
    func documents(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        for _ in 0..<2_000 {
            var bytes = Self.bytes(&random)
            if Bool.random(using: &random) {
                bytes = Array(#"{"name":"root","password":"secret","refresh_token":"jade_r_"}"#.utf8)
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
                }
            }
            Self.read(LoginRequest.self, from: bytes)
            Self.read(RefreshRequest.self, from: bytes)
        }
    }

    private static func read<Value: WireDecodable>(_ type: Value.Type, from input: [UInt8]) {
        do throws(JadeError) { _ = try WireJSON.decode(type, from: input) } catch {
            #expect(error.code == .invalidArgument || error.code == .tooLarge, "\(input) \(error)")
        }
    }

    @Test("paths and queries find a route, or an error that says why not", arguments: seeds)
    func paths(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let router = Router(Routes.all)
        for _ in 0..<2_000 {
            let path = "/v1/" + Self.text(&random)
            _ = router.match(.get, path[...])
            let query = Self.text(&random)
            do throws(JadeError) { _ = try Query(query, allowed: ["name", "password"]) } catch {
                #expect(error.code == .invalidArgument)
            }
        }
    }

    @Test("whole requests: nobody gets in, and the server goes on", arguments: seeds.prefix(4))
    func requests(seed: UInt64) async throws {
        let guarded = try GuardedServer()
        try await guarded.run { (server: LiveServer) async throws in
            var random = SeededRandom(seed: seed)
            for _ in 0..<100 {
                let connection = try RawConnection(port: server.port)
                let value = Self.text(&random)
                var request = Array("GET /v1/databases HTTP/1.1\r\nHost: x\r\nAuthorization: \(value)\r\nConnection: close\r\n\r\n".utf8)
                for _ in 0..<Int.random(in: 0...4, using: &random) {
                    request[Int.random(in: 0..<request.count, using: &random)] = UInt8.random(in: .min ... .max, using: &random)
                }
                // A request that misses its end is waited for, so every one gets one.
                await connection.send(String(decoding: request, as: UTF8.self) + "\r\n\r\n")
                let answer = await connection.receive(until: "\r\n\r\n")
                connection.close()
                #expect(!answer.hasPrefix("HTTP/1.1 2"), "\(String(decoding: request, as: UTF8.self)): \(answer)")
            }
            #expect(try await server.send("GET", "/health").status == 200)
        }
    }
}
