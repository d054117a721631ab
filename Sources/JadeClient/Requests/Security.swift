public import JadeAPI
public import JadeCore

extension JadeClient {
    /// Name and password to tokens. The access token is for ``Options/credential`` of the next client.
    public func login(name: String, password: String) async throws(JadeError) -> TokenPair {
        try await ask(.post, Path.auth + "/login", LoginRequest(name: name, password: password), repeatable: false)
    }

    /// The next tokens; the refresh token ends with that.
    public func refresh(_ token: String) async throws(JadeError) -> TokenPair {
        try await ask(.post, Path.auth + "/refresh", RefreshRequest(token), repeatable: false)
    }
}

extension JadeClient: SecurityService {
    public func caller() async throws(JadeError) -> CallerDescription { try await ask(.get, Path.auth + "/me") }

    public func changePassword(from old: String, to new: String) async throws(JadeError) {
        try await tell(.put, Path.auth + "/password", PasswordChange(from: old, to: new), repeatable: false)
    }

    public func logout() async throws(JadeError) { try await tell(.post, Path.auth + "/logout", repeatable: false) }

    // MARK: users

    public func createUser(_ request: UserRequest) async throws(JadeError) -> UserDescription {
        try await ask(.post, Path.users, request, repeatable: false)
    }

    public func listUsers() async throws(JadeError) -> [UserDescription] { try await list(Path.users) }
    public func describeUser(_ user: String) async throws(JadeError) -> UserDescription { try await ask(.get, Path.user(user)) }

    public func updateUser(_ user: String, _ update: UserUpdate) async throws(JadeError) -> UserDescription {
        try await ask(.patch, Path.user(user), update)
    }

    public func resetPassword(of user: String, to password: String, mustChange: Bool) async throws(JadeError) {
        try await tell(.put, Path.user(user) + "/password", PasswordReset(to: password, mustChange: mustChange))
    }

    public func deleteUser(_ user: String, erasing: Bool) async throws(JadeError) {
        try await tell(.delete, Path.user(user) + (erasing ? "?erase=true" : ""), repeatable: false)
    }

    public func accessReasons(of user: String) async throws(JadeError) -> [AccessReason] { try await list(Path.user(user) + "/permissions") }

    public func exportUser(_ user: String) async throws(JadeError) -> UserExport { try await ask(.get, Path.user(user) + "/export") }

    // MARK: groups

    public func createGroup(name: String, owner: String?) async throws(JadeError) -> GroupDescription {
        try await ask(.post, Path.groups, GroupRequest(name: name, owner: owner), repeatable: false)
    }

    public func listGroups() async throws(JadeError) -> [GroupDescription] { try await list(Path.groups) }
    public func describeGroup(_ group: String) async throws(JadeError) -> GroupDescription { try await ask(.get, Path.group(group)) }
    public func deleteGroup(_ group: String) async throws(JadeError) { try await tell(.delete, Path.group(group), repeatable: false) }

    public func addMember(_ user: String, to group: String) async throws(JadeError) {
        try await tell(.put, "\(Path.group(group))/members/\(Path.encoded(user))")
    }

    public func removeMember(_ user: String, from group: String) async throws(JadeError) {
        try await tell(.delete, "\(Path.group(group))/members/\(Path.encoded(user))")
    }

    // MARK: roles

    public func createRole(_ request: RoleRequest) async throws(JadeError) -> Role {
        try await ask(.post, Path.roles, request, repeatable: false)
    }

    public func listRoles() async throws(JadeError) -> [Role] { try await list(Path.roles) }
    public func describeRole(_ role: String) async throws(JadeError) -> Role { try await ask(.get, Path.role(role)) }

    public func updateRole(_ role: String, permissions: PermissionSet) async throws(JadeError) -> Role {
        try await ask(.put, Path.role(role), RoleContent(permissions))
    }

    public func deleteRole(_ role: String) async throws(JadeError) { try await tell(.delete, Path.role(role), repeatable: false) }

    public func assignRole(_ role: String, to grantee: Grantee) async throws(JadeError) { try await tell(.put, Path.role(role, of: grantee)) }

    public func unassignRole(_ role: String, from grantee: Grantee) async throws(JadeError) {
        try await tell(.delete, Path.role(role, of: grantee))
    }
}
