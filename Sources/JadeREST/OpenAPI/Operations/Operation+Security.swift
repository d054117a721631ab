import JadeCore

extension Operation {
    static let security: [String: Operation] = [auth, users, groups, roles, grants, limits, keys, audit]
        .reduce(into: [:]) { $0.merge($1) { first, _ in first } }

    private static func make(
        _ summary: String, body schema: String? = nil, example: String = "{}", status: Int = 200, _ answer: Answer = .nothing,
        location: Bool = false
    ) -> Operation {
        Operation(
            tag: "security", summary: summary, request: schema.map { Request(schema: $0, example: example) },
            status: answer.isNothing && status == 200 ? 204 : status, answer: answer, errors: [.notFound, .conflict, .resourceExhausted],
            answerHeaders: location ? ["Location"] : [])
    }

    private static let auth: [String: Operation] = [
        "POST /v1/auth/login": make("Log in", body: "LoginRequest", example: #"{"name":"ada","password":"correct horse battery"}"#, .json("TokenPair")),
        "POST /v1/auth/refresh": make("Exchange a refresh token for new tokens", body: "RefreshRequest", example: #"{"refresh_token":"…"}"#, .json("TokenPair")),
        "POST /v1/auth/logout": make("End the session"),
        "GET /v1/auth/me": make("Who one is, and what one may", .json("CallerDescription")),
        "PUT /v1/auth/password": make("Change one's password", body: "PasswordChange", example: #"{"old_password":"…","new_password":"correct horse battery"}"#),
    ]

    private static let users: [String: Operation] = [
        "POST /v1/users": make("Create a user", body: "UserRequest", example: #"{"name":"ada","roles":["reader"]}"#, status: 201, .json("UserDescription"), location: true),
        "GET /v1/users": make("List the users", .json("UserDescriptionList")),
        "GET /v1/users/{user}": make("Describe a user", .json("UserDescription")),
        "PATCH /v1/users/{user}": make("Change a user", body: "UserUpdate", example: #"{"is_active":false}"#, .json("UserDescription")),
        "DELETE /v1/users/{user}": make("Delete a user"),
        "PUT /v1/users/{user}/password": make("Set a user's password", body: "PasswordReset", example: #"{"password":"correct horse battery"}"#),
        "GET /v1/users/{user}/permissions": make("What a user may, and why", .json("AccessReasonList")),
        "GET /v1/users/{user}/export": make("All that is stored about a user", .json("UserExport")),
        "PUT /v1/users/{user}/roles/{role}": make("Give a user a role"),
        "DELETE /v1/users/{user}/roles/{role}": make("Take a role from a user"),
    ]

    private static let groups: [String: Operation] = [
        "POST /v1/groups": make("Create a group", body: "GroupRequest", example: #"{"name":"search team"}"#, status: 201, .json("GroupDescription"), location: true),
        "GET /v1/groups": make("List the groups", .json("GroupDescriptionList")),
        "GET /v1/groups/{group}": make("Describe a group", .json("GroupDescription")),
        "DELETE /v1/groups/{group}": make("Delete a group"),
        "PUT /v1/groups/{group}/members/{user}": make("Add a user to a group"),
        "DELETE /v1/groups/{group}/members/{user}": make("Take a user out of a group"),
        "PUT /v1/groups/{group}/roles/{role}": make("Give a group a role"),
        "DELETE /v1/groups/{group}/roles/{role}": make("Take a role from a group"),
    ]

    private static let roles: [String: Operation] = [
        "GET /v1/permissions": make("List what can be permitted", .json("PermissionList")),
        "POST /v1/roles": make("Create a role", body: "RoleRequest", example: #"{"name":"indexer","permissions":[]}"#, status: 201, .json("Role"), location: true),
        "GET /v1/roles": make("List the roles", .json("RoleList")),
        "GET /v1/roles/{role}": make("Describe a role", .json("Role")),
        "PUT /v1/roles/{role}": make("Replace a role's permissions", body: "RoleContent", example: #"{"permissions":[]}"#, .json("Role")),
        "DELETE /v1/roles/{role}": make("Delete a role"),
    ]

    private static let revocation = make("Take permissions on a database back", body: "GrantRequest", example: #"{"user":"ada","permissions":[]}"#)

    private static let grants: [String: Operation] = [
        "GET /v1/databases/{database}/permissions": make("List who may do what with a database", .json("DatabaseGrantList")),
        "POST /v1/databases/{database}/permissions": make(
            "Permit something on a database", body: "GrantRequest", example: #"{"user":"ada","permissions":[]}"#),
        "DELETE /v1/databases/{database}/permissions": revocation,
        "POST /v1/databases/{database}/permissions/revoke": revocation,
        "PUT /v1/databases/{database}/owner": make("Give a database another owner", body: "OwnerRequest", example: #"{"user":"ada"}"#),
    ]

    private static let limits: [String: Operation] = [
        "GET /v1/usage": make("What is taken, and what may be", .json("UsageReportList")),
        "PUT /v1/quotas/{kind}/{name}": make(
            "Give a key, user or database limits of its own", body: "Quota", example: #"{"requests_per_sec":100}"#),
        "DELETE /v1/quotas/{kind}/{name}": make("Limit a key, user or database as the server's settings say"),
    ]

    private static let keys: [String: Operation] = [
        "POST /v1/api-keys": make("Create an API key", body: "KeyRequest", example: #"{"name":"nightly import"}"#, status: 201, .json("IssuedKey")),
        "GET /v1/api-keys": make("List API keys", .json("APIKeyList")),
        "DELETE /v1/api-keys/{key}": make("Revoke an API key"),
        "POST /v1/api-keys/{key}/rotate": make("Replace an API key by a new one", body: "RotationRequest", example: #"{"grace_seconds":3600}"#, status: 201, .json("IssuedKey")),
        "GET /v1/sessions": make("List sessions", .json("SessionList")),
        "DELETE /v1/sessions/{session}": make("End a session"),
    ]

    private static let audit: [String: Operation] = [
        "GET /v1/audit": make("Read the audit log", .json("AuditEntryList")),
        "GET /v1/audit/export": make("Read the audit log as JSON lines, the oldest first", .text("application/x-ndjson")),
        "POST /v1/audit/verify": make("Check the chain of hashes of the audit log", .json("AuditHead")),
    ]
}

extension Operation.Answer {
    fileprivate var isNothing: Bool { if case .nothing = self { true } else { false } }
}
