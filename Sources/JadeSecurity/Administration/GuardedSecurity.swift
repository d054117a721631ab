package import JadeAPI
package import JadeCore

/// Accounts as one caller may use them.
///
/// Nobody gives what they do not have: a role, a grant, a key or somebody's password that would open more than the caller's own
/// access is refused. So the right to manage users is not the right to become an administrator.
package struct GuardedSecurity: SecurityService {
    let guarded: GuardedService
    let authentication: AuthenticationService
    let work: BlockingWork
    let meter: UsageMeter

    init(_ guarded: GuardedService, _ gate: AccessGate) {
        self.guarded = guarded
        authentication = gate.authentication
        work = gate.work
        meter = gate.meter
    }

    var me: Caller { guarded.caller }
    var accounts: AccountStore { authentication.accounts }
    var actor: Actor { guarded.watch?.actor ?? Actor(id: me.userID, name: me.auditName) }

    func run<Value: Sendable>(_ body: @escaping @Sendable () throws(JadeError) -> Value) async throws(JadeError) -> Value {
        try await work.run(body)
    }

    // MARK: checks

    /// A permission on the node; whoever is bound to a tenant has nothing to do with accounts.
    func require(_ permission: Permission) throws(JadeError) {
        try guarded.refuseTenant("manage accounts")
        try guarded.require(permission)
    }

    /// For what is the caller's own: a permission only where it is somebody else's.
    func require(_ permission: Permission, unlessMine user: String) throws(JadeError) {
        try requireSettled()
        try guarded.refuseTenant("manage accounts")
        if !isMe(user) { try guarded.require(permission) }
    }

    /// Until the password is changed, nothing but that.
    func requireSettled() throws(JadeError) {
        guard !me.mustChangePassword else {
            throw .permissionDenied("user \(me.userName.debugDescription) must set a new password first")
        }
    }

    func isMe(_ user: String) -> Bool { user == me.userID || user.lowercased() == me.userName.lowercased() }

    func requireHolds(_ permissions: PermissionSet) throws(JadeError) {
        let missing = permissions.subtracting(me.access.onlyDatabases == nil ? me.access.everywhere : [])
        guard missing.isEmpty else {
            throw .permissionDenied("user \(me.userName.debugDescription) cannot give \(missing.names.joined(separator: ", ")) without having it")
        }
    }

    func requireHolds(_ access: Access, whose: String) throws(JadeError) {
        guard access.isWithin(me.access) else {
            throw .permissionDenied("\(whose) may do more than user \(me.userName.debugDescription)")
        }
    }

    /// Nobody takes over an account that may do more than their own.
    func requireAbove(_ user: String) async throws(JadeError) {
        let accounts = accounts
        let theirs = try await run { () throws(JadeError) in try accounts.access(of: user) }
        try requireHolds(theirs, whose: "user \(user.debugDescription)")
    }

    // MARK: oneself

    package func caller() async throws(JadeError) -> CallerDescription {
        CallerDescription(
            userID: me.userID, userName: me.userName, credential: me.credential.kind, mustChangePassword: me.mustChangePassword,
            tenant: me.tenant, permissions: me.access.everywhere, databasePermissions: me.access.byDatabase)
    }

    package func changePassword(from old: String, to new: String) async throws(JadeError) {
        guard case .session = me.credential else {
            throw .permissionDenied("a password is changed by whoever logs in with it: log in first")
        }
        let (authentication, me, actor) = (authentication, me, actor)
        try await run { () throws(JadeError) in try authentication.changePassword(of: me, from: old, to: new, by: actor) }
    }

    package func logout() async throws(JadeError) {
        let (authentication, me, actor) = (authentication, me, actor)
        try await run { () throws(JadeError) in try authentication.logout(me, by: actor) }
    }
}
