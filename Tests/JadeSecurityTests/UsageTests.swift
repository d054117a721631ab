import GRDB
import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeMetadata
import JadeSecurity
import JadeTestSupport
import Synchronization
import Testing

@Suite("Limits of use")
struct UsageTests {
    private func gate(_ world: World, _ base: any DatabaseService, _ configure: (inout UsageMeter.Settings) -> Void) -> AccessGate {
        var settings = UsageMeter.Settings()
        configure(&settings)
        return AccessGate(base, world.authentication, usage: settings)
    }

    private func refusal(_ body: () async throws -> Void) async -> JadeError? {
        do { try await body() } catch { return error as? JadeError }
        return nil
    }

    @Test("requests of a key are counted, refused with the seconds to wait, and allowed again after these")
    func requests() async throws {
        let world = try World()
        try world.addUser("ann", roles: ["admin"])
        let folder = try TemporaryFolder()
        let engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
        defer { engine.shutdown() }
        let first = try world.accounts.createKey(APIKeyRequest(name: "one"), for: "ann", by: world.root).secret.text
        let second = try world.accounts.createKey(APIKeyRequest(name: "two"), for: "ann", by: world.root).secret.text
        let gate = self.gate(world, engine) { $0.key.requestsPerSecond = 3 }
        // A burst of two seconds' worth, and no more.
        for _ in 0..<6 { _ = try await gate.admit(.secret(first), from: world.here) }
        let refused = await refusal { _ = try await gate.admit(.secret(first), from: world.here) }
        #expect(refused?.code == .overloaded && refused?.retryAfterSeconds == 1)
        // Another key of the same user has its own.
        _ = try await gate.admit(.secret(second), from: world.here)
        world.clock.advance(byMilliseconds: 1_000)
        for _ in 0..<3 { _ = try await gate.admit(.secret(first), from: world.here) }
        #expect(await refusal { _ = try await gate.admit(.secret(first), from: world.here) }?.code == .overloaded)
    }

    @Test("a quota of one key, user or database holds at once and for it alone, and goes over to a key's successor")
    func quotas() async throws {
        let world = try World()
        try world.addUser("root", roles: ["admin"])
        try world.addUser("ann", roles: ["datascientist"])
        let folder = try TemporaryFolder()
        let engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
        defer { engine.shutdown() }
        let one = try world.accounts.createKey(APIKeyRequest(name: "one"), for: "ann", by: world.root)
        let two = try world.accounts.createKey(APIKeyRequest(name: "two"), for: "ann", by: world.root).secret.text
        let gate = self.gate(world, engine) { $0.key.requestsPerSecond = 1_000 }
        let root = try #require(try await gate.admit(.secret(world.login("root").accessToken), from: world.here).security)
        func allowed(_ secret: String, of tries: Int) async -> Int {
            var count = 0
            for _ in 0..<tries where await refusal({ _ = try await gate.admit(.secret(secret), from: world.here) }) == nil { count += 1 }
            return count
        }
        #expect(await allowed(one.secret.text, of: 20) == 20)
        try await root.setQuota(Quota(requestsPerSecond: 3), ofKind: .key, one.key.id)
        #expect(await allowed(one.secret.text, of: 20) == 6)
        #expect(await allowed(two, of: 20) == 20)
        world.clock.advance(byMilliseconds: 10_000)
        let next = try world.accounts.rotateKey(one.key.id, grace: 1_000, by: world.root).secret.text
        #expect(await allowed(next, of: 20) == 6)
        // A user's quota is for all keys together; 0 takes the server's limit away.
        try await root.setQuota(Quota(requestsPerSecond: 2), ofKind: .user, "ann")
        world.clock.advance(byMilliseconds: 10_000)
        #expect(await allowed(two, of: 20) == 4)
        try await root.setQuota(nil, ofKind: .user, "ann")
        #expect(await allowed(two, of: 20) == 20)
        await #expect(throws: JadeError.self) { try await root.setQuota(Quota(requestsPerSecond: -1), ofKind: .user, "ann") }
        await #expect(throws: JadeError.self) { try await root.setQuota(Quota(requestsPerSecond: 1), ofKind: .user, "nobody") }
        #expect(try world.accounts.audit.entries(AuditQuery(action: "quota:set", outcome: .allowed)).count == 3)
    }

