import JadeAPI
import JadeClient
import JadeCore
import JadeEngine
import JadeGRPCClient
import JadeIO
import JadeSecurity
import JadeServer
import Testing

/// A client that can log in.
protocol AccountClient: SecurityService {
    func login(name: String, password: String) async throws(JadeError) -> TokenPair
}

extension JadeClient: AccountClient {}
extension JadeGRPCClient: AccountClient {}

@Suite("Accounts over the clients and their doors")
struct AccountRouteTests {
    enum Door: CaseIterable {
        case rest, grpc
    }

    /// A client for the length of the body.
    private func with<Value>(
        _ door: Door, _ server: LiveServer, _ credential: String?, _ body: (any AccountClient) async throws -> Value
    ) async throws -> Value {
        let (client, close): (any AccountClient, () async -> Void)
        switch door {
        case .rest:
            var options = JadeClient.Options()
            (options.credential, options.retries) = (credential, 0)
            let rest = try JadeClient(url: server.base, options: options)
            (client, close) = (rest, { try? await rest.shutdown() })
        case .grpc:
            var options = JadeGRPCClient.Options()
            (options.credential, options.retries) = (credential, 0)
            let grpc = try JadeGRPCClient(host: "127.0.0.1", port: try #require(await server.server.grpcPort()), options: options)
            (client, close) = (grpc, { await grpc.shutdown() })
        }
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(client)) } catch { outcome = .failure(error) }
        await close()
        return try outcome.get()
    }

    @Test("what the client is told is what the accounts hold", arguments: Door.allCases)
    func roundTrip(door: Door) async throws {
        let guarded = try GuardedServer()
        let docs = try await guarded.engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        try await guarded.run(configure: { $0.server.grpcPort = 0 }) { (server: LiveServer) async throws in
            let tokens = try await with(door, server, nil) { try await $0.login(name: "root", password: GuardedServer.password) }
            try await with(door, server, tokens.accessToken) { (root: any AccountClient) async throws -> Void in
                let ann = try await root.createUser(UserRequest(name: "ann", password: "a long password", roles: ["user"]))
                #expect(ann.roles == ["user"] && ann.user.isActive && ann.user.origin == .local)
                #expect(try await root.listUsers().map(\.user.name) == ["ann", "root"])
                let team = try await root.createGroup(name: "team", owner: "ann")
                #expect(team.group.ownerID == ann.user.id)
                try await root.addMember("ann", to: "team")
                let role = try await root.createRole(RoleRequest(name: "readers", meaning: "m", permissions: PermissionSet([.vectorRead])))
                #expect(try await root.updateRole("readers", permissions: PermissionSet([.vectorRead, .indexRead])).id == role.id)
                try await root.assignRole("readers", to: .group(id: "team"))
                #expect(try await root.describeGroup("team").roles == ["readers"])
                try await root.grant(PermissionSet([.vectorWrite]), on: "docs", to: .user(id: "ann"))
                let grants = try await root.grants(on: "docs")
                #expect(grants.map(\.granteeName) == ["ann"] && grants[0].databaseID == docs.id && grants[0].permission == .vectorWrite)
                let reasons = Set(try await root.accessReasons(of: "ann"))
                #expect(reasons == Set(try guarded.accounts.reasons(for: "ann")) && reasons.count == 5)
                let end = guarded.clock.wallMilliseconds + 60_000
                let issued = try await root.createKey(
                    APIKeyRequest(
                        name: "k", scopes: PermissionSet([.vectorRead]), databases: ["docs"], tenant: TenantBinding(field: "t", value: "v"),
                        expiresAt: end), for: "ann")
                #expect(issued.key.databases == [docs.id] && issued.key.expiresAt == end && issued.key.tenant?.value == "v")
                let rotated = try await root.rotateKey(issued.key.id, graceSeconds: 10)
                #expect(rotated.key.scopes == PermissionSet([.vectorRead]) && rotated.secret != issued.secret)
                let keys = try await root.listKeys(.of(user: "ann"))
                #expect(keys.count == 2 && keys.allSatisfy { $0.userName == "ann" })
                #expect(try await root.listKeys(.mine).isEmpty)
                #expect(try await root.listSessions(.everybodys).map(\.id) == [tokens.sessionID])
                let export = try await root.exportUser("ann")
                #expect(Set(export.keys.map(\.id)) == Set(keys.map(\.id)) && Set(export.reasons) == reasons && export.description.user.name == "ann")
                var query = AuditQuery(limit: 1_000)
                #expect(try await root.auditEntries(query) == guarded.accounts.audit.entries(query))
                query.isOldestFirst = true
                query.after = 2
                #expect(try await root.auditEntries(query).first?.sequence == 3)
                #expect(try await root.verifyAudit().hash == guarded.accounts.audit.head().hash)
                try await root.revokeKey(rotated.key.id)
                #expect(export.usage.map(\.name) == ["ann/k", "ann/k", "ann"] && export.omittedEntries == 0)
                #expect(Set(export.entries.map(\.event.action)).isSuperset(of: ["user:create"]))
                let quota = Quota(requestsPerSecond: 7, concurrentSearches: 0)
                try await root.setQuota(quota, ofKind: .user, "ann")
                try await root.setQuota(Quota(bytesPerSecond: 1_000), ofKind: .database, "docs")
                try await root.setQuota(Quota(vectorsPerSecond: 5), ofKind: .key, issued.key.id)
                var answers: [Answer] = []
                for _ in 0..<20 { answers.append(try await server.send("GET", "/v1/auth/me", as: issued.secret)) }
                #expect(answers.map(\.status) == Array(repeating: 200, count: 14) + Array(repeating: 429, count: 6))
                #expect(answers[14].headers["retry-after"] == "1" && answers[14].problem?.contains("this user may take 7 requests a second") == true)
                let usage = try await root.usage(of: .of(user: "ann"))
                #expect(usage.last.map { $0.totals.requests == 14 && $0.totals.refused == 6 } == true)
                #expect(usage.last?.quota == quota && usage.last?.limits.vectorsPerSecond == 0)
                #expect(try await root.usage(of: .mine).first.map { $0.name == "root" && $0.totals.requests > 20 } == true)
                #expect(try await root.usage(of: .everybodys).first?.quota == Quota(bytesPerSecond: 1_000))
                try await root.setQuota(nil, ofKind: .user, "ann")
                #expect(try await root.usage(of: .of(user: "ann")).last?.quota == nil)
                try await root.setOwner(of: "docs", to: "ann")
                #expect(try await root.accessReasons(of: "ann").contains { $0.source == .owner && $0.database == docs.id })
                try await root.deleteUser("ann", erasing: true)
                #expect(try await root.verifyAudit().sequence == guarded.accounts.audit.head().sequence)
                #expect(try guarded.accounts.keys(of: nil).isEmpty)
                try await root.endSession(tokens.sessionID)
                await #expect(throws: JadeError.self) { try await root.caller() }
            }
        }
    }

    @Test("answers carry what keeps browsers in their place")
    func headers() async throws {
        let guarded = try GuardedServer()
        try await guarded.run { (server: LiveServer) async throws in
            for path in ["/health", "/v1/databases", "/nowhere"] {
                let headers = try await server.send("GET", path).headers
                #expect(headers["x-content-type-options"] == "nosniff" && headers["x-frame-options"] == "DENY")
                #expect(headers["content-security-policy"]?.contains("default-src 'none'") == true && headers["cache-control"] == "no-store")
                #expect(headers["strict-transport-security"] == nil)
            }
        }
    }
}
