import JadeAPI
import JadeCore
import JadeGRPC
import JadeGRPCClient
import JadeProto
import NIOCore
import Testing

@Suite("Every remote procedure for everybody")
struct GRPCMatrixTests {
    private enum Expected: Equatable {
        case reached
        /// UNAUTHENTICATED
        case unknown
        /// PERMISSION_DENIED, or NOT_FOUND where even existence is not said.
        case refused
    }

    @Test("is answered or refused as the table of methods says", .timeLimit(.minutes(10)))
    func matrix() async throws {
        let personas = try Personas()
        let everybody = try personas.all()
        var calls = 0
        try await LiveDoor.run(access: personas.gate) { live in
            let raw = try await RawCalls.open(port: live.port)
            for (path, needs) in GRPCDoor.needs {
                for persona in everybody {
                    personas.restore()
                    let message = try Self.message(path, personas)
                    var headers = [("grpc-timeout", path.hasSuffix("Health/Watch") ? "20m" : "60S")]
                    if let credential = try persona.credential() { headers.append(("authorization", "Bearer \(credential)")) }
                    let ending = try await raw.call(path, message, headers: headers)
                    let outcome = try Self.outcome(ending, path, needs)
                    #expect(outcome == Self.expected(path, needs, persona), "\(persona.name): \(path) \(ending.status?.rawValue ?? -1) \(ending.message)")
                    calls += 1
                }
            }
            await raw.close()
        }
        #expect(calls == GRPCDoor.needs.count * everybody.count && calls > 1_000)
    }

    private static func outcome(_ ending: RawCalls.Ending, _ path: String, _ needs: Need) throws -> Expected {
        var status = ending.status
        // A stream of searches goes on beyond one that is refused.
        if path == StreamTests.searchStream, status == .ok, let first = ending.messages.first {
            let answer: ProtoSearchResponse = try Framing.decode(from: first)
            if answer.hasError { status = StatusCode(rawValue: Int(answer.error.code)) }
        }
        switch status {
        case .unauthenticated: return needs == .nothing ? .reached : .unknown
        // A single backup, task or schedule that may not be seen is not there.
        case .permissionDenied, .notFound: return .refused
        default: return .reached
        }
    }

    private static func expected(_ path: String, _ needs: Need, _ persona: Personas.Persona) -> Expected {
        let method = path.split(separator: "/").last ?? ""
        let isList = method.hasPrefix("List") && !["ListGrants", "ListAccessReasons"].contains(method)
        if needs == .nothing { return .reached }
        guard persona.isKnown else { return .unknown }
        switch needs {
        case .nothing, .login: return .reached
        case .node(let permission): return persona.everywhere.contains(permission) ? .reached : .refused
        case .database(let permission), .named(let permission):
            let notForTenants = PermissionSet([.databaseUpdate, .databaseDelete, .grantRead, .grantManage])
            if persona.isTenant, notForTenants.contains(permission) || path.contains("BackupService") { return .refused }
            return isList || persona.onDocs.contains(permission) ? .reached : .refused
        case .own(let permission):
            if persona.isTenant { return .refused }
            return isList || persona.everywhere.contains(permission) ? .reached : .refused
        }
    }

    // MARK: what is sent

    /// A message that reaches the service that decides.
    private static func message(_ path: String, _ personas: Personas) throws -> [UInt8] {
        let method = String(path.split(separator: "/").last ?? "")
        switch path.split(separator: "/").first?.split(separator: ".").last ?? "" {
        case "AccountService": return try account(method)
        case "AccessService": return try access(method, personas)
        case "BackupService": return try backup(method)
        default: return try database(method)
        }
    }

    /// The name of a database, user or whatever else is the first field, and nothing else.
    private static func named(_ name: String) -> [UInt8] {
        [0, 0, 0, 0, UInt8(name.utf8.count + 2), 0x0A, UInt8(name.utf8.count)] + Array(name.utf8)
    }

