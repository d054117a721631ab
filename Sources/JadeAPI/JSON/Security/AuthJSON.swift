package import JadeCore
package import JadeJSON

/// `POST /v1/auth/login`: `{"name","password"}`.
package struct LoginRequest: WireDecodable, WireEncodable, Sendable {
    package var name: String
    package var password: String

    private enum Field: String, WireField {
        case name, password
    }

    package init(name: String, password: String) {
        self.name = name
        self.password = password
    }

    package init(json: JSONElement) throws(JadeError) {
        let texts = try json.texts(Field.self, of: "login")
        self.init(name: texts[0], password: texts[1])
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("password", password)
        writer.endObject()
    }
}

/// `POST /v1/auth/refresh`: `{"refresh_token"}`.
package struct RefreshRequest: WireDecodable, WireEncodable, Sendable {
    package var token: String

    private enum Field: String, WireField {
        case token = "refresh_token"
    }

    package init(_ token: String) { self.token = token }

    package init(json: JSONElement) throws(JadeError) {
        self.init(try json.texts(Field.self, of: "refresh")[0])
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("refresh_token", token)
        writer.endObject()
    }
}

/// `PUT /v1/auth/password`: `{"old_password","new_password"}`.
package struct PasswordChange: WireDecodable, WireEncodable, Sendable {
    package var old: String
    package var new: String

    private enum Field: String, WireField {
        case old = "old_password"
        case new = "new_password"
    }

    package init(from old: String, to new: String) {
        self.old = old
        self.new = new
    }

    package init(json: JSONElement) throws(JadeError) {
        let texts = try json.texts(Field.self, of: "password change")
        self.init(from: texts[0], to: texts[1])
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("old_password", old)
        writer.field("new_password", new)
        writer.endObject()
    }
}

/// The answer to a login: `{"access_token","access_expires_at","refresh_token","refresh_expires_at","session_id","user_id",
/// "must_change_password"}`.
extension TokenPair: WireDecodable, WireEncodable {
    package init(json: JSONElement) throws(JadeError) {
        self.init(
            accessToken: try json.text("access_token"), accessExpiresAt: try json.time("access_expires_at"),
            refreshToken: try json.text("refresh_token"), refreshExpiresAt: try json.time("refresh_expires_at"),
            sessionID: try json.text("session_id"), userID: try json.text("user_id"),
            mustChangePassword: try json.flag("must_change_password"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("access_token", accessToken)
        writer.field("access_expires_at", time: accessExpiresAt)
        writer.field("refresh_token", refreshToken)
        writer.field("refresh_expires_at", time: refreshExpiresAt)
        writer.field("session_id", sessionID)
        writer.field("user_id", userID)
        writer.field("must_change_password", mustChangePassword)
        writer.endObject()
    }
}

/// `GET /v1/auth/me`: `{"user_id","user_name","credential","must_change_password","tenant"?,"permissions",
/// "database_permissions"}`.
extension CallerDescription: WireDecodable, WireEncodable {
    package init(json: JSONElement) throws(JadeError) {
        self.init(
            userID: try json.text("user_id"), userName: try json.text("user_name"), credential: try json.text("credential"),
            mustChangePassword: try json.flag("must_change_password"), tenant: try json.tenant("tenant"),
            permissions: try json.permissions("permissions"))
        guard let databases = json.member("database_permissions")?.members else { return }
        for (database, list) in databases { databasePermissions[database.string] = try list.permissions(database.string) }
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("user_id", userID)
        writer.field("user_name", userName)
        writer.field("credential", credential)
        writer.field("must_change_password", mustChangePassword)
        writer.field("tenant", tenant)
        writer.field("permissions", permissions)
        writer.key("database_permissions")
        writer.beginObject()
        for (database, permissions) in databasePermissions.sorted(by: { $0.key < $1.key }) {
            writer.key(database)
            writer.names(permissions.names)
        }
        writer.endObject()
        writer.endObject()
    }
}
