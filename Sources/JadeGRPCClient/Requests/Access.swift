public import JadeAPI
public import JadeCore
internal import JadeProto

extension JadeGRPCClient {
    private static func path(_ method: String) -> String { "/jadevectordb.v1.AccessService/\(method)" }

    // MARK: permissions on one database

    public func grants(on database: String) async throws(JadeError) -> [DatabaseGrant] {
        var request = ProtoListGrantsRequest()
        request.database = database
        let list: ProtoListGrantsResponse = try await transport.unary(Self.path("ListGrants"), request)
        return try all(list.grants) { (grant) throws(JadeError) in try DatabaseGrant(grant) }
    }

    public func grant(_ permissions: PermissionSet, on database: String, to grantee: Grantee) async throws(JadeError) {
        let _: ProtoGrantResponse = try await transport.unary(Self.path("Grant"), ProtoGrantRequest(permissions, on: database, grantee))
    }

    public func revoke(_ permissions: PermissionSet, on database: String, from grantee: Grantee) async throws(JadeError) {
        let _: ProtoGrantResponse = try await transport.unary(Self.path("Revoke"), ProtoGrantRequest(permissions, on: database, grantee))
    }

    public func setOwner(of database: String, to user: String) async throws(JadeError) {
        var request = ProtoSetOwnerRequest()
        (request.database, request.user) = (database, user)
        let _: ProtoSetOwnerResponse = try await transport.unary(Self.path("SetOwner"), request)
    }

    // MARK: limits

    public func usage(of whose: Whose) async throws(JadeError) -> [UsageReport] {
        let list: ProtoListUsageResponse = try await transport.unary(Self.path("ListUsage"), ProtoWhose(whose))
        return try all(list.reports) { (report) throws(JadeError) in try UsageReport(report) }
    }

    public func setQuota(_ quota: Quota?, ofKind kind: UsageSubject.Kind, _ subject: String) async throws(JadeError) {
        var request = ProtoSetQuotaRequest()
        request.subject = ProtoUsageSubject(UsageSubject(kind, id: subject))
        if let quota { request.quota = ProtoQuota(quota) }
        let _: ProtoSetQuotaResponse = try await transport.unary(Self.path("SetQuota"), request)
    }

    // MARK: API keys

    public func createKey(_ request: APIKeyRequest, for user: String?) async throws(JadeError) -> IssuedKey {
        IssuedKey(try await transport.unary(Self.path("CreateKey"), ProtoCreateKeyRequest(request, for: user), repeatable: false))
    }

    public func listKeys(_ whose: Whose) async throws(JadeError) -> [APIKey] {
        let list: ProtoListKeysResponse = try await transport.unary(Self.path("ListKeys"), ProtoWhose(whose))
        return list.keys.map(APIKey.init)
    }

    public func revokeKey(_ id: String) async throws(JadeError) {
        var request = ProtoRevokeKeyRequest()
        request.id = id
        let _: ProtoRevokeKeyResponse = try await transport.unary(Self.path("RevokeKey"), request)
    }

    public func rotateKey(_ id: String, graceSeconds: Int) async throws(JadeError) -> IssuedKey {
        let request = ProtoRotateKeyRequest(id, graceSeconds: graceSeconds)
        return IssuedKey(try await transport.unary(Self.path("RotateKey"), request, repeatable: false))
    }

    // MARK: sessions

    public func listSessions(_ whose: Whose) async throws(JadeError) -> [Session] {
        let list: ProtoListSessionsResponse = try await transport.unary(Self.path("ListSessions"), ProtoWhose(whose))
        return list.sessions.map(Session.init)
    }

    public func endSession(_ id: String) async throws(JadeError) {
        var request = ProtoEndSessionRequest()
        request.id = id
        let _: ProtoEndSessionResponse = try await transport.unary(Self.path("EndSession"), request, repeatable: false)
    }

    // MARK: audit log

    public func auditEntries(_ query: AuditQuery) async throws(JadeError) -> [AuditEntry] {
        let page: ProtoListAuditEntriesResponse = try await transport.unary(Self.path("ListAuditEntries"), ProtoAuditQuery(query))
        return try all(page.entries) { (entry) throws(JadeError) in try AuditEntry(entry) }
    }

    public func verifyAudit() async throws(JadeError) -> AuditHead {
        AuditHead(try await transport.unary(Self.path("VerifyAudit"), ProtoVerifyAuditRequest()))
    }
}
