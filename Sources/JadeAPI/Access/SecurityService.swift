public import JadeCore

/// Accounts and what they may do, as every door asks for it: always as one caller, who is refused what the caller may not do.
///
/// Users, groups and roles are addressed by name or id. Nobody gives what they do not have: a role, a grant or a key with more
/// permissions than the caller's own is refused.
public protocol SecurityService: Sendable {
    // oneself
    func caller() async throws(JadeError) -> CallerDescription
    /// Ends all sessions of the caller, this one included.
    func changePassword(from old: String, to new: String) async throws(JadeError)
    func logout() async throws(JadeError)

    // users
    func createUser(_ request: UserRequest) async throws(JadeError) -> UserDescription
    func listUsers() async throws(JadeError) -> [UserDescription]
    func describeUser(_ user: String) async throws(JadeError) -> UserDescription
    func updateUser(_ user: String, _ update: UserUpdate) async throws(JadeError) -> UserDescription
    func resetPassword(of user: String, to password: String, mustChange: Bool) async throws(JadeError)
    /// - Parameter erasing: whether the audit log forgets the user's name and addresses, too; what was done stays.
    func deleteUser(_ user: String, erasing: Bool) async throws(JadeError)
    /// Everything that gives a user a permission, with where it comes from.
    func accessReasons(of user: String) async throws(JadeError) -> [AccessReason]
    /// All that is known of a user: the account, what it may do and why, its keys and sessions, and what it did.
    func exportUser(_ user: String) async throws(JadeError) -> UserExport

    // groups
    func createGroup(name: String, owner: String?) async throws(JadeError) -> GroupDescription
    func listGroups() async throws(JadeError) -> [GroupDescription]
    func describeGroup(_ group: String) async throws(JadeError) -> GroupDescription
    func deleteGroup(_ group: String) async throws(JadeError)
    func addMember(_ user: String, to group: String) async throws(JadeError)
    func removeMember(_ user: String, from group: String) async throws(JadeError)

    // roles
    func createRole(_ request: RoleRequest) async throws(JadeError) -> Role
    func listRoles() async throws(JadeError) -> [Role]
    func describeRole(_ role: String) async throws(JadeError) -> Role
    func updateRole(_ role: String, permissions: PermissionSet) async throws(JadeError) -> Role
    func deleteRole(_ role: String) async throws(JadeError)
    func assignRole(_ role: String, to grantee: Grantee) async throws(JadeError)
    func unassignRole(_ role: String, from grantee: Grantee) async throws(JadeError)

    // permissions on one database
    func grants(on database: String) async throws(JadeError) -> [DatabaseGrant]
    func grant(_ permissions: PermissionSet, on database: String, to grantee: Grantee) async throws(JadeError)
    func revoke(_ permissions: PermissionSet, on database: String, from grantee: Grantee) async throws(JadeError)

    /// Makes a user the owner, who may do everything with a database that can be granted for it; the owner before is one no longer.
    func setOwner(of database: String, to user: String) async throws(JadeError)

    // limits
    /// What is taken, by the caller's key and user, by another user with all keys, or by everybody, databases included.
    func usage(of whose: Whose) async throws(JadeError) -> [UsageReport]
    /// - Parameters:
    ///   - quota: nil leaves it to the server's settings.
    ///   - subject: a user or database by name or id, a key by id.
    func setQuota(_ quota: Quota?, ofKind kind: UsageSubject.Kind, _ subject: String) async throws(JadeError)

    // API keys; databases of a request by name or id
    func createKey(_ request: APIKeyRequest, for user: String?) async throws(JadeError) -> IssuedKey
    func listKeys(_ whose: Whose) async throws(JadeError) -> [APIKey]
    func revokeKey(_ id: String) async throws(JadeError)
    /// A new key like this one, which goes on for `graceSeconds`.
    func rotateKey(_ id: String, graceSeconds: Int) async throws(JadeError) -> IssuedKey

    // sessions
    func listSessions(_ whose: Whose) async throws(JadeError) -> [Session]
    func endSession(_ id: String) async throws(JadeError)

    // audit log
    func auditEntries(_ query: AuditQuery) async throws(JadeError) -> [AuditEntry]
    /// Walks the chain of hashes. ``ErrorCode/corrupted`` with the first entry that is not as it was written.
    func verifyAudit() async throws(JadeError) -> AuditHead
}

/// Whose keys or sessions.
public enum Whose: Sendable, Hashable {
    case mine
    case everybodys
    /// Name or id.
    case of(user: String)
}

extension SecurityService {
    public func deleteUser(_ user: String) async throws(JadeError) { try await deleteUser(user, erasing: false) }
}
