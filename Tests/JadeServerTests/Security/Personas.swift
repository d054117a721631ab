import JadeAPI
import JadeCore
import JadeIO
import JadeMetadata
import JadeSecurity
import JadeServer
import JadeTestSupport

/// Everybody who may knock at a door of a server with the database `docs`, and what each of them may do as the table of roles
/// says it.
final class Personas: Sendable {
    struct Persona: Sendable {
        let name: String
        /// Nil for nobody.
        let credential: @Sendable () throws -> String?
        var everywhere: PermissionSet = []
        var onDocs: PermissionSet = []
        var isTenant = false
        var isKnown = true
    }

    let folder: TemporaryFolder
    let clock = ManualClock()
    let accounts: AccountStore
    let authentication: AuthenticationService
    let gate: AccessGate
    let databaseID = String(repeating: "0", count: 31) + "1"

    static let password = "correct horse battery"
    static let root = Actor(id: "", name: "root")
    /// What the grants of `reader` are.
    static let granted = PermissionSet([.databaseRead, .vectorRead])

    init() throws {
        folder = try TemporaryFolder()
        let catalog = try SQLitePersistenceLayer(path: folder.path("system.db"))
        try catalog.insert(id: databaseID, specification: DatabaseSpecification(name: "docs", dimension: 2), createdAtMilliseconds: 0)
        accounts = try AccountStore(catalog, clock: clock, random: SeededRandomSource(seed: 3))
        authentication = try AuthenticationService(accounts, hasher: PasswordHasher(cost: 4))
        gate = AccessGate(ReachedService(id: databaseID), authentication)
        for role in PredefinedRole.allCases { try add("a-\(role.rawValue)", [role.rawValue]) }
        let owner = try add("owner", [])
        try accounts.setOwner(of: databaseID, to: owner.id, by: Self.root)
        let reader = try add("reader", [])
        try accounts.grant(Self.granted, on: databaseID, to: .user(id: reader.id), by: Self.root)
        try add("stranger", ["user"])
        try add("gone", ["admin"])
        try add("sleeper", [])
        _ = try accounts.createGroup(name: "team", ownerID: nil, by: Self.root)
        restore()
    }

    @discardableResult
    private func add(_ name: String, _ roles: [String]) throws -> User {
        try accounts.createUser(name: name, passwordHash: authentication.hasher.hash(Self.password), roles: roles, by: Self.root)
    }

    /// Puts back what an allowed request has taken away, and lets the time go by that limits of rate ask for.
    func restore() {
        clock.advance(byMilliseconds: 1_000)
        _ = try? accounts.createUser(name: "victim", passwordHash: nil, by: Self.root)
        _ = try? accounts.createGroup(name: "team", ownerID: nil, by: Self.root)
        _ = try? accounts.createRole(name: "custom", meaning: "", permissions: [], by: Self.root)
        if let owner = try? accounts.user("owner") { try? accounts.setOwner(of: databaseID, to: owner.id, by: Self.root) }
    }

    func victimsKey() throws -> String { try accounts.createKey(APIKeyRequest(name: "k"), for: "victim", by: Self.root).key.id }

    func victimsSession() throws -> String {
        _ = try token("sleeper")
        return try accounts.sessions(of: "sleeper")[0].id
    }

    private func token(_ name: String) throws -> String {
        try authentication.login(name: name, password: Self.password, from: RequestOrigin(address: "127.0.0.1")).accessToken
    }

    private func key(_ request: APIKeyRequest) throws -> (id: String, secret: String) {
        let (key, secret) = try accounts.createKey(request, for: "a-admin", by: Self.root)
        return (key.id, secret.text)
    }

    func all() throws -> [Persona] {
        let roles = PredefinedRole.allCases.map { role in
            Persona(
                name: role.rawValue, credential: { try self.token("a-\(role.rawValue)") }, everywhere: role.permissions, onDocs: role.permissions)
        }
        let scoped = try key(APIKeyRequest(name: "scoped", scopes: PermissionSet([.vectorRead, .databaseRead]), databases: [databaseID]))
        let elsewhere = try key(APIKeyRequest(name: "elsewhere", databases: [String(repeating: "f", count: 32)]))
        let tenant = try key(
            APIKeyRequest(name: "tenant", databases: [databaseID], tenant: TenantBinding(field: "tenant", value: "other")))
        let expired = try key(APIKeyRequest(name: "expired", expiresAt: clock.wallMilliseconds + 1))
        let revoked = try key(APIKeyRequest(name: "revoked"))
        try accounts.revokeKey(revoked.id, by: Self.root)
        let left = try token("gone")
        _ = try accounts.updateUser("gone", UserUpdate(isActive: false), by: Self.root)
        clock.advance(byMilliseconds: 2)
        let nodeOnly = PermissionSet([.nodeRead])
        return roles + [
            Persona(name: "owner", credential: { try self.token("owner") }, onDocs: .perDatabase),
            Persona(name: "reader", credential: { try self.token("reader") }, onDocs: Self.granted),
            Persona(name: "stranger", credential: { try self.token("stranger") }, everywhere: PredefinedRole.user.permissions),
            Persona(name: "scoped key", credential: { scoped.secret }, onDocs: PermissionSet([.vectorRead, .databaseRead])),
            Persona(name: "key of another database", credential: { elsewhere.secret }, everywhere: nodeOnly),
            Persona(name: "other tenant", credential: { tenant.secret }, everywhere: nodeOnly, onDocs: .all, isTenant: true),
            Persona(name: "expired", credential: { expired.secret }, isKnown: false),
            Persona(name: "revoked", credential: { revoked.secret }, isKnown: false),
            Persona(name: "deactivated", credential: { left }, isKnown: false),
            Persona(name: "made up", credential: { "jade_k_" + String(repeating: "A", count: 43) }, isKnown: false),
            Persona(name: "anonymous", credential: { nil }, isKnown: false),
        ]
    }
}