    private static func database(_ method: String) throws -> [UInt8] {
        let search = SearchRequest(query: .values([0, 0]))
        switch method {
        case "CreateDatabase": return try RawCalls.framed(ProtoCreateDatabaseRequest(DatabaseSpecification(name: "new", dimension: 2)))
        case "Upsert", "UpsertStream": return try RawCalls.framed(BadCallTests.upsertMessage())
        case "UpdateMetadata": return try RawCalls.framed(ProtoUpdateMetadataRequest(.merge([:]), of: 1, in: "docs"))
        case "Search", "SearchStream": return try RawCalls.framed(ProtoSearchRequest(search, in: "docs"))
        case "SearchBatch": return try RawCalls.framed(ProtoSearchBatchRequest([search], in: "docs"))
        // Questions without a field, or with other ones.
        case "Check", "Watch", "ServerReflectionInfo", "GetStatus", "Login", "Refresh", "Logout", "GetCaller", "ChangePassword", "Embed":
            return [0, 0, 0, 0, 0]
        default: return named("docs")
        }
    }

    private static func backup(_ method: String) throws -> [UInt8] {
        switch method {
        case "CreateBackup": return try RawCalls.framed(ProtoCreateBackupRequest(BackupRequest(database: "docs")))
        case "RestoreBackup":
            return try RawCalls.framed(ProtoRestoreBackupRequest(RestoreRequest(source: "docs")))
        case "SetSchedule":
            let schedule = BackupSchedule(name: "nightly", database: "docs", target: "local", everySeconds: 60)
            return try RawCalls.framed(ProtoBackupSchedule(schedule))
        case "DeleteSchedule": return named("nightly")
        case "GetTask", "CancelTask": return named("task")
        case "GetBackup", "VerifyBackup", "DeleteBackup": return named("backup")
        default: return [0, 0, 0, 0, 0]
        }
    }

    private static func account(_ method: String) throws -> [UInt8] {
        switch method {
        case "AddMember", "RemoveMember": return try RawCalls.framed(ProtoMembership("victim", in: "team"))
        case "AssignRole", "UnassignRole": return try RawCalls.framed(ProtoRoleAssignment("custom", .user(id: "victim")))
        case "GetGroup", "DeleteGroup": return named("team")
        case "GetRole", "UpdateRole", "DeleteRole": return named("custom")
        case "CreateUser", "CreateGroup", "CreateRole": return [0, 0, 0, 0, 0]
        default: return named("victim")
        }
    }

    private static func access(_ method: String, _ personas: Personas) throws -> [UInt8] {
        let read = PermissionSet([.vectorRead])
        switch method {
        case "ListGrants": return named("docs")
        case "Grant", "Revoke": return try RawCalls.framed(ProtoGrantRequest(read, on: "docs", .user(id: "victim")))
        case "SetOwner":
            var request = ProtoSetOwnerRequest()
            (request.database, request.user) = ("docs", "a-admin")
            return try RawCalls.framed(request)
        case "SetQuota":
            var request = ProtoSetQuotaRequest()
            request.subject = ProtoUsageSubject(UsageSubject(.user, id: "victim"))
            request.quota = ProtoQuota(Quota(requestsPerSecond: 0))
            return try RawCalls.framed(request)
        case "CreateKey": return try RawCalls.framed(ProtoCreateKeyRequest(APIKeyRequest(name: "k"), for: "victim"))
        case "RevokeKey", "RotateKey": return named(try personas.victimsKey())
        case "EndSession": return named(try personas.victimsSession())
        default: return [0, 0, 0, 0, 0]
        }
    }

    @Test("lists hold nothing that the caller may not see")
    func lists() async throws {
        let personas = try Personas()
        let everybody = try personas.all().filter { $0.isKnown && !$0.isTenant }
        try await LiveDoor.run(access: personas.gate) { live in
            for persona in everybody {
                let credential = try persona.credential()
                try await live.withClient({ $0.credential = credential }) { client in
                    #expect(try await client.listDatabases().isEmpty != persona.onDocs.contains(.databaseRead), "\(persona.name)")
                    let backups = try await client.listBackups(in: nil, of: nil)
                    #expect(backups.isEmpty != persona.onDocs.contains(.backupRead), "\(persona.name)")
                }
            }
        }
    }
}
