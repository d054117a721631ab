import JadeAPI
import JadeCore
import JadeEngine
import JadeGRPC
import JadeProto
import JadeSecurity
import NIOCore
import Testing

@Suite("Accounts over gRPC, beyond what every client can do")
struct AccountCallTests {
    private static let service = "/jadevectordb.v1.AccessService"

    @Test("the audit log is exported in pages, oldest first, and ends although its reading is written down too", .timeLimit(.minutes(10)))
    func exportAudit() async throws {
        let guarded = try GuardedServer()
        let event = AuditEvent(actor: "test", action: "login", outcome: .allowed)
        for _ in 0..<Limits.maximumAuditPage + 10 { try guarded.accounts.audit.record(event) }
        let token = try guarded.token("root")
        try await LiveDoor.run(access: guarded.gate) { live in
            let raw = try await RawCalls.open(port: live.port)
            let ending = try await raw.call("\(Self.service)/ExportAudit", ProtoAuditQuery(AuditQuery()), headers: [("x-api-key", token)])
            #expect(ending.status == .ok, "\(ending.message)")
            let pages = try ending.messages.map { message in
                try Framing.decode(ProtoListAuditEntriesResponse.self, from: message).entries.map(\.sequence)
            }
            #expect(pages.count == 2 && pages.first?.count == Limits.maximumAuditPage)
            let all = pages.flatMap { $0 }
            #expect(all.count >= Limits.maximumAuditPage + 10 && all == Array(1...Int64(all.count)))
            await raw.close()
        }
    }

    @Test("what is missing or unknown in a request is named")
    func refusals() async throws {
        let guarded = try GuardedServer()
        let token = try guarded.token("root")
        try await LiveDoor.run(access: guarded.gate) { live in
            let raw = try await RawCalls.open(port: live.port)
            let headers = [("authorization", "Bearer \(token)")]
            let login = try await raw.call("/jadevectordb.v1.AuthService/Login", ProtoLoginRequest())
            #expect(login.status == .invalidArgument && login.message == "name is missing")
            var wrong = ProtoLoginRequest()
            (wrong.name, wrong.password) = ("root", "something else")
            #expect(try await raw.call("/jadevectordb.v1.AuthService/Login", wrong).status == .unauthenticated)
            var role = ProtoCreateRoleRequest()
            (role.name, role.permissions) = ("r", ["vector:reed"])
            let unknown = try await raw.call("/jadevectordb.v1.AccountService/CreateRole", role, headers: headers)
            #expect(unknown.status == .invalidArgument && unknown.message.hasPrefix("unknown permission \"vector:reed\""))
            let nobody = try await raw.call("\(Self.service)/Grant", ProtoGrantRequest(), headers: headers)
            #expect(nobody.status == .invalidArgument && nobody.message == "grantee is missing, expected either a user or a group")
            let both = headers + [("x-api-key", token)]
            #expect(try await raw.call("\(Self.service)/ListKeys", ProtoWhose(.mine), headers: both).status == .unauthenticated)
            await raw.close()
        }
    }

    @Test("what is revoked while a stream is open ends it at its next message", .timeLimit(.minutes(10)))
    func revokedWithinAStream() async throws {
        let guarded = try GuardedServer()
        _ = try await guarded.engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        let (key, secret) = try guarded.accounts.createKey(APIKeyRequest(name: "k"), for: "root", by: GuardedServer.root)
        try await LiveDoor.run(access: guarded.gate) { live in
            let raw = try await RawCalls.open(port: live.port)
            let open = try await raw.begin(BadCallTests.upsertStream, headers: [("x-api-key", secret.text)])
            try await open.send(RawCalls.framed(BadCallTests.upsertMessage(1)))
            #expect(await eventually { (try? await guarded.engine.count(matching: nil, in: "docs")) == 1 })
            try guarded.accounts.revokeKey(key.id, by: GuardedServer.root)
            try await open.send(RawCalls.framed(BadCallTests.upsertMessage(2)))
            let ending = try await open.ending.get()
            #expect(ending.status == .unauthenticated && ending.messages.count == 1)
            #expect(try await guarded.engine.count(matching: nil, in: "docs") == 1)
            await raw.close()
        }
    }
}
