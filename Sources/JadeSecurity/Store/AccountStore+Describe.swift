package import JadeCore

import GRDB

extension AccountStore {
    package func describeUsers() throws(JadeError) -> [UserDescription] {
        try read("list the users") { db in
            try Row.fetchAll(db, sql: "SELECT * FROM users ORDER BY name").map { try Self.description(of: Self.user($0), in: db) }
        }
    }

    package func describeUser(_ nameOrID: String) throws(JadeError) -> UserDescription {
        try read("find a user") { try Self.description(of: Self.user(nameOrID, in: $0), in: $0) }
    }

    package func describeGroups() throws(JadeError) -> [GroupDescription] {
        try read("list the groups") { db in
            try String.fetchAll(db, sql: "SELECT id FROM groups ORDER BY name").map {
                try Self.description(of: Self.group($0, in: db), in: db)
            }
        }
    }

    package func describeGroup(_ nameOrID: String) throws(JadeError) -> GroupDescription {
        try read("find a group") { try Self.description(of: Self.group(nameOrID, in: $0), in: $0) }
    }

    package func role(_ nameOrID: String) throws(JadeError) -> Role { try read("find a role") { try Self.role(nameOrID, in: $0) } }

    /// What a user may do now.
    package func access(of nameOrID: String) throws(JadeError) -> Access {
        try read("add up a user's access") { try Self.access(ofUser: Self.user(nameOrID, in: $0).id, in: $0) }
    }

    /// What the roles and grants of a group give its members.
    package func access(ofGroup nameOrID: String) throws(JadeError) -> Access {
        try read("add up a group's access") { db in
            let id = try Self.group(nameOrID, in: db).id
            let roles = "SELECT permission FROM group_roles JOIN role_permissions USING (role_id) WHERE group_id = ?"
            var access = Access(
                everywhere: PermissionSet(try String.fetchAll(db, sql: roles, arguments: [id]).compactMap(Permission.init(name:))))
            let grants = "SELECT database_id, permission FROM database_permissions WHERE group_id = ?"
            for row in try Row.fetchAll(db, sql: grants, arguments: [id]) {
                guard let permission = Permission(name: try row.text("permission")) else { continue }
                access.byDatabase[try row.text("database_id"), default: []].insert(PermissionSet(permission))
            }
            return access
        }
    }

    /// The same grantee by its id, given by name or id.
    package func resolved(_ grantee: Grantee) throws(JadeError) -> Grantee {
        switch grantee {
        case .user(let name): .user(id: try user(name).id)
        case .group(let name): .group(id: try group(name).id)
        }
    }

    package func key(_ id: String) throws(JadeError) -> APIKey { try read("find an API key") { try Self.key(id, ofUser: nil, in: $0) } }

    private static func description(of user: User, in db: Database) throws -> UserDescription {
        let roles = "SELECT name FROM roles JOIN user_roles ON role_id = id WHERE user_id = ? ORDER BY name"
        let groups = "SELECT name FROM groups JOIN group_members ON group_id = id WHERE user_id = ? ORDER BY name"
        return UserDescription(
            user: user, roles: try String.fetchAll(db, sql: roles, arguments: [user.id]),
            groups: try String.fetchAll(db, sql: groups, arguments: [user.id]))
    }

    private static func description(of group: Group, in db: Database) throws -> GroupDescription {
        let members = "SELECT name FROM users JOIN group_members ON user_id = id WHERE group_id = ? ORDER BY name"
        let roles = "SELECT name FROM roles JOIN group_roles ON role_id = id WHERE group_id = ? ORDER BY name"
        return GroupDescription(
            group: group, members: try String.fetchAll(db, sql: members, arguments: [group.id]),
            roles: try String.fetchAll(db, sql: roles, arguments: [group.id]))
    }
}
