internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("AccountService", method) }

    static let users: [Method] = [
        .unary(path("CreateUser"), needs: .node(.userManage)) { (request: ProtoCreateUserRequest, call) throws(JadeError) in
            ProtoUser(try await call.services.security.createUser(UserRequest(request)))
        },
        .unary(path("ListUsers"), needs: .node(.userRead)) { (_: ProtoListUsersRequest, call) throws(JadeError) in
            var answer = ProtoListUsersResponse()
            answer.users = try await call.services.security.listUsers().map(ProtoUser.init)
            return answer
        },
        .unary(path("GetUser"), needs: .own(.userRead)) { (name: ProtoUserName, call) throws(JadeError) in
            ProtoUser(try await call.services.security.describeUser(name.user))
        },
        .unary(path("UpdateUser"), needs: .node(.userManage)) { (request: ProtoUpdateUserRequest, call) throws(JadeError) in
            ProtoUser(try await call.services.security.updateUser(request.user, UserUpdate(request)))
        },
        .unary(path("DeleteUser"), needs: .node(.userManage)) { (request: ProtoDeleteUserRequest, call) throws(JadeError) in
            try await call.services.security.deleteUser(request.user, erasing: request.erase)
            return ProtoDeleteUserResponse()
        },
        .unary(path("ResetPassword"), needs: .node(.userManage)) { (request: ProtoResetPasswordRequest, call) throws(JadeError) in
            let mustChange = !request.hasMustChange || request.mustChange
            let password = try required(request.password, "password")
            try await call.services.security.resetPassword(of: request.user, to: password, mustChange: mustChange)
            return ProtoResetPasswordResponse()
        },
        .unary(path("ListAccessReasons"), needs: .own(.userRead)) { (name: ProtoUserName, call) throws(JadeError) in
            var answer = ProtoListAccessReasonsResponse()
            answer.reasons = try await call.services.security.accessReasons(of: name.user).map(ProtoAccessReason.init)
            return answer
        },
        .unary(path("ExportUser"), needs: .own(.userManage)) { (name: ProtoUserName, call) throws(JadeError) in
            ProtoUserExport(try await call.services.security.exportUser(name.user))
        },
    ]

    /// A group's owner changes its members without the permission.
    static let groups: [Method] = [
        .unary(path("CreateGroup"), needs: .node(.groupManage)) { (request: ProtoCreateGroupRequest, call) throws(JadeError) in
            let owner = request.hasOwner ? request.owner : nil
            return ProtoGroup(try await call.services.security.createGroup(name: request.name, owner: owner))
        },
        .unary(path("ListGroups"), needs: .node(.groupRead)) { (_: ProtoListGroupsRequest, call) throws(JadeError) in
            var answer = ProtoListGroupsResponse()
            answer.groups = try await call.services.security.listGroups().map(ProtoGroup.init)
            return answer
        },
        .unary(path("GetGroup"), needs: .node(.groupRead)) { (name: ProtoGroupName, call) throws(JadeError) in
            ProtoGroup(try await call.services.security.describeGroup(name.group))
        },
        .unary(path("DeleteGroup"), needs: .node(.groupManage)) { (name: ProtoGroupName, call) throws(JadeError) in
            try await call.services.security.deleteGroup(name.group)
            return ProtoDeleteGroupResponse()
        },
        .unary(path("AddMember"), needs: .own(.groupManage)) { (membership: ProtoMembership, call) throws(JadeError) in
            try await call.services.security.addMember(membership.user, to: membership.group)
            return ProtoMembershipResponse()
        },
        .unary(path("RemoveMember"), needs: .own(.groupManage)) { (membership: ProtoMembership, call) throws(JadeError) in
            try await call.services.security.removeMember(membership.user, from: membership.group)
            return ProtoMembershipResponse()
        },
    ]

    static let roles: [Method] = [
        .unary(path("ListPermissions"), needs: .login) { (_: ProtoListPermissionsRequest, _) throws(JadeError) in
            var answer = ProtoListPermissionsResponse()
            answer.permissions = Permission.allCases.map(ProtoPermission.init)
            return answer
        },
        .unary(path("CreateRole"), needs: .node(.roleManage)) { (request: ProtoCreateRoleRequest, call) throws(JadeError) in
            ProtoRole(try await call.services.security.createRole(try RoleRequest(request)))
        },
        .unary(path("ListRoles"), needs: .node(.roleRead)) { (_: ProtoListRolesRequest, call) throws(JadeError) in
            var answer = ProtoListRolesResponse()
            answer.roles = try await call.services.security.listRoles().map(ProtoRole.init)
            return answer
        },
        .unary(path("GetRole"), needs: .node(.roleRead)) { (name: ProtoRoleName, call) throws(JadeError) in
            ProtoRole(try await call.services.security.describeRole(name.role))
        },
        .unary(path("UpdateRole"), needs: .node(.roleManage)) { (request: ProtoUpdateRoleRequest, call) throws(JadeError) in
            let permissions = try PermissionSet(requested: request.permissions)
            return ProtoRole(try await call.services.security.updateRole(request.role, permissions: permissions))
        },
        .unary(path("DeleteRole"), needs: .node(.roleManage)) { (name: ProtoRoleName, call) throws(JadeError) in
            try await call.services.security.deleteRole(name.role)
            return ProtoDeleteRoleResponse()
        },
        .unary(path("AssignRole"), needs: .node(.roleManage)) { (assignment: ProtoRoleAssignment, call) throws(JadeError) in
            try await call.services.security.assignRole(assignment.role, to: try Grantee(assignment.grantee))
            return ProtoRoleAssignmentResponse()
        },
        .unary(path("UnassignRole"), needs: .node(.roleManage)) { (assignment: ProtoRoleAssignment, call) throws(JadeError) in
            try await call.services.security.unassignRole(assignment.role, from: try Grantee(assignment.grantee))
            return ProtoRoleAssignmentResponse()
        },
    ]
}