    @Test("what is taken is added up, and shown to whom it concerns")
    func totals() async throws {
        let world = try World()
        try world.addUser("root", roles: ["admin"])
        try world.addUser("ann", roles: ["datascientist"])
        let engine = try Engine(EngineConfiguration(dataDirectory: world.folder.path("data")))
        defer { engine.shutdown() }
        let accounts = try AccountStore(engine.systemCatalog, clock: world.clock, random: SeededRandomSource(seed: 9))
        for (name, role) in [("root", "admin"), ("ann", "datascientist")] {
            _ = try accounts.createUser(name: name, passwordHash: nil, roles: [role], by: world.root)
        }
        let authentication = try AuthenticationService(accounts, hasher: PasswordHasher(cost: 4))
        var settings = UsageMeter.Settings()
        settings.database.vectorsPerSecond = 5
        let gate = AccessGate(engine, authentication, usage: settings)
        let docs = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        let key = try accounts.createKey(APIKeyRequest(name: "k"), for: "ann", by: world.root)
        let ann = try await gate.admit(.secret(key.secret.text), from: world.here)
        let records = (0..<20).map { VectorRecord(id: VectorID(UInt64($0)), values: [1, 2]) }
        _ = try await ann.databases.upsert(records, into: "docs")
        #expect(await refusal { _ = try await ann.databases.upsert(records, into: "docs") }?.code == .overloaded)
        let query = SearchRequest(query: .values([1, 2]), topK: 1)
        _ = try await ann.databases.search([query, query], in: "docs")
        let own = try await #require(ann.security).usage(of: .mine)
        #expect(own.map(\.name) == ["ann/k", "ann"] && own.map(\.subject.kind) == [.key, .user])
        for report in own {
            // What the database refused, the key and the user had paid for already.
            #expect(report.totals.requests == 1 && report.totals.refused == 0 && report.totals.vectors == 40, "\(report)")
            #expect(report.totals.bytes == 320 && report.totals.searches == 2 && report.runningSearches == 0 && report.since == 1_700_000_000_000)
        }
        await #expect(throws: JadeError.self) { try await #require(ann.security).usage(of: .everybodys) }
        await #expect(throws: JadeError.self) { try await #require(ann.security).usage(of: .of(user: "root")) }
        await #expect(throws: JadeError.self) { try await #require(ann.security).setQuota(nil, ofKind: .user, "ann") }
        let rootKey = try accounts.createKey(APIKeyRequest(name: "r"), for: "root", by: world.root).secret.text
        let root = try #require(try await gate.admit(.secret(rootKey), from: world.here).security)
        try await root.setQuota(Quota(vectorsPerSecond: 7), ofKind: .database, "docs")
        _ = try await gate.admit(.secret(rootKey), from: world.here)
        let all = try await root.usage(of: .everybodys)
        #expect(all.map(\.name) == ["docs", "ann/k", "root/r", "ann", "root"])
        #expect(all[0].subject.id == docs.id && all[0].totals.refused == 1 && all[0].totals.vectors == 20 && all[0].totals.requests == 3)
        #expect(all[0].quota == Quota(vectorsPerSecond: 7) && all[0].limits.vectorsPerSecond == 7 && all[0].limits.requestsPerSecond == 0)
    }

