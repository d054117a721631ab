import HTTPTypes
import JadeAPI
import JadeCore

/// `/v1/users`, `/v1/groups` and `/v1/roles`.
enum AccountHandlers {
    // MARK: users

    static func createUser(_ call: Call) async throws(JadeError) -> Reply {
        let created = try await call.security.createUser(call.decode())
        return .json(created, .created, headers: [.location: "/v1/users/\(created.user.id)"])
    }

    static func listUsers(_ call: Call) async throws(JadeError) -> Reply { .json(WireList(try await call.security.listUsers())) }
    static func describeUser(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.security.describeUser(call.user)) }

    static func updateUser(_ call: Call) async throws(JadeError) -> Reply {
        .json(try await call.security.updateUser(call.user, call.decode()))
    }

    static func deleteUser(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.deleteUser(call.user, erasing: call.query.bool("erase", default: false))
        return Reply(.noContent)
    }

    static func resetPassword(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(PasswordReset.self)
        try await call.security.resetPassword(of: call.user, to: request.password, mustChange: request.mustChange)
        return Reply(.noContent)
    }

    static func reasons(_ call: Call) async throws(JadeError) -> Reply {
        .json(WireList(try await call.security.accessReasons(of: call.user)), reserving: 4_096)
    }

    static func exportUser(_ call: Call) async throws(JadeError) -> Reply {
        let export = try await call.security.exportUser(call.user)
        return .json(export, reserving: 4_096 + export.entries.count * 512)
    }

    static func giveUserRole(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.assignRole(call.name(1, "role"), to: .user(id: call.user))
        return Reply(.noContent)
    }

    static func takeUserRole(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.unassignRole(call.name(1, "role"), from: .user(id: call.user))
        return Reply(.noContent)
    }

    // MARK: groups

    static func createGroup(_ call: Call) async throws(JadeError) -> Reply {
        let request = try call.decode(GroupRequest.self)
        let created = try await call.security.createGroup(name: request.name, owner: request.owner)
        return .json(created, .created, headers: [.location: "/v1/groups/\(created.group.id)"])
    }

    static func listGroups(_ call: Call) async throws(JadeError) -> Reply { .json(WireList(try await call.security.listGroups())) }
    static func describeGroup(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.security.describeGroup(call.group)) }

    static func deleteGroup(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.deleteGroup(call.group)
        return Reply(.noContent)
    }

    static func addMember(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.addMember(call.name(1, "user"), to: call.group)
        return Reply(.noContent)
    }

    static func removeMember(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.removeMember(call.name(1, "user"), from: call.group)
        return Reply(.noContent)
    }

    static func giveGroupRole(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.assignRole(call.name(1, "role"), to: .group(id: call.group))
        return Reply(.noContent)
    }

    static func takeGroupRole(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.unassignRole(call.name(1, "role"), from: .group(id: call.group))
        return Reply(.noContent)
    }

    // MARK: roles

    static func createRole(_ call: Call) async throws(JadeError) -> Reply {
        let created = try await call.security.createRole(call.decode())
        return .json(created, .created, headers: [.location: "/v1/roles/\(created.id)"])
    }

    static func listRoles(_ call: Call) async throws(JadeError) -> Reply { .json(WireList(try await call.security.listRoles())) }
    static func describeRole(_ call: Call) async throws(JadeError) -> Reply { .json(try await call.security.describeRole(call.role)) }

    static func updateRole(_ call: Call) async throws(JadeError) -> Reply {
        .json(try await call.security.updateRole(call.role, permissions: call.decode(RoleContent.self).permissions))
    }

    static func deleteRole(_ call: Call) async throws(JadeError) -> Reply {
        try await call.security.deleteRole(call.role)
        return Reply(.noContent)
    }

    /// What there is to be given, with what it means.
    static func permissions(_ call: Call) async throws(JadeError) -> Reply { .json(WireList(Permission.allCases), reserving: 4_096) }
}

extension Call {
    fileprivate var user: String { get throws(JadeError) { try name(0, "user") } }
    fileprivate var group: String { get throws(JadeError) { try name(0, "group") } }
    fileprivate var role: String { get throws(JadeError) { try name(0, "role") } }
}
