public import JadeAPI
public import JadeCore

extension JadeClient {
    // MARK: permissions on one database

    public func grants(on database: String) async throws(JadeError) -> [DatabaseGrant] { try await list(Path.permissions(database)) }

    public func grant(_ permissions: PermissionSet, on database: String, to grantee: Grantee) async throws(JadeError) {
        try await tell(.post, Path.permissions(database), GrantRequest(permissions, to: grantee))
    }

    public func revoke(_ permissions: PermissionSet, on database: String, from grantee: Grantee) async throws(JadeError) {
        try await tell(.post, Path.permissions(database) + "/revoke", GrantRequest(permissions, to: grantee))
    }

    public func setOwner(of database: String, to user: String) async throws(JadeError) {
        try await tell(.put, Path.database(database) + "/owner", OwnerRequest(user))
    }

    // MARK: limits

    public func usage(of whose: Whose) async throws(JadeError) -> [UsageReport] { try await list(Path.usage + Self.query(whose)) }

    public func setQuota(_ quota: Quota?, ofKind kind: UsageSubject.Kind, _ subject: String) async throws(JadeError) {
        let path = Path.quota(kind, subject)
        if let quota { try await tell(.put, path, quota) } else { try await tell(.delete, path) }
    }

    // MARK: API keys

    public func createKey(_ request: APIKeyRequest, for user: String?) async throws(JadeError) -> IssuedKey {
        try await ask(.post, Path.keys, KeyRequest(request, for: user), repeatable: false)
    }

    public func listKeys(_ whose: Whose) async throws(JadeError) -> [APIKey] { try await list(Path.keys + Self.query(whose)) }
    public func revokeKey(_ id: String) async throws(JadeError) { try await tell(.delete, "\(Path.keys)/\(Path.encoded(id))") }

    public func rotateKey(_ id: String, graceSeconds: Int) async throws(JadeError) -> IssuedKey {
        try await ask(.post, "\(Path.keys)/\(Path.encoded(id))/rotate", RotationRequest(graceSeconds: graceSeconds), repeatable: false)
    }

    // MARK: sessions

    public func listSessions(_ whose: Whose) async throws(JadeError) -> [Session] { try await list(Path.sessions + Self.query(whose)) }

    public func endSession(_ id: String) async throws(JadeError) {
        try await tell(.delete, "\(Path.sessions)/\(Path.encoded(id))", repeatable: false)
    }

    // MARK: audit log

    public func auditEntries(_ query: AuditQuery) async throws(JadeError) -> [AuditEntry] {
        let parameters: [(String, String?)] = [
            ("actor", query.actor), ("action", query.action), ("resource", query.resource), ("outcome", query.outcome?.rawValue),
            ("from", query.from.map { Timestamp.text(milliseconds: $0) }), ("to", query.to.map { Timestamp.text(milliseconds: $0) }),
            ("before", query.before.map { String($0) }), ("after", query.after.map { String($0) }), ("limit", String(query.limit)),
            ("oldest_first", query.isOldestFirst ? "true" : nil),
        ]
        let text = parameters.compactMap { name, value in value.map { "\(name)=\(Path.encoded($0))" } }.joined(separator: "&")
        return try await list("\(Path.audit)?\(text)")
    }

    public func verifyAudit() async throws(JadeError) -> AuditHead { try await ask(.post, Path.audit + "/verify") }

    // MARK: steps

    private static func query(_ whose: Whose) -> String {
        switch whose {
        case .mine: ""
        case .everybodys: "?all=true"
        case .of(let user): "?user=\(Path.encoded(user))"
        }
    }

    func list<Member: WireListMember>(_ path: String) async throws(JadeError) -> [Member] {
        let list: WireList<Member> = try await ask(.get, path)
        return list.members
    }

    /// For answers without a document.
    func tell(_ method: Request.Method, _ path: String, repeatable: Bool = true) async throws(JadeError) {
        _ = try await transport.send(Request(method: method, path: path, repeatable: repeatable))
    }

    func tell(
        _ method: Request.Method, _ path: String, _ document: some WireEncodable & Sendable, repeatable: Bool = true
    ) async throws(JadeError) {
        _ = try await transport.send(Request(method: method, path: path, body: WireJSON.encode(document), repeatable: repeatable))
    }
}
