package import JadeCore
package import JadeJSON

/// `POST /v1/groups`: `{"name","owner"?}`.
package struct GroupRequest: WireDecodable, WireEncodable, Sendable {
    package var name: String
    package var owner: String?

    private enum Field: String, WireField {
        case name, owner
    }

    package init(name: String, owner: String?) {
        self.name = name
        self.owner = owner
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(name: "", owner: nil)
        var named: String?
        try json.readFields(Field.self, of: "group") { (field, value) throws(JadeError) in
            switch field {
            case .name: named = try value.string(field.rawValue)
            case .owner: owner = try value.string(field.rawValue)
            }
        }
        name = try required(named, Field.name, of: "group")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("owner", ifPresent: owner)
        writer.endObject()
    }
}

extension GroupDescription: WireListMember {
    package static var listName: String { "groups" }

    package init(json: JSONElement) throws(JadeError) {
        self.init(
            group: Group(
                id: try json.text("id"), name: try json.text("name"), ownerID: try json.optionalText("owner_id"),
                createdAt: try json.time("created_at")),
            members: try json.names("members"), roles: try json.names("roles"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", group.id)
        writer.field("name", group.name)
        writer.field("owner_id", ifPresent: group.ownerID)
        writer.field("members", members)
        writer.field("roles", roles)
        writer.field("created_at", time: group.createdAt)
        writer.endObject()
    }
}

/// `POST /v1/roles`: `{"name","meaning"?,"permissions"}`.
extension RoleRequest: WireDecodable, WireEncodable {
    private enum Field: String, WireField {
        case name, meaning, permissions
    }

    package init(json: JSONElement) throws(JadeError) {
        self.init(name: "", permissions: [])
        var named: String?
        try json.readFields(Field.self, of: "role") { (field, value) throws(JadeError) in
            switch field {
            case .name: named = try value.string(field.rawValue)
            case .meaning: meaning = try value.string(field.rawValue)
            case .permissions: permissions = try value.strictPermissions(field.rawValue)
            }
        }
        name = try required(named, Field.name, of: "role")
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("meaning", meaning)
        writer.field("permissions", permissions)
        writer.endObject()
    }
}

/// `PUT /v1/roles/{role}`: `{"permissions"}`.
package struct RoleContent: WireDecodable, WireEncodable, Sendable {
    package var permissions: PermissionSet

    private enum Field: String, WireField {
        case permissions
    }

    package init(_ permissions: PermissionSet) { self.permissions = permissions }

    package init(json: JSONElement) throws(JadeError) {
        var found: PermissionSet?
        try json.readFields(Field.self, of: "role") { (field, value) throws(JadeError) in found = try value.strictPermissions(field.rawValue) }
        self.init(try required(found, Field.permissions, of: "role"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("permissions", permissions)
        writer.endObject()
    }
}

extension Role: WireListMember {
    package static var listName: String { "roles" }

    package init(json: JSONElement) throws(JadeError) {
        self.init(
            id: try json.text("id"), name: try json.text("name"), isPredefined: try json.flag("is_predefined"),
            meaning: try json.text("meaning"), permissions: try json.permissions("permissions"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("id", id)
        writer.field("name", name)
        writer.field("is_predefined", isPredefined)
        writer.field("meaning", meaning)
        writer.field("permissions", permissions)
        writer.endObject()
    }
}

/// One of `GET /v1/permissions`: `{"name","meaning","per_database"}`.
extension Permission: WireListMember {
    package static var listName: String { "permissions" }

    package init(json: JSONElement) throws(JadeError) {
        let name = try json.text("name")
        guard let permission = Permission(name: name) else { throw .invalidArgument("unknown permission \(shown(name))") }
        self = permission
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("name", name)
        writer.field("meaning", meaning)
        writer.field("per_database", isPerDatabase)
        writer.endObject()
    }
}

/// `POST /v1/databases/{database}/permissions`, `DELETE` likewise: `{"user"|"group","permissions"}`.
package struct GrantRequest: WireDecodable, WireEncodable, Sendable {
    package var grantee: Grantee
    package var permissions: PermissionSet

    private enum Field: String, WireField {
        case user, group, permissions
    }

    package init(_ permissions: PermissionSet, to grantee: Grantee) {
        self.grantee = grantee
        self.permissions = permissions
    }

    package init(json: JSONElement) throws(JadeError) {
        var found: PermissionSet?
        var grantees: [Grantee] = []
        try json.readFields(Field.self, of: "grant") { (field, value) throws(JadeError) in
            switch field {
            case .user: grantees.append(.user(id: try value.string(field.rawValue)))
            case .group: grantees.append(.group(id: try value.string(field.rawValue)))
            case .permissions: found = try value.strictPermissions(field.rawValue)
            }
        }
        guard grantees.count == 1 else { throw .invalidArgument("a grant names \(grantees.count) grantees, expected either a user or a group") }
        self.init(try required(found, Field.permissions, of: "grant"), to: grantees[0])
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        switch grantee {
        case .user(let name): writer.field("user", name)
        case .group(let name): writer.field("group", name)
        }
        writer.field("permissions", permissions)
        writer.endObject()
    }
}

/// One of `GET /v1/databases/{database}/permissions`: `{"database_id","kind","id","name","permission","granted_at"}`.
extension DatabaseGrant: WireListMember {
    package static var listName: String { "grants" }

    package init(json: JSONElement) throws(JadeError) {
        let name = try json.text("permission")
        guard let permission = Permission(name: name) else { throw .invalidArgument("unknown permission \(shown(name))") }
        let id = try json.text("id")
        self.init(
            databaseID: try json.text("database_id"), grantee: try json.text("kind") == "user" ? .user(id: id) : .group(id: id),
            granteeName: try json.text("name"), permission: permission, grantedAt: try json.time("granted_at"))
    }

    package func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("database_id", databaseID)
        writer.field("kind", grantee.kind)
        writer.field("id", grantee.id)
        writer.field("name", granteeName)
        writer.field("permission", permission.name)
        writer.field("granted_at", time: grantedAt)
        writer.endObject()
    }
}
