package import JadeCore
package import JadeJSON

/// `POST /v1/users`: `{"name","password"?,"roles"?,"must_change_password"?}`.
extension UserRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case name, password, roles
        case mustChangePassword = "must_change_password"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(name: "", password: nil)
        var named: String?
        try json.readFields(Field.self, of: "user") { (field, value) throws(JadeError) in
            switch field {
            case .name: named = try value.string(field.rawValue)
            case .password: password = try value.string(field.rawValue)
            case .roles: roles = try value.strings(field.rawValue)
            case .mustChangePassword: mustChangePassword = try value.boolean(field.rawValue)
            }
        }
        name = try required(named, Field.name, of: "user")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("password", ifPresent: password)
        writer.field("roles", roles)
        writer.field("must_change_password", mustChangePassword)
        writer.endObject()
    }
}

/// `PATCH /v1/users/{user}`: `{"name"?,"is_active"?,"must_change_password"?}`.
extension UserUpdate: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case name
        case isActive = "is_active"
        case mustChangePassword = "must_change_password"
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init()
        try json.readFields(Field.self, of: "user update") { (field, value) throws(JadeError) in
            switch field {
            case .name: name = try value.string(field.rawValue)
            case .isActive: isActive = try value.boolean(field.rawValue)
            case .mustChangePassword: mustChangePassword = try value.boolean(field.rawValue)
            }
        }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", ifPresent: name)
        if let isActive { writer.field("is_active", isActive) }
        if let mustChangePassword { writer.field("must_change_password", mustChangePassword) }
        writer.endObject()
    }
}

/// `PUT /v1/users/{user}/password`: `{"password","must_change"?}`.
package struct PasswordReset: WireDecodable, WireEncodable, Sendable {
    package var password: String
    /// Whether its user has to set another one at the next login.
    package var mustChange: Bool

    private enum Field: String, WireField {
        case password
        case mustChange = "must_change"
    }

    package init(to password: String, mustChange: Bool) {
        self.password = password
        self.mustChange = mustChange
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(to: "", mustChange: true)
        var given: String?
        try json.readFields(Field.self, of: "password") { (field, value) throws(JadeError) in
            switch field {
            case .password: given = try value.string(field.rawValue)
            case .mustChange: mustChange = try value.boolean(field.rawValue)
            }
        }
        password = try required(given, Field.password, of: "password")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("password", password)
        writer.field("must_change", mustChange)
        writer.endObject()
    }
}

/// A user as answers show it.
extension UserDescription: WireListMember {
    package static var listName: String { "users" }

    package init(json: JSONElement) throws(JadeError) {
        let origin = try json.text("origin")
        guard let origin = User.Origin(origin) else { throw .invalidArgument("\(quoted("origin")) is \(shown(origin))") }
        self.init(
            user: User(
                id: try json.text("id"), name: try json.text("name"), isActive: try json.flag("is_active"),
                mustChangePassword: try json.flag("must_change_password"), origin: origin, createdAt: try json.time("created_at"),
                passwordChangedAt: try json.optionalTime("password_changed_at"), lastLoginAt: try json.optionalTime("last_login_at")),
            roles: try json.names("roles"), groups: try json.names("groups"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", user.id)
        writer.field("name", user.name)
        writer.field("is_active", user.isActive)
        writer.field("must_change_password", user.mustChangePassword)
        writer.field("origin", user.origin.text)
        writer.field("roles", roles)
        writer.field("groups", groups)
        writer.field("created_at", time: user.createdAt)
        writer.field("password_changed_at", timeIfPresent: user.passwordChangedAt)
        writer.field("last_login_at", timeIfPresent: user.lastLoginAt)
        writer.endObject()
    }
}

/// One reason of `GET /v1/users/{user}/permissions`: `{"permission","database"?,"source","role"?,"group"?}`.
extension AccessReason: WireListMember {
    package static var listName: String { "reasons" }

    package init(json: JSONElement) throws(JadeError) {
        let name = try json.text("permission")
        guard let permission = Permission(name: name) else { throw .invalidArgument("unknown permission \(shown(name))") }
        let source: Source
        switch try json.text("source") {
        case "role": source = .role(try json.text("role"))
        case "group_role": source = .groupRole(group: try json.text("group"), role: try json.text("role"))
        case "group_grant": source = .groupGrant(group: try json.text("group"))
        case "owner": source = .owner
        default: source = .grant
        }
        self.init(permission: permission, database: try json.optionalText("database"), source: source)
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("permission", permission.name)
        writer.field("database", ifPresent: database)
        switch source {
        case .role(let role):
            writer.field("source", "role")
            writer.field("role", role)
        case .groupRole(let group, let role):
            writer.field("source", "group_role")
            writer.field("group", group)
            writer.field("role", role)
        case .grant: writer.field("source", "grant")
        case .groupGrant(let group):
            writer.field("source", "group_grant")
            writer.field("group", group)
        case .owner: writer.field("source", "owner")
        }
        writer.endObject()
    }
}

/// `GET /v1/users/{user}/export`: `{"user","reasons","api_keys","sessions","usage","entries","omitted_entries"}`.
extension UserExport: WireDecodable, WireEncodable {
    package init(json: JSONElement) throws(JadeError) {
        guard let user = json.member("user") else { throw .invalidArgument("\(quoted("user")) is missing") }
        self.init(
            description: try UserDescription(json: user), reasons: try WireList(json: json).members, keys: try WireList(json: json).members,
            sessions: try WireList(json: json).members, usage: try WireList(json: json).members, entries: try WireList(json: json).members,
            omittedEntries: try json.whole("omitted_entries"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("user")
        description.write(to: &writer)
        writer.list("reasons", reasons) { $0.write(to: &$1) }
        writer.list("api_keys", keys) { $0.write(to: &$1) }
        writer.list("sessions", sessions) { $0.write(to: &$1) }
        writer.list("usage", usage) { $0.write(to: &$1) }
        writer.list("entries", entries) { $0.write(to: &$1) }
        writer.field("omitted_entries", omittedEntries)
        writer.endObject()
    }
}
