import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeSecurity
import JadeTestSupport
import Testing

@Suite("Owners of databases")
struct OwnerTests {
    private struct Stage {
        let folder: TemporaryFolder
        let engine: Engine
        let accounts: AccountStore
        let gate: AccessGate
        let root = Actor(id: "", name: "root")

        init() throws {
            folder = try TemporaryFolder()
            var configuration = EngineConfiguration(dataDirectory: folder.path("data"))
            configuration.backupDirectories = ["local": folder.path("backups")]
            engine = try Engine(configuration)
            accounts = try AccountStore(engine.systemCatalog, random: SeededRandomSource(seed: 3))
            gate = AccessGate(engine, try AuthenticationService(accounts, hasher: PasswordHasher(cost: 4)))
            let restoring = PermissionSet([.backupRestore, .databaseCreate])
            _ = try accounts.createRole(name: "restorer", meaning: "", permissions: restoring, by: root)
            for (name, role) in [("boss", "admin"), ("ann", "user"), ("ben", "user"), ("rita", "restorer")] {
                _ = try accounts.createUser(name: name, passwordHash: nil, roles: [role], by: root)
            }
        }

        func caller(_ name: String) async throws -> any AdmittedCaller {
            let key = try accounts.createKey(APIKeyRequest(name: "k"), for: name, by: root).secret.text
            return try await gate.admit(.secret(key), from: RequestOrigin(address: "127.0.0.1"))
        }

        func mayDelete(_ name: String, _ database: String) async throws -> Bool {
            let caller = try await caller(name)
            do { try await caller.require(.databaseDelete, on: database) } catch {
                #expect(error.code == .permissionDenied)
                return false
            }
            return true
        }
    }

    @Test("an owner hands a database over, and has it no longer; nobody else can")
    func handOver() async throws {
        let stage = try Stage()
        defer { stage.engine.shutdown() }
        let ann = try await stage.caller("ann")
        _ = try await ann.databases.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        #expect(try await stage.mayDelete("ann", "docs"))
        let ben = try #require(try await stage.caller("ben").security)
        await #expect(throws: JadeError.self) { try await ben.setOwner(of: "docs", to: "ben") }
        // Whoever may grant, but not all that an owner may, gives no more than that.
        let docs = try await stage.engine.databaseID(of: "docs")
        try stage.accounts.grant(PermissionSet([.grantManage, .databaseRead]), on: docs, to: .user(id: stage.accounts.user("ben").id), by: stage.root)
        let granting = try #require(try await stage.caller("ben").security)
        await #expect(throws: JadeError.self) { try await granting.setOwner(of: "docs", to: "ben") }
        #expect(try await !stage.mayDelete("ben", "docs"))
        let owner = try #require(try await stage.caller("ann").security)
        await #expect(throws: JadeError.self) { try await owner.setOwner(of: "docs", to: "nobody") }
        try await owner.setOwner(of: "docs", to: "ben")
        #expect(try await stage.mayDelete("ben", "docs"))
        #expect(try await !stage.mayDelete("ann", "docs"))
        let entry = try #require(try stage.accounts.audit.entries(AuditQuery(action: "database:owner")).first)
        let newOwner = try stage.accounts.user("ben").id
        #expect(entry.event.actor == "ann/k" && entry.event.detail == #"{"to":"user/\#(newOwner)"}"#)
    }

    @Test("whoever restores a database owns it, at once and for who was let in before")
    func restored() async throws {
        let stage = try Stage()
        defer { stage.engine.shutdown() }
        _ = try await stage.engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        _ = try await stage.engine.upsert([VectorRecord(id: VectorID(1), values: [1, 2])], into: "docs")
        let made = try await stage.engine.createBackup(BackupRequest(database: "docs", target: "local"))
        _ = try await poll("the backup") { try await stage.engine.backupTask(made.id).state == .running ? nil : true }
        let key = try stage.accounts.createKey(APIKeyRequest(name: "early"), for: "rita", by: stage.root).secret.text
        let rita = try await stage.gate.admit(.secret(key), from: RequestOrigin(address: "127.0.0.1"))
        var request = RestoreRequest(source: "docs", database: "copy")
        // Nobody says in a request whose it is to be.
        request.ownerID = try stage.accounts.user("ben").id
        let task = try await #require(rita.backups).restoreBackup(request)
        _ = try await poll("the restore") { try await stage.engine.backupTask(task.id).state == .running ? nil : true }
        let again = try await stage.gate.admit(.secret(key), from: RequestOrigin(address: "127.0.0.1"))
        #expect(try await again.databases.count(matching: nil, in: "copy") == 1)
        #expect(try await stage.mayDelete("rita", "copy"))
        #expect(try await !stage.mayDelete("ben", "copy"))
        #expect(try await !stage.mayDelete("rita", "docs"))
    }

    @Test("changes of databases, backups and the node are in the audit log once each, data is not")
    func administration() async throws {
        let stage = try Stage()
        defer { stage.engine.shutdown() }
        let boss = try await stage.caller("boss")
        _ = try await boss.databases.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        _ = try await boss.databases.upsert([VectorRecord(id: VectorID(1), values: [1, 2])], into: "docs")
        _ = try await boss.databases.listDatabases()
        let before = try stage.accounts.audit.head().sequence
        // As a door does it: it asks, then the service asks again.
        try await boss.require(.databaseDelete, on: "docs")
        try await boss.databases.deleteDatabase("docs")
        let entries = try stage.accounts.audit.entries(AuditQuery(actor: "boss/k", limit: 100)).filter { $0.event.action != "key:create" }
        #expect(entries.map(\.event.action) == ["database:delete", "database:owner", "database:create"])
        #expect(entries[0].sequence == before + 1)
    }
}
