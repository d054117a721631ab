package import JadeCore

/// Somebody whose credential was accepted, and what they may do.
package struct Caller: Sendable, Hashable {
    package enum Credential: Sendable, Hashable {
        case session(id: String)
        case apiKey(id: String, name: String)
        /// The name in a certificate that TLS has verified.
        case certificate(name: String)
        /// A token that an outside issuer has signed.
        case token(issuer: String)

        package var kind: String {
            switch self {
            case .session: "session"
            case .apiKey: "api_key"
            case .certificate: "certificate"
            case .token: "token"
            }
        }
    }

    package let userID: String
    package let userName: String
    package let credential: Credential
    package let access: Access
    /// A metadata field and the value that every vector this caller sees or writes has: the filter is added by the server.
    package let tenant: TenantBinding?
    /// Until it is changed, nothing but changing it is allowed.
    package let mustChangePassword: Bool

    package init(
        userID: String, userName: String, credential: Credential, access: Access, tenant: TenantBinding?, mustChangePassword: Bool
    ) {
        self.userID = userID
        self.userName = userName
        self.credential = credential
        self.access = access
        self.tenant = tenant
        self.mustChangePassword = mustChangePassword
    }

    /// How the audit log calls this caller: a key is named beside its owner.
    package var auditName: String {
        if case .apiKey(_, let name) = credential { "\(userName)/\(name)" } else { userName }
    }

    /// ``ErrorCode/permissionDenied`` that names what is missing; never more than that.
    ///
    /// - Parameter database: the database's id; nil for what concerns the node as a whole.
    package func require(_ permission: Permission, on database: String? = nil) throws(JadeError) {
        guard !mustChangePassword else {
            throw .permissionDenied("user \(userName.debugDescription) must set a new password first")
        }
        guard access.allows(permission, on: database) else {
            throw .permissionDenied("user \(userName.debugDescription) does not have \(permission.name)\(database == nil ? "" : " on this database")")
        }
    }
}
