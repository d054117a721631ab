internal import JadeAPI
internal import JadeCore
internal import JadeProto

extension Methods {
    private static func path(_ method: String) -> String { path("AuthService", method) }

    static let auth: [Method] = [
        .unary(path("Login"), needs: .nothing) { (request: ProtoLoginRequest, call) throws(JadeError) in
            ProtoTokenPair(
                try await call.door.access.login(
                    name: try required(request.name, "name"), password: try required(request.password, "password"), from: call.origin))
        },
        .unary(path("Refresh"), needs: .nothing) { (request: ProtoRefreshRequest, call) throws(JadeError) in
            ProtoTokenPair(try await call.door.access.refresh(try required(request.refreshToken, "refresh_token"), from: call.origin))
        },
        .unary(path("Logout"), needs: .login) { (_: ProtoLogoutRequest, call) throws(JadeError) in
            try await call.services.security.logout()
            return ProtoLogoutResponse()
        },
        .unary(path("GetCaller"), needs: .login) { (_: ProtoGetCallerRequest, call) throws(JadeError) in
            ProtoCaller(try await call.services.security.caller())
        },
        .unary(path("ChangePassword"), needs: .login) { (request: ProtoChangePasswordRequest, call) throws(JadeError) in
            try await call.services.security.changePassword(
                from: try required(request.oldPassword, "old_password"), to: try required(request.newPassword, "new_password"))
            return ProtoChangePasswordResponse()
        },
    ]
}

/// A text that cannot be empty.
func required(_ text: String, _ field: String) throws(JadeError) -> String {
    guard !text.isEmpty else { throw .invalidArgument("\(field) is missing") }
    return text
}
