import HTTPTypes
import JadeAPI
import JadeCore

extension Routes {
    static let security: [Route] = auth + users + groups + roles + grants + limits + keys + audit

    private static let auth: [Route] = [
        Route(.post, "/v1/auth/login", needs: .nothing, body: .json, handler: AuthHandlers.login),
        Route(.post, "/v1/auth/refresh", needs: .nothing, body: .json, handler: AuthHandlers.refresh),
        Route(.post, "/v1/auth/logout", needs: .login, handler: AuthHandlers.logout),
        Route(.get, "/v1/auth/me", needs: .login, handler: AuthHandlers.me),
        Route(.put, "/v1/auth/password", needs: .login, body: .json, handler: AuthHandlers.changePassword),
    ]

    private static let users: [Route] = [
        Route(.post, "/v1/users", needs: .node(.userManage), body: .json, handler: AccountHandlers.createUser),
        Route(.get, "/v1/users", needs: .node(.userRead), handler: AccountHandlers.listUsers),
        Route(.get, "/v1/users/{user}", needs: .own(.userRead), handler: AccountHandlers.describeUser),
        Route(.patch, "/v1/users/{user}", needs: .node(.userManage), body: .json, handler: AccountHandlers.updateUser),
        Route(.delete, "/v1/users/{user}", needs: .node(.userManage), query: ["erase"], handler: AccountHandlers.deleteUser),
        Route(.put, "/v1/users/{user}/password", needs: .node(.userManage), body: .json, handler: AccountHandlers.resetPassword),
        Route(.get, "/v1/users/{user}/permissions", needs: .own(.userRead), handler: AccountHandlers.reasons),
        Route(.get, "/v1/users/{user}/export", needs: .own(.userManage), handler: AccountHandlers.exportUser),
        Route(.put, "/v1/users/{user}/roles/{role}", needs: .node(.roleManage), handler: AccountHandlers.giveUserRole),
        Route(.delete, "/v1/users/{user}/roles/{role}", needs: .node(.roleManage), handler: AccountHandlers.takeUserRole),
    ]

    /// A group's owner changes its members without the permission.
    private static let groups: [Route] = [
        Route(.post, "/v1/groups", needs: .node(.groupManage), body: .json, handler: AccountHandlers.createGroup),
        Route(.get, "/v1/groups", needs: .node(.groupRead), handler: AccountHandlers.listGroups),
        Route(.get, "/v1/groups/{group}", needs: .node(.groupRead), handler: AccountHandlers.describeGroup),
        Route(.delete, "/v1/groups/{group}", needs: .node(.groupManage), handler: AccountHandlers.deleteGroup),
        Route(.put, "/v1/groups/{group}/members/{user}", needs: .own(.groupManage), handler: AccountHandlers.addMember),
        Route(.delete, "/v1/groups/{group}/members/{user}", needs: .own(.groupManage), handler: AccountHandlers.removeMember),
        Route(.put, "/v1/groups/{group}/roles/{role}", needs: .node(.roleManage), handler: AccountHandlers.giveGroupRole),
        Route(.delete, "/v1/groups/{group}/roles/{role}", needs: .node(.roleManage), handler: AccountHandlers.takeGroupRole),
    ]

    private static let roles: [Route] = [
        Route(.get, "/v1/permissions", needs: .login, handler: AccountHandlers.permissions),
        Route(.post, "/v1/roles", needs: .node(.roleManage), body: .json, handler: AccountHandlers.createRole),
        Route(.get, "/v1/roles", needs: .node(.roleRead), handler: AccountHandlers.listRoles),
        Route(.get, "/v1/roles/{role}", needs: .node(.roleRead), handler: AccountHandlers.describeRole),
        Route(.put, "/v1/roles/{role}", needs: .node(.roleManage), body: .json, handler: AccountHandlers.updateRole),
        Route(.delete, "/v1/roles/{role}", needs: .node(.roleManage), handler: AccountHandlers.deleteRole),
    ]

    private static let grants: [Route] = [
        Route(.get, "/v1/databases/{database}/permissions", needs: .database(.grantRead), handler: AccessHandlers.grants),
        Route(.post, "/v1/databases/{database}/permissions", needs: .database(.grantManage), body: .json, handler: AccessHandlers.grant),
        Route(.delete, "/v1/databases/{database}/permissions", needs: .database(.grantManage), body: .json, handler: AccessHandlers.revoke),
        Route(
            .post, "/v1/databases/{database}/permissions/revoke", needs: .database(.grantManage), body: .json,
            handler: AccessHandlers.revoke),
        Route(.put, "/v1/databases/{database}/owner", needs: .database(.grantManage), body: .json, handler: AccessHandlers.setOwner),
    ]

    private static let limits: [Route] = [
        Route(.get, "/v1/usage", needs: .own(.quotaManage), query: ["user", "all"], handler: AccessHandlers.usage),
        Route(.put, "/v1/quotas/{kind}/{name}", needs: .node(.quotaManage), body: .json, handler: AccessHandlers.setQuota),
        Route(.delete, "/v1/quotas/{kind}/{name}", needs: .node(.quotaManage), handler: AccessHandlers.removeQuota),
    ]

    private static let keys: [Route] = [
        Route(.post, "/v1/api-keys", needs: .own(.keyManage), body: .json, handler: AccessHandlers.createKey),
        Route(.get, "/v1/api-keys", needs: .own(.keyManage), query: ["user", "all"], handler: AccessHandlers.listKeys),
        Route(.delete, "/v1/api-keys/{key}", needs: .own(.keyManage), handler: AccessHandlers.revokeKey),
        Route(.post, "/v1/api-keys/{key}/rotate", needs: .own(.keyManage), body: .json, handler: AccessHandlers.rotateKey),
        Route(.get, "/v1/sessions", needs: .own(.sessionManage), query: ["user", "all"], handler: AccessHandlers.listSessions),
        Route(.delete, "/v1/sessions/{session}", needs: .own(.sessionManage), handler: AccessHandlers.endSession),
    ]

    private static let audit: [Route] = [
        Route(.get, "/v1/audit", needs: .node(.auditRead), query: AccessHandlers.auditParameters, handler: AccessHandlers.audit),
        Route(
            .get, "/v1/audit/export", needs: .node(.auditRead), query: AccessHandlers.auditParameters,
            handler: AccessHandlers.exportAudit),
        Route(.post, "/v1/audit/verify", needs: .node(.auditRead), handler: AccessHandlers.verifyAudit),
    ]
}
