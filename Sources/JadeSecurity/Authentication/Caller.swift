package import JadeCore

/// Somebody whose credential was accepted, and what they may do.
package struct Caller: Sendable, Hashable {
    package enum Credential: Sendable, Hashable {
        case session(id: String)
        case apiKey(id: String, name: String)
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

/// The part of a database that belongs to one tenant.
package struct TenantBinding: Sendable, Hashable {
    package let field: String
    package let value: String

    package init(field: String, value: String) {
        self.field = field
        self.value = value
    }
}
