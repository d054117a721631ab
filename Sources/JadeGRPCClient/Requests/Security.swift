public import JadeAPI
public import JadeCore
internal import JadeProto

private func auth(_ method: String) -> String { "/jadevectordb.v1.AuthService/\(method)" }
private func account(_ method: String) -> String { "/jadevectordb.v1.AccountService/\(method)" }

extension JadeGRPCClient {
    /// Name and password to tokens. The access token is for ``Options/credential`` of the next client.
    public func login(name: String, password: String) async throws(JadeError) -> TokenPair {
        var request = ProtoLoginRequest()
        (request.name, request.password) = (name, password)
        return TokenPair(try await transport.unary(auth("Login"), request, repeatable: false))
    }

    /// The next tokens; the refresh token ends with that.
    public func refresh(_ token: String) async throws(JadeError) -> TokenPair {
        var request = ProtoRefreshRequest()
        request.refreshToken = token
        return TokenPair(try await transport.unary(auth("Refresh"), request, repeatable: false))
    }
}

extension JadeGRPCClient: SecurityService {
    public func caller() async throws(JadeError) -> CallerDescription {
        CallerDescription(try await transport.unary(auth("GetCaller"), ProtoGetCallerRequest()))
    }

    public func changePassword(from old: String, to new: String) async throws(JadeError) {
        var request = ProtoChangePasswordRequest()
        (request.oldPassword, request.newPassword) = (old, new)
        let _: ProtoChangePasswordResponse = try await transport.unary(auth("ChangePassword"), request, repeatable: false)
    }

    public func logout() async throws(JadeError) {
        let _: ProtoLogoutResponse = try await transport.unary(auth("Logout"), ProtoLogoutRequest(), repeatable: false)
    }

    // MARK: users

    private func named(user: String) -> ProtoUserName {
        var name = ProtoUserName()
        name.user = user
        return name
    }

    public func createUser(_ request: UserRequest) async throws(JadeError) -> UserDescription {
        try UserDescription(try await transport.unary(account("CreateUser"), ProtoCreateUserRequest(request), repeatable: false))
    }

    public func listUsers() async throws(JadeError) -> [UserDescription] {
        let list: ProtoListUsersResponse = try await transport.unary(account("ListUsers"), ProtoListUsersRequest())
        return try all(list.users) { (user) throws(JadeError) in try UserDescription(user) }
    }

    public func describeUser(_ user: String) async throws(JadeError) -> UserDescription {
        try UserDescription(try await transport.unary(account("GetUser"), named(user: user)))
    }

    public func updateUser(_ user: String, _ update: UserUpdate) async throws(JadeError) -> UserDescription {
        try UserDescription(try await transport.unary(account("UpdateUser"), ProtoUpdateUserRequest(update, of: user), repeatable: false))
    }

    public func resetPassword(of user: String, to password: String, mustChange: Bool) async throws(JadeError) {
        var request = ProtoResetPasswordRequest()
        (request.user, request.password, request.mustChange) = (user, password, mustChange)
        let _: ProtoResetPasswordResponse = try await transport.unary(account("ResetPassword"), request)
    }

    public func deleteUser(_ user: String, erasing: Bool) async throws(JadeError) {
        var request = ProtoDeleteUserRequest()
        (request.user, request.erase) = (user, erasing)
        let _: ProtoDeleteUserResponse = try await transport.unary(account("DeleteUser"), request, repeatable: false)
    }

    public func accessReasons(of user: String) async throws(JadeError) -> [AccessReason] {
        let list: ProtoListAccessReasonsResponse = try await transport.unary(account("ListAccessReasons"), named(user: user))
        return try all(list.reasons) { (reason) throws(JadeError) in try AccessReason(reason) }
    }

    public func exportUser(_ user: String) async throws(JadeError) -> UserExport {
        try UserExport(try await transport.unary(account("ExportUser"), named(user: user)))
    }

    // MARK: groups

    private func named(group: String) -> ProtoGroupName {
        var name = ProtoGroupName()
        name.group = group
        return name
    }

    public func createGroup(name: String, owner: String?) async throws(JadeError) -> GroupDescription {
        var request = ProtoCreateGroupRequest()
        request.name = name
        if let owner { request.owner = owner }
        return GroupDescription(try await transport.unary(account("CreateGroup"), request, repeatable: false))
    }

    public func listGroups() async throws(JadeError) -> [GroupDescription] {
        let list: ProtoListGroupsResponse = try await transport.unary(account("ListGroups"), ProtoListGroupsRequest())
        return list.groups.map(GroupDescription.init)
    }

    public func describeGroup(_ group: String) async throws(JadeError) -> GroupDescription {
        GroupDescription(try await transport.unary(account("GetGroup"), named(group: group)))
    }

    public func deleteGroup(_ group: String) async throws(JadeError) {
        let _: ProtoDeleteGroupResponse = try await transport.unary(account("DeleteGroup"), named(group: group), repeatable: false)
    }

    public func addMember(_ user: String, to group: String) async throws(JadeError) {
        let _: ProtoMembershipResponse = try await transport.unary(account("AddMember"), ProtoMembership(user, in: group))
    }

    public func removeMember(_ user: String, from group: String) async throws(JadeError) {
        let _: ProtoMembershipResponse = try await transport.unary(account("RemoveMember"), ProtoMembership(user, in: group))
    }

    // MARK: roles

    private func named(role: String) -> ProtoRoleName {
        var name = ProtoRoleName()
        name.role = role
        return name
    }

    public func createRole(_ request: RoleRequest) async throws(JadeError) -> Role {
        Role(try await transport.unary(account("CreateRole"), ProtoCreateRoleRequest(request), repeatable: false))
    }

    public func listRoles() async throws(JadeError) -> [Role] {
        let list: ProtoListRolesResponse = try await transport.unary(account("ListRoles"), ProtoListRolesRequest())
        return list.roles.map(Role.init)
    }

    public func describeRole(_ role: String) async throws(JadeError) -> Role {
        Role(try await transport.unary(account("GetRole"), named(role: role)))
    }

    public func updateRole(_ role: String, permissions: PermissionSet) async throws(JadeError) -> Role {
        var request = ProtoUpdateRoleRequest()
        (request.role, request.permissions) = (role, permissions.names)
        return Role(try await transport.unary(account("UpdateRole"), request))
    }

    public func deleteRole(_ role: String) async throws(JadeError) {
        let _: ProtoDeleteRoleResponse = try await transport.unary(account("DeleteRole"), named(role: role), repeatable: false)
    }

    public func assignRole(_ role: String, to grantee: Grantee) async throws(JadeError) {
        let _: ProtoRoleAssignmentResponse = try await transport.unary(account("AssignRole"), ProtoRoleAssignment(role, grantee))
    }

    public func unassignRole(_ role: String, from grantee: Grantee) async throws(JadeError) {
        let _: ProtoRoleAssignmentResponse = try await transport.unary(account("UnassignRole"), ProtoRoleAssignment(role, grantee))
    }
}