    @Test("vectors and their bytes are paid for by waiting, also where one batch is more than the burst")
    func writes() async throws {
        let world = try World()
        try world.addUser("ann", roles: ["admin"])
        let folder = try TemporaryFolder()
        let engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
        defer { engine.shutdown() }
        _ = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2))
        let token = try world.login("ann").accessToken
        let records = (0..<25).map { VectorRecord(id: VectorID(UInt64($0)), values: [1, 2]) }
        for byBytes in [false, true] {
            let gate = self.gate(world, engine) {
                if byBytes { $0.database.bytesPerSecond = 80 } else { $0.user.vectorsPerSecond = 10 }
            }
            let service = try await gate.admit(.secret(token), from: world.here).databases
            _ = try await service.upsert(records, into: "docs")
            let refused = await refusal { _ = try await service.upsert([records[0]], into: "docs") }
            #expect(refused?.code == .overloaded && refused?.retryAfterSeconds == 1, "\(byBytes) \(String(describing: refused))")
            world.clock.advance(byMilliseconds: 1_000)
            _ = try await service.upsert([records[0]], into: "docs")
        }
    }

    @Test("searches beyond the limit are refused while the others run, and let in when one has ended")
    func searches() async throws {
        let world = try World()
        try world.addUser("ann", roles: ["admin"])
        let token = try world.login("ann").accessToken
        let base = HeldService()
        let gate = self.gate(world, base) { $0.user.concurrentSearches = 2 }
        let service = try await gate.admit(.secret(token), from: world.here).databases
        let request = SearchRequest(query: .values([1]))
        let running = (0..<2).map { _ in Task { try await service.search([request], in: "docs") } }
        _ = try await poll("two searches") { base.waiting == 2 ? true : nil }
        #expect(await refusal { _ = try await service.search([request], in: "docs") }?.code == .overloaded)
        base.release()
        for task in running { _ = try await task.value }
        let third = Task { try await service.search([request], in: "docs") }
        _ = try await poll("the third search") { base.waiting == 1 ? true : nil }
        base.release()
        _ = try await third.value
    }

    @Test("one address that tries credentials is slowed down, and does not fill the audit log")
    func failures() async throws {
        let world = try World()
        let gate = self.gate(world, HeldService()) { $0.failuresPerSecond = 50 }
        var codes: [ErrorCode] = []
        for _ in 0..<200 {
            do { _ = try await gate.admit(.secret("nonsense"), from: world.here) } catch { codes.append(error.code) }
        }
        #expect(codes.prefix(100).allSatisfy { $0 == .unauthenticated } && codes.dropFirst(100).allSatisfy { $0 == .overloaded })
        let entries = try world.accounts.audit.entries(AuditQuery(action: "authenticate", limit: 1_000))
        // Thirty, then 32, 64 and 128.
        #expect(entries.count == 33)
        #expect(entries[0].event.detail == #"{"in_this_minute":"128"}"#)
    }

    @Test("the audit log stays within its days and its disk, and its chain holds")
    func retention() async throws {
        let world = try World()
        let gate = self.gate(world, HeldService()) { _ in }
        for number in 0..<3_000 {
            try world.accounts.audit.record(AuditEvent(actor: "ann", action: "vector:read", resource: "database/\(number)", outcome: .allowed))
        }
        let budget = 100_000
        try await gate.performUpkeep(auditMilliseconds: 1_000_000, auditBytes: budget)
        let (head, _) = try world.accounts.audit.head()
        let kept = try world.accounts.audit.verify()
        #expect(head == 3_000 && kept < 1_500 && kept > 300, "\(kept)")
        let bytes = try world.catalog.read("measure") { db in
            try Int.fetchOne(db, sql: "SELECT sum(pgsize) FROM dbstat WHERE name LIKE 'audit_log%'") ?? 0
        }
        #expect(bytes < 2 * budget, "\(bytes)")
        world.clock.advance(byMilliseconds: 2_000_000)
        try world.accounts.audit.record(AuditEvent(actor: "ann", action: "last", outcome: .allowed))
        try await gate.performUpkeep(auditMilliseconds: 1_000_000, auditBytes: budget)
        #expect(try world.accounts.audit.verify() == 1)
    }
}

/// Keeps searches waiting until it is told.
private final class HeldService: DatabaseService {
    private let held = Mutex<[CheckedContinuation<Void, Never>]>([])

    var waiting: Int { held.withLock { $0.count } }

    func release() {
        let all = held.withLock { held in
            defer { held = [] }
            return held
        }
        for continuation in all { continuation.resume() }
    }

    func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse] {
        await withCheckedContinuation { continuation in held.withLock { $0.append(continuation) } }
        return []
    }

    func databaseID(of database: String) async throws(JadeError) -> String { database }

    private static let none = JadeError.unavailable("there is nothing here")
    func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription { throw Self.none }
    func listDatabases() async throws(JadeError) -> [DatabaseDescription] { throw Self.none }
    func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription { throw Self.none }
    func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription { throw Self.none }
    func deleteDatabase(_ database: String) async throws(JadeError) { throw Self.none }
    func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult { throw Self.none }
    func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult { throw Self.none }
    func updateMetadata(_ change: MetadataChange, of id: VectorID, in database: String) async throws(JadeError) -> WriteResult {
        throw Self.none
    }
    func write(_ write: VectorWrite, if condition: VersionCondition, in database: String) async throws(JadeError) -> WriteResult { throw Self.none }
    func vectors(_ ids: [VectorID], in database: String, parts: VectorParts) async throws(JadeError) -> [StoredVector] { throw Self.none }
    func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage { throw Self.none }
    func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int { throw Self.none }
    func status() async throws(JadeError) -> NodeStatus { throw Self.none }
}
