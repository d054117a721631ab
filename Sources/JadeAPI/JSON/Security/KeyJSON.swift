package import JadeCore
package import JadeJSON

/// `POST /v1/api-keys`: `{"name","user"?,"scopes"?,"databases"?,"tenant"?,"expires_at"?}`.
package struct KeyRequest: WireDecodable, WireEncodable, Sendable {
    package var request: APIKeyRequest
    /// Whose key it is to be; nil for the caller's.
    package var user: String?

    private enum Field: String, WireField {
        case name, user, scopes, databases, tenant
        case expiresAt = "expires_at"
    }

    private enum TenantField: String, WireField {
        case field, value
    }

    package init(_ request: APIKeyRequest, for user: String?) {
        self.request = request
        self.user = user
    }

    package init(json: JSONElement) throws(JadeError) {
        request = APIKeyRequest(name: "")
        var named: String?
        try json.readFields(Field.self, of: "API key") { (field, value) throws(JadeError) in
            switch field {
            case .name: named = try value.string(field.rawValue)
            case .user: user = try value.string(field.rawValue)
            case .scopes: request.scopes = try value.strictPermissions(field.rawValue)
            case .databases: request.databases = Set(try value.strings(field.rawValue))
            case .tenant: request.tenant = try Self.tenant(value)
            case .expiresAt: request.expiresAt = try Timestamp.milliseconds(of: value.string(field.rawValue), field.rawValue)
            }
        }
        request.name = try required(named, Field.name, of: "API key")
    }

    private static func tenant(_ json: JSONElement) throws(JadeError) -> TenantBinding {
        let texts = try json.texts(TenantField.self, of: "tenant")
        return TenantBinding(field: texts[0], value: texts[1])
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", request.name)
        writer.field("user", ifPresent: user)
        if let scopes = request.scopes { writer.field("scopes", scopes) }
        if let databases = request.databases { writer.field("databases", databases.sorted()) }
        writer.field("tenant", request.tenant)
        writer.field("expires_at", timeIfPresent: request.expiresAt)
        writer.endObject()
    }
}

/// `POST /v1/api-keys/{key}/rotate`: `{"grace_seconds"?}`.
package struct RotationRequest: WireDecodable, WireEncodable, Sendable {
    package var graceSeconds: Int

    private enum Field: String, WireField {
        case graceSeconds = "grace_seconds"
    }

    package init(graceSeconds: Int) { self.graceSeconds = graceSeconds }

    package init(json: JSONElement) throws(JadeError) {
        graceSeconds = 0
        try json.readFields(Field.self, of: "rotation") { (field, value) throws(JadeError) in graceSeconds = try value.integer(field.rawValue) }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("grace_seconds", graceSeconds)
        writer.endObject()
    }
}

/// A key as answers show it, never with its secret.
extension APIKey: WireListMember {
    package static var listName: String { "api_keys" }

    package init(json: JSONElement) throws(JadeError) {
        let scopes = json.member("scopes") == nil ? nil : try json.permissions("scopes")
        let databases = json.member("databases") == nil ? nil : Set(try json.names("databases"))
        self.init(
            id: try json.text("id"), userID: try json.text("user_id"), userName: try json.text("user_name"),
            request: APIKeyRequest(
                name: try json.text("name"), scopes: scopes, databases: databases, tenant: try json.tenant("tenant"),
                expiresAt: try json.optionalTime("expires_at")),
            createdAt: try json.time("created_at"), lastUsedAt: try json.optionalTime("last_used_at"),
            revokedAt: try json.optionalTime("revoked_at"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(to: &writer)
        writer.endObject()
    }

    fileprivate func writeMembers(to writer: inout JSONWriter) {
        writer.field("id", id)
        writer.field("user_id", userID)
        writer.field("user_name", userName)
        writer.field("name", name)
        if let scopes { writer.field("scopes", scopes) }
        if let databases { writer.field("databases", databases.sorted()) }
        writer.field("tenant", tenant)
        writer.field("created_at", time: createdAt)
        writer.field("expires_at", timeIfPresent: expiresAt)
        writer.field("last_used_at", timeIfPresent: lastUsedAt)
        writer.field("revoked_at", timeIfPresent: revokedAt)
    }
}

/// A new key: as it is shown later, and this once with `"secret"`.
extension IssuedKey: WireDecodable, WireEncodable {
    package init(json: JSONElement) throws(JadeError) { self.init(key: try APIKey(json: json), secret: try json.text("secret")) }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        key.writeMembers(to: &writer)
        writer.field("secret", secret)
        writer.endObject()
    }
}

extension Session: WireListMember {
    package static var listName: String { "sessions" }

    package init(json: JSONElement) throws(JadeError) {
        self.init(
            id: try json.text("id"), userID: try json.text("user_id"), userName: try json.text("user_name"),
            createdAt: try json.time("created_at"), lastUsedAt: try json.time("last_used_at"), expiresAt: try json.time("expires_at"),
            address: try json.text("address"), agent: try json.text("agent"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("user_id", userID)
        writer.field("user_name", userName)
        writer.field("created_at", time: createdAt)
        writer.field("last_used_at", time: lastUsedAt)
        writer.field("expires_at", time: expiresAt)
        writer.field("address", address)
        writer.field("agent", agent)
        writer.endObject()
    }
}
