import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeMetadata
import JadeSecurity
import JadeServer
import JadeTestSupport
import Logging
import Testing

/// A server with accounts over a real engine, with users of every kind, and a clock that tests move.
final class GuardedServer: Sendable {
    let folder: TemporaryFolder
    let engine: Engine
    let clock = ManualClock()
    let accounts: AccountStore
    let authentication: AuthenticationService
    let gate: AccessGate

    static let password = "correct horse battery"
    static let root = Actor(id: "", name: "root")

    init(settings: AuthenticationSettings = .init(), trail: AuditTrail.Settings = .init()) throws {
        folder = try TemporaryFolder()
        var configuration = EngineConfiguration(dataDirectory: folder.path("data"))
        configuration.backupDirectories = ["local": folder.path("backups")]
        engine = try Engine(configuration)
        accounts = try AccountStore(engine.systemCatalog, clock: clock, random: SeededRandomSource(seed: 11))
        authentication = try AuthenticationService(accounts, hasher: PasswordHasher(cost: 4), settings: settings)
        gate = AccessGate(engine, authentication, trail: trail)
        try add("root", roles: ["admin"])
    }

    deinit { engine.shutdown() }

    @discardableResult
    func add(_ name: String, roles: [String] = [], mustChange: Bool = false) throws -> User {
        try accounts.createUser(
            name: name, passwordHash: authentication.hasher.hash(Self.password), roles: roles, mustChangePassword: mustChange, by: Self.root)
    }

    func token(_ name: String) throws -> String {
        try authentication.login(name: name, password: Self.password, from: RequestOrigin(address: "127.0.0.1")).accessToken
    }

    func key(_ user: String, _ request: APIKeyRequest) throws -> String {
        try accounts.createKey(request, for: user, by: Self.root).secret.text
    }

    /// Serves it around the body.
    func run(configure: @Sendable (inout ServerConfiguration) -> Void = { _ in }, _ body: (LiveServer) async throws -> Void) async throws {
        let database = ServedDatabase(access: gate) { () throws(JadeError) in }
        try await LiveServer.run(database, configure: configure, body)
    }
}

extension LiveServer {
    /// The same with a key or token.
    func send(_ method: String, _ path: String, _ body: String? = nil, as credential: String?) async throws -> Answer {
        try await send(method, path, body, headers: credential.map { ["authorization": "Bearer \($0)"] } ?? [:])
    }
}
