import JadeCore
import JadeSecurity
import Testing

@Suite("What a user may do")
struct AccessTests {
    @Test("roles, groups, grants and ownership add up, and each is named as the reason")
    func sum() throws {
        let world = try World()
        let accounts = world.accounts
        let first = try world.addDatabase(1), second = try world.addDatabase(2), third = try world.addDatabase(3)
        try world.addUser("root", roles: ["admin"])
        let ann = try world.addUser("ann", roles: ["user"])
        let team = try accounts.createGroup(name: "team", ownerID: nil, by: world.root)
        try accounts.addMember("ann", to: "team", by: world.root)
        try accounts.assign("readonly", to: .group(id: team.id), by: world.root)
        try accounts.grant(PermissionSet([.vectorWrite]), on: first, to: .user(id: ann.id), by: world.root)
        try accounts.grant(PermissionSet([.vectorDelete]), on: second, to: .group(id: team.id), by: world.root)
        try accounts.setOwner(of: third, to: ann.id, by: world.root)

        let access = try world.caller("ann").access
        #expect(access.everywhere == PermissionSet([.databaseCreate, .nodeRead, .databaseRead, .vectorRead, .indexRead]))
        #expect(access.byDatabase == [
            first: PermissionSet([.vectorWrite]), second: PermissionSet([.vectorDelete]), third: .perDatabase,
        ])
        #expect(access.allows(.vectorWrite, on: first))
        #expect(!access.allows(.vectorWrite, on: second))
        #expect(!access.allows(.vectorWrite, on: nil))

        let reasons = try accounts.reasons(for: "ann")
        func sources(_ permission: Permission, _ database: String?) -> Set<AccessReason.Source> {
            Set(reasons.filter { $0.permission == permission && $0.database == database }.map(\.source))
        }
        #expect(sources(.nodeRead, nil) == [.role("user"), .groupRole(group: "team", role: "readonly")])
        #expect(sources(.vectorWrite, first) == [.grant])
        #expect(sources(.vectorDelete, second) == [.groupGrant(group: "team")])
        #expect(sources(.databaseDelete, third) == [.owner])
    }

    @Test("a change is seen by the next check, whatever was cached")
    func invalidation() throws {
        let world = try World()
        let database = try world.addDatabase(1)
        try world.addUser("root", roles: ["admin"])
        let ann = try world.addUser("ann")
        let token = try world.login("ann").accessToken
        func allows(_ permission: Permission) throws -> Bool {
            try world.authentication.caller(token).access.allows(permission, on: database)
        }
        #expect(try !allows(.vectorRead))
        try world.accounts.grant(PermissionSet([.vectorRead]), on: database, to: .user(id: ann.id), by: world.root)
        #expect(try allows(.vectorRead))
        try world.accounts.revoke(PermissionSet([.vectorRead]), on: database, from: .user(id: ann.id), by: world.root)
        #expect(try !allows(.vectorRead))

        let role = try world.accounts.createRole(name: "writers", meaning: "", permissions: PermissionSet([.vectorWrite]), by: world.root)
        try world.accounts.assign("writers", to: .user(id: ann.id), by: world.root)
        #expect(try allows(.vectorWrite))
        _ = try world.accounts.updateRole(role.id, permissions: PermissionSet([.vectorDelete]), by: world.root)
        #expect(try !allows(.vectorWrite))
        #expect(try allows(.vectorDelete))
        try world.accounts.deleteRole("writers", by: world.root)
        #expect(try !allows(.vectorDelete))
        _ = try world.accounts.updateUser("ann", UserUpdate(isActive: false), by: world.root)
        #expect(code { _ = try allows(.vectorRead) } == .unauthenticated)
    }

    @Test("a key has no more than its scopes and databases, and nothing on the node beyond its status")
    func keys() throws {
        let world = try World()
        let first = try world.addDatabase(1), second = try world.addDatabase(2)
        try world.addUser("root", roles: ["admin"])
        let made = try world.accounts.createKey(
            APIKeyRequest(
                name: "ingest", scopes: PermissionSet([.vectorWrite, .databaseCreate, .nodeRead]), databases: [first],
                tenant: TenantBinding(field: "tenant", value: "acme")), for: "root", by: world.root)
        let caller = try world.authentication.caller(made.secret.text)
        #expect(caller.tenant == TenantBinding(field: "tenant", value: "acme"))
        #expect(caller.access.allows(.vectorWrite, on: first))
        #expect(!caller.access.allows(.vectorWrite, on: second))
        #expect(!caller.access.allows(.vectorRead, on: first))
        #expect(!caller.access.allows(.databaseCreate, on: nil))
        #expect(caller.access.allows(.nodeRead, on: nil))
        #expect(code { try caller.require(.vectorRead, on: first) } == .permissionDenied)
    }

    @Test("predefined roles cannot be changed, and the last administrator cannot be removed in any way")
    func lastAdministrator() throws {
        let world = try World()
        let root = try world.addUser("root", roles: ["admin"])
        let accounts = world.accounts
        #expect(code { _ = try accounts.updateRole("admin", permissions: [], by: world.root) } == .invalidArgument)
        #expect(code { try accounts.deleteRole("readonly", by: world.root) } == .invalidArgument)
        #expect(code { try accounts.deleteUser("root", by: world.root) } == .conflict)
        #expect(code { _ = try accounts.updateUser("root", UserUpdate(isActive: false), by: world.root) } == .conflict)
        #expect(code { try accounts.unassign("admin", from: .user(id: root.id), by: world.root) } == .conflict)
        #expect(try world.caller("root").access.everywhere == .all)

        let group = try accounts.createGroup(name: "ops", ownerID: nil, by: world.root)
        try world.addUser("ann")
        try accounts.addMember("ann", to: "ops", by: world.root)
        try accounts.assign("admin", to: .group(id: group.id), by: world.root)
        try accounts.deleteUser("root", by: world.root)
        #expect(code { try accounts.removeMember("ann", from: "ops", by: world.root) } == .conflict)
        #expect(code { try accounts.deleteGroup("ops", by: world.root) } == .conflict)
    }

    @Test("what cannot be granted for one database is refused with its name, and unknown permissions are listed")
    func badGrants() throws {
        let world = try World()
        let database = try world.addDatabase(1)
        let ann = try world.addUser("ann")
        let refusal = JadeError.invalidArgument("user:manage cannot be granted for one database: give a role that holds it")
        #expect(throws: refusal) {
            try world.accounts.grant(PermissionSet([.userManage, .vectorRead]), on: database, to: .user(id: ann.id), by: world.root)
        }
        #expect(try world.accounts.grants(on: database).isEmpty)
        #expect(code { _ = try PermissionSet(names: ["vector:read", "vector:raed"]) } == .invalidArgument)
        #expect(code { _ = try world.accounts.grants(on: "0") } == .notFound)
    }

    @Test("every permission has one name of the form noun:verb and a bit of its own")
    func names() throws {
        #expect(Set(Permission.allCases.map(\.name)).count == Permission.allCases.count)
        #expect(Permission.allCases.count <= 64)
        for permission in Permission.allCases {
            #expect(permission.name.split(separator: ":").count == 2)
            #expect(Permission(name: permission.name) == permission)
        }
        #expect(try PermissionSet(names: PermissionSet.all.names) == .all)
    }
}
