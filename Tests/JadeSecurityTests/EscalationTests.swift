import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeMetadata
import JadeSecurity
import JadeTestSupport
import Testing

@Suite("Nobody gives what they do not have")
struct EscalationTests {
    private final class Fixture: Sendable {
        let folder: TemporaryFolder
        let engine: Engine
        let accounts: AccountStore
        let authentication: AuthenticationService
        let gate: AccessGate
        let clock = ManualClock()
        let root = Actor(id: "", name: "root")

        init() throws {
            folder = try TemporaryFolder()
            engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
            accounts = try AccountStore(engine.systemCatalog, clock: clock, random: SeededRandomSource(seed: 5))
            authentication = try AuthenticationService(accounts, hasher: PasswordHasher(cost: 4))
            gate = AccessGate(engine, authentication)
            // Manages accounts, and nothing else.
            let managing = PermissionSet([.userRead, .userManage, .groupManage, .groupRead, .roleRead, .roleManage, .keyManage, .sessionManage])
            _ = try accounts.createRole(name: "manager", meaning: "", permissions: managing, by: root)
            for (name, role) in [("boss", "admin"), ("ann", "manager"), ("ben", "user")] {
                _ = try accounts.createUser(
                    name: name, passwordHash: authentication.hasher.hash(World.password), roles: [role], by: root)
            }
        }

        deinit { engine.shutdown() }

        func security(_ name: String) async throws -> any SecurityService {
            let origin = RequestOrigin(address: "127.0.0.1")
            let token = try await gate.login(name: name, password: World.password, from: origin).accessToken
            return try #require(try await gate.admit(.secret(token), from: origin).security)
        }
    }

    /// What somebody who manages accounts could try.
    private static let attempts: [(String, @Sendable (any SecurityService) async throws -> Void)] = [
        ("give oneself a role", { try await $0.assignRole("admin", to: .user(id: "ann")) }),
        ("make an administrator", { _ = try await $0.createUser(UserRequest(name: "eve", password: "a long password", roles: ["admin"])) }),
        ("reset the password of one", { try await $0.resetPassword(of: "boss", to: "a long password", mustChange: false) }),
        ("make a key of one", { _ = try await $0.createKey(APIKeyRequest(name: "k"), for: "boss") }),
        ("delete one", { try await $0.deleteUser("boss") }),
        ("rename one", { _ = try await $0.updateUser("boss", UserUpdate(name: "bob")) }),
        ("make a role", { _ = try await $0.createRole(RoleRequest(name: "all", permissions: .all)) }),
        ("widen one's own role", { _ = try await $0.updateRole("manager", permissions: .all) }),
        ("join a group of administrators", { try await $0.addMember("ann", to: "bosses") }),
    ]

    @Test("who manages accounts does not become an administrator by it")
    func manager() async throws {
        let fixture = try Fixture()
        let group = try fixture.accounts.createGroup(name: "bosses", ownerID: nil, by: fixture.root)
        try fixture.accounts.assign("admin", to: .group(id: group.id), by: fixture.root)
        let before = try fixture.accounts.access(of: "ann")
        let (ann, boss) = (try await fixture.security("ann"), try await fixture.security("boss"))
        for (name, attempt) in Self.attempts {
            do {
                try await attempt(ann)
                Issue.record("\(name) was allowed")
            } catch let error as JadeError {
                #expect(error.code == .permissionDenied, "\(name): \(error)")
            }
        }
        #expect(try fixture.accounts.access(of: "ann") == before)
        // The same with what ann has is allowed, and all of it to an administrator.
        _ = try await ann.createUser(UserRequest(name: "cleo", password: "a long password", roles: ["manager"]))
        try await ann.resetPassword(of: "cleo", to: "another password", mustChange: false)
        try await boss.assignRole("admin", to: .user(id: "cleo"))
        await #expect(throws: JadeError.self) { try await ann.resetPassword(of: "cleo", to: "a third password", mustChange: false) }
    }

    @Test("a key makes no keys, and one with limits gives no more than these")
    func keys() async throws {
        let fixture = try Fixture()
        let origin = RequestOrigin(address: "127.0.0.1")
        let plain = try await fixture.security("ben").createKey(APIKeyRequest(name: "k"), for: nil)
        let asKey = try #require(try await fixture.gate.admit(.secret(plain.secret), from: origin).security)
        await #expect(throws: JadeError.self) { _ = try await asKey.createKey(APIKeyRequest(name: "k2"), for: nil) }
        await #expect(throws: JadeError.self) { _ = try await asKey.rotateKey(plain.key.id, graceSeconds: 0) }
        await #expect(throws: JadeError.self) { try await asKey.changePassword(from: World.password, to: "another password") }

        let limited = try await fixture.security("boss").createKey(
            APIKeyRequest(name: "k", scopes: PermissionSet([.keyManage, .vectorRead])), for: nil)
        let asLimited = try #require(try await fixture.gate.admit(.secret(limited.secret), from: origin).security)
        await #expect(throws: JadeError.self) { _ = try await asLimited.createKey(APIKeyRequest(name: "k3"), for: nil) }
        _ = try await asLimited.createKey(APIKeyRequest(name: "k4", scopes: PermissionSet([.vectorRead])), for: nil)
    }

    @Test("an owner grants on the own database what an owner has, and on no other")
    func owners() async throws {
        let fixture = try Fixture()
        let origin = RequestOrigin(address: "127.0.0.1")
        let token = try await fixture.gate.login(name: "ben", password: World.password, from: origin).accessToken
        let ben = try await fixture.gate.admit(.secret(token), from: origin)
        let docs = try await ben.databases.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        _ = try await fixture.engine.createDatabase(DatabaseSpecification(name: "other", dimension: 2))
        // The database was made by the caller, who is its owner from the next request on.
        let owner = try await fixture.gate.admit(.secret(token), from: origin)
        let security = try #require(owner.security)
        try await security.grant(PermissionSet([.vectorRead]), on: "docs", to: .user(id: "ann"))
        #expect(try await security.grants(on: docs.id).map(\.granteeName) == ["ann"])
        await #expect(throws: JadeError.self) { try await security.grant(PermissionSet([.vectorRead]), on: "other", to: .user(id: "ben")) }
        try await security.revoke(PermissionSet([.vectorRead]), on: "docs", from: .user(id: "ann"))
        #expect(try await security.grants(on: "docs").isEmpty)
    }
}
