import JadeAPI
import JadeCore

extension Schemas {
    static let security: [(name: String, text: String)] = logins + accounts + access

    private static let permissionNames = #"{"type":"array","items":\#(enumeration(Permission.allCases.map(\.name)))}"#
    private static let names = #"{"type":"array","items":\#(text)}"#
    private static let flag = #"{"type":["boolean","null"]}"#
    private static let tenant =
        #"{"type":["object","null"],"required":["field","value"],"additionalProperties":false,"properties":{"field":\#(text),"value":\#(text)}}"#

    private static let logins: [(name: String, text: String)] = [
        request("LoginRequest", required: ["name", "password"], #""name":\#(text),"password":\#(text)"#),
        request("RefreshRequest", required: ["refresh_token"], #""refresh_token":\#(text)"#),
        request("PasswordChange", required: ["old_password", "new_password"], #""old_password":\#(text),"new_password":\#(text)"#),
        answer(
            "TokenPair", required: ["access_token", "access_expires_at", "refresh_token", "refresh_expires_at", "session_id", "user_id", "must_change_password"],
            """
            "access_token":\(text),"access_expires_at":\(time),"refresh_token":\(text),"refresh_expires_at":\(time),"session_id":\(text),
            "user_id":\(text),"must_change_password":{"type":"boolean"}
            """),
        answer(
            "CallerDescription", required: ["user_id", "user_name", "credential", "must_change_password", "permissions"],
            """
            "user_id":\(text),"user_name":\(text),"credential":\(text),"must_change_password":{"type":"boolean"},"tenant":\(tenant),
            "permissions":\(permissionNames),"database_permissions":{"type":"object","additionalProperties":\(permissionNames)}
            """),
    ]

    private static let accounts: [(name: String, text: String)] = [
        request(
            "UserRequest", required: ["name"],
            #""name":\#(text),"password":\#(orNull(text)),"roles":\#(orNull(names)),"must_change_password":\#(flag)"#),
        request("UserUpdate", required: [], #""name":\#(orNull(text)),"is_active":\#(flag),"must_change_password":\#(flag)"#),
        request("PasswordReset", required: ["password"], #""password":\#(text),"must_change":\#(flag)"#),
        answer(
            "UserDescription", required: ["id", "name", "is_active", "must_change_password", "origin", "roles", "groups", "created_at"],
            """
            "id":\(text),"name":\(text),"is_active":{"type":"boolean"},"must_change_password":{"type":"boolean"},"origin":\(text),"roles":\(names),
            "groups":\(names),"created_at":\(time),"password_changed_at":\(time),"last_login_at":\(time)
            """),
        answer(
            "AccessReason", required: ["permission", "source"],
            #""permission":\#(text),"database":\#(text),"source":\#(text),"role":\#(text),"group":\#(text)"#),
        answer(
            "UserExport", required: ["user", "reasons", "api_keys", "sessions", "usage", "entries", "omitted_entries"],
            """
            "user":\(reference("UserDescription")),"reasons":{"type":"array","items":\(reference("AccessReason"))},
            "api_keys":{"type":"array","items":\(reference("APIKey"))},"sessions":{"type":"array","items":\(reference("Session"))},
            "usage":{"type":"array","items":\(reference("UsageReport"))},"entries":{"type":"array","items":\(reference("AuditEntry"))},"omitted_entries":\(count)
            """),
        request("GroupRequest", required: ["name"], #""name":\#(text),"owner":\#(orNull(text))"#),
        answer(
            "GroupDescription", required: ["id", "name", "members", "roles", "created_at"],
            #""id":\#(text),"name":\#(text),"owner_id":\#(text),"members":\#(names),"roles":\#(names),"created_at":\#(time)"#),
        request("RoleRequest", required: ["name"], #""name":\#(text),"meaning":\#(orNull(text)),"permissions":\#(orNull(permissionNames))"#),
        request("RoleContent", required: ["permissions"], #""permissions":\#(permissionNames)"#),
        answer(
            "Role", required: ["id", "name", "is_predefined", "meaning", "permissions"],
            #""id":\#(text),"name":\#(text),"is_predefined":{"type":"boolean"},"meaning":\#(text),"permissions":\#(permissionNames)"#),
        answer(
            "Permission", required: ["name", "meaning", "per_database"], #""name":\#(text),"meaning":\#(text),"per_database":{"type":"boolean"}"#),
        members("UserDescription", "users"), members("AccessReason", "reasons"), members("GroupDescription", "groups"), members("Role", "roles"),
        members("Permission", "permissions"),
    ]

    private static let access: [(name: String, text: String)] = [
        (
            "GrantRequest",
            """
            {"type":"object","required":["permissions"],"additionalProperties":false,"oneOf":[\(present("user")),\(present("group"))],
             "properties":{"user":\(orNull(text)),"group":\(orNull(text)),"permissions":\(permissionNames)}}
            """
        ),
        answer(
            "DatabaseGrant", required: ["database_id", "kind", "id", "name", "permission", "granted_at"],
            #""database_id":\#(text),"kind":\#(text),"id":\#(text),"name":\#(text),"permission":\#(text),"granted_at":\#(time)"#),
        request("OwnerRequest", required: ["user"], #""user":\#(text)"#),
        request("Quota", required: [], quotaMembers),
        answer(
            "UsageReport",
            required: ["kind", "id", "name", "limits", "requests", "refused", "vectors", "bytes", "searches", "running_searches", "since"],
            """
            "kind":\(enumeration(UsageSubject.Kind.allCases.map(\.rawValue))),"id":\(text),"name":\(text),"quota":\(reference("Quota")),"limits":\(reference("Quota")),
            "requests":\(count),"refused":\(count),"vectors":\(count),"bytes":\(count),"searches":\(count),"running_searches":\(count),"since":\(time)
            """),
        request(
            "KeyRequest", required: ["name"],
            """
            "name":\(text),"user":\(orNull(text)),"scopes":\(orNull(permissionNames)),"databases":\(orNull(names)),"tenant":\(tenant),"expires_at":\(orNull(time))
            """),
        request("RotationRequest", required: [], #""grace_seconds":{"type":["integer","null"],"minimum":0}"#),
        answer("APIKey", required: keyRequired, keyMembers),
        answer("IssuedKey", required: keyRequired + ["secret"], keyMembers + #","secret":{"type":"string","description":"Shown this once."}"#),
        answer(
            "Session", required: ["id", "user_id", "user_name", "created_at", "last_used_at", "expires_at", "address", "agent"],
            """
            "id":\(text),"user_id":\(text),"user_name":\(text),"created_at":\(time),"last_used_at":\(time),"expires_at":\(time),"address":\(text),"agent":\(text)
            """),
        answer(
            "AuditEntry", required: ["sequence", "at", "actor_id", "actor", "action", "resource", "outcome", "request_id", "address", "detail", "hash"],
            """
            "sequence":\(count),"at":\(time),"actor_id":\(text),"actor":\(text),"action":\(text),"resource":\(text),"outcome":\(text),"request_id":\(text),
            "address":\(text),"detail":\(text),"hash":\(text)
            """),
        answer("AuditHead", required: ["sequence", "hash"], #""sequence":\#(count),"hash":\#(text)"#),
        members("DatabaseGrant", "grants"), members("APIKey", "api_keys"), members("Session", "sessions"), members("AuditEntry", "entries"), members("UsageReport", "usage"),
    ]

    private static let limit = #"{"type":["integer","null"],"minimum":0,"maximum":\#(Limits.maximumQuota)}"#
    private static let quotaMembers =
        #""requests_per_sec":\#(limit),"vectors_per_sec":\#(limit),"bytes_per_sec":\#(limit),"concurrent_searches":\#(limit)"#

    private static let keyRequired = ["id", "user_id", "user_name", "name", "created_at"]
    private static let keyMembers = """
        "id":\(text),"user_id":\(text),"user_name":\(text),"name":\(text),"scopes":\(permissionNames),"databases":\(names),"tenant":\(tenant),"created_at":\(time),
        "expires_at":\(time),"last_used_at":\(time),"revoked_at":\(time)
        """

    private static func request(_ name: String, required: [String], _ members: String) -> (name: String, text: String) {
        (name, #"{"type":"object","required":[\#(list(required))],"additionalProperties":false,"properties":{\#(members)}}"#)
    }

    private static func answer(_ name: String, required: [String], _ members: String) -> (name: String, text: String) {
        (name, #"{"type":"object","required":[\#(list(required))],"properties":{\#(members)}}"#)
    }
}
