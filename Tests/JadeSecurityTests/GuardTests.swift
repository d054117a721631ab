import JadeAPI
import JadeCore
import JadeEngine
import JadeSecurity
import JadeTestSupport
import Testing

@Suite("A guarded service")
struct GuardTests {
    /// An engine with the database `docs`: two vectors of the tenant `acme`, one of `evil`, one that both may read.
    private final class Fixture: Sendable {
        let folder: TemporaryFolder
        let engine: Engine
        let id: String
        let tenants = TenantLocks()

        init() async throws {
            folder = try TemporaryFolder()
            engine = try Engine(EngineConfiguration(dataDirectory: folder.path("data")))
            id = try await engine.createDatabase(DatabaseSpecification(name: "docs", dimension: 2, metric: .euclidean)).id
            _ = try await engine.upsert(
                [
                    VectorRecord(id: "a1", values: [1, 0], metadata: ["tenant": "acme", "n": 1]),
                    VectorRecord(id: "a2", values: [2, 0], metadata: ["tenant": "acme", "n": 2]),
                    VectorRecord(id: "e1", values: [1, 1], metadata: ["tenant": "evil", "n": 1]),
                    VectorRecord(id: "x1", values: [0, 1], metadata: ["tenant": ["acme", "evil"]]),
                ], into: "docs")
        }

        deinit { engine.shutdown() }

        func guarded(_ access: Access, tenant: String? = nil) -> GuardedService {
            let caller = Caller(
                userID: "1", userName: "ann", credential: .apiKey(id: "k", name: "k"), access: access,
                tenant: tenant.map { TenantBinding(field: "tenant", value: $0) }, mustChangePassword: false)
            return GuardedService(engine, for: caller, tenants: tenants)
        }
    }

    /// What each request needs, and the request.
    private static let requests: [(Permission, @Sendable (GuardedService) async throws -> Void)] = [
        (.databaseCreate, { _ = try await $0.createDatabase(DatabaseSpecification(name: "new", dimension: 2)) }),
        (.databaseRead, { _ = try await $0.describeDatabase("docs") }),
        (.databaseRead, { _ = try await $0.databaseID(of: "docs") }),
        (.databaseUpdate, { _ = try await $0.updateDatabase("docs", DatabaseUpdate(efSearch: 7)) }),
        (.vectorRead, { _ = try await $0.search(SearchRequest(query: .values([0, 0])), in: "docs") }),
        (.vectorRead, { _ = try await $0.vectors(["a1"], in: "docs", parts: []) }),
        (.vectorRead, { _ = try await $0.scroll(ScrollRequest(), in: "docs") }),
        (.vectorRead, { _ = try await $0.count(matching: nil, in: "docs") }),
        (.vectorWrite, { _ = try await $0.upsert([VectorRecord(id: "b", values: [5, 5])], into: "docs") }),
        (.vectorWrite, { _ = try await $0.upsert(VectorRecord(id: "b", values: [5, 5]), into: "docs", if: .exists) }),
        (.vectorDelete, { _ = try await $0.delete("b", from: "docs", if: .exists) }),
        (.vectorWrite, { _ = try await $0.updateMetadata(.merge(["k": 1]), of: "a1", in: "docs") }),
        (.vectorDelete, { _ = try await $0.delete(["b"], from: "docs") }),
        (.nodeRead, { _ = try await $0.status() }),
        (.databaseDelete, { try await $0.deleteDatabase("docs") }),
    ]

    @Test("each request is refused without its permission, whatever else is allowed, and answered with it alone")
    func matrix() async throws {
        let fixture = try await Fixture()
        for (permission, request) in Self.requests {
            let others = fixture.guarded(Access(everywhere: PermissionSet.all.subtracting(PermissionSet(permission))))
            await #expect(throws: JadeError.self, "\(permission.name)") { try await request(others) }
            if permission.isPerDatabase {
                let elsewhere = fixture.guarded(Access(byDatabase: ["another": .all]))
                await #expect(throws: JadeError.self, "\(permission.name)") { try await request(elsewhere) }
                try await request(fixture.guarded(Access(byDatabase: [fixture.id: PermissionSet(permission)])))
            } else {
                try await request(fixture.guarded(Access(everywhere: PermissionSet(permission))))
            }
        }
    }

    @Test("who may not read a database cannot tell whether it exists, by name or by id")
    func existence() async throws {
        let fixture = try await Fixture()
        let stranger = fixture.guarded(Access(everywhere: PermissionSet([.nodeRead, .databaseCreate])))
        var messages: Set<JadeError> = []
        for name in ["docs", fixture.id, "nothing", "0123456789abcdef0123456789abcdef"] {
            do { _ = try await stranger.count(matching: nil, in: name) } catch { messages.insert(error) }
        }
        #expect(messages.count == 1)
        #expect(messages.first?.code == .permissionDenied)
        #expect(try await stranger.listDatabases().isEmpty)
        await #expect(throws: JadeError.notFound("database \"nothing\" does not exist")) {
            try await fixture.guarded(Access(everywhere: .all)).count(matching: nil, in: "nothing")
        }
    }

    @Test("a tenant sees its own vectors in every way of reading, and counts that say nothing of others")
    func tenantReads() async throws {
        let fixture = try await Fixture()
        let acme = fixture.guarded(Access(everywhere: .all), tenant: "acme")
        let hits = try await acme.search(SearchRequest(query: .values([0, 0]), topK: 10, explain: true), in: "docs")
        #expect(hits.results.map(\.id) == ["a1", "x1", "a2"])
        #expect(hits.plan?.visible == 0)
        let broad = SearchRequest(query: .values([0, 0]), filter: .or([.equals(try FieldPath("n"), .integer(1)), .and([])]))
        #expect(try await acme.search(broad, in: "docs").results.map(\.id) == ["a1", "x1", "a2"])
        #expect(try await acme.count(matching: .not(.equals(FieldPath("tenant"), .string("acme"))), in: "docs") == 0)
        #expect(try await acme.count(matching: nil, in: "docs") == 3)
        #expect(try await acme.describeDatabase("docs").vectorCount == 3)
        #expect(try await acme.listDatabases().map(\.vectorCount) == [3])
        #expect(try await acme.scroll(ScrollRequest(), in: "docs").vectors.map(\.id) == ["a1", "a2", "x1"])
        let found = try await acme.vectors(["e1", "a2", "x1"], in: "docs", parts: .values)
        #expect(found == [StoredVector(id: "a2", values: [2, 0]), StoredVector(id: "x1", values: [0, 1])])
        await #expect(throws: JadeError.notFound("vector \"e1\" does not exist")) {
            try await acme.search(SearchRequest(query: .id("e1")), in: "docs")
        }
    }

    @Test("a tenant writes its own vectors alone, with its mark on them")
    func tenantWrites() async throws {
        let fixture = try await Fixture()
        let acme = fixture.guarded(Access(everywhere: .all), tenant: "acme")
        func refusal(_ body: () async throws -> Void) async -> ErrorCode? {
            do { try await body() } catch { return (error as? JadeError)?.code }
            return nil
        }
        _ = try await acme.upsert([VectorRecord(id: "a3", values: [3, 0])], into: "docs")
        #expect(try await fixture.engine.vectors(["a3"], in: "docs", parts: .metadata).first?.metadata == ["tenant": "acme"])
        let foreign = VectorRecord(id: "a4", values: [3, 0], metadata: ["tenant": "evil"])
        #expect(await refusal { _ = try await acme.upsert([foreign], into: "docs") } == .permissionDenied)
        #expect(await refusal { _ = try await acme.upsert([VectorRecord(id: "e1", values: [9, 9])], into: "docs") } == .conflict)
        #expect(await refusal { _ = try await acme.updateMetadata(.merge(["tenant": nil]), of: "a1", in: "docs") } == .permissionDenied)
        #expect(await refusal { _ = try await acme.upsert([VectorRecord(id: "x1", values: [9, 9])], into: "docs") } == .conflict)
        for id in ["e1", "x1"] as [VectorID] {
            #expect(await refusal { _ = try await acme.updateMetadata(.replace([:]), of: id, in: "docs") } == .notFound)
        }
        _ = try await acme.updateMetadata(.replace(["n": 5]), of: "a1", in: "docs")
        #expect(try await acme.delete(["a2", "e1", "x1"], from: "docs").count == 1)
        #expect(await refusal { try await acme.deleteDatabase("docs") } == .permissionDenied)
        let all = try await fixture.engine.scroll(ScrollRequest(), in: "docs").vectors
        #expect(all.map(\.id) == ["a1", "a3", "e1", "x1"])
        #expect(all[0].metadata == ["tenant": "acme", "n": 5])
        #expect(all[2].metadata == ["tenant": "evil", "n": 1])
    }

    @Test("conditions and versions tell a tenant nothing of vectors that it does not own")
    func tenantConditions() async throws {
        let fixture = try await Fixture()
        let acme = fixture.guarded(Access(everywhere: .all), tenant: "acme")
        func refusal(_ write: VectorWrite, _ condition: VersionCondition) async -> JadeError? {
            do throws(JadeError) {
                _ = try await acme.write(write, if: condition, in: "docs")
                return nil
            } catch {
                return error
            }
        }
        let all = try await fixture.engine.vectors(["a1", "a2", "e1", "x1"], in: "docs", parts: .version)
        #expect(try await acme.vectors(["e1"], in: "docs", parts: .version).isEmpty)
        #expect(try await acme.vectors(["a1", "x1"], in: "docs", parts: .version) == [all[0], all[3]])
        let strangers = [all[2], all[3]]
        for stranger in strangers {
            let version = try #require(stranger.version)
            // The same words as for an id that nobody has.
            for condition in [VersionCondition.exists, .version(version)] {
                for write in [VectorWrite.delete(stranger.id), .updateMetadata(.merge(["n": 9]), of: stranger.id), .upsert(VectorRecord(id: stranger.id, values: [9, 9]))] {
                    let refused = await refusal(write, condition)
                    #expect(refused?.code == .preconditionFailed)
                    #expect(refused?.message == "vector \(stranger.id.text.debugDescription) does not exist, the write expects it to: leave the condition out if that is no matter")
                }
            }
            #expect(await refusal(.delete(stranger.id), .absent)?.code == .notFound)
            #expect(await refusal(.updateMetadata(.merge([:]), of: stranger.id), .absent)?.code == .notFound)
            #expect(await refusal(.upsert(VectorRecord(id: stranger.id, values: [9, 9])), .absent)?.code == .conflict)
        }
        #expect(try await fixture.engine.vectors(["e1", "x1"], in: "docs", parts: .version) == strangers)
        let own = try #require(all[0].version)
        #expect(await refusal(.updateMetadata(.merge(["tenant": "evil"]), of: "a1"), .version(own))?.code == .permissionDenied)
        #expect(await refusal(.upsert(VectorRecord(id: "a1", values: [7, 0])), .absent)?.message.contains(own) == true)
        #expect(await refusal(.upsert(VectorRecord(id: "a1", values: [7, 0])), .version(own)) == nil)
        #expect(try await fixture.engine.vector("a1", in: "docs")?.metadata == ["tenant": "acme"])
        #expect(await refusal(.upsert(VectorRecord(id: "a9", values: [7, 0])), .absent) == nil)
        #expect(await refusal(.delete("a2"), .version(try #require(all[1].version))) == nil)
    }

    @Test("two tenants who write the same new ids at once never take each other's")
    func race() async throws {
        let fixture = try await Fixture()
        let won = try await withThrowingTaskGroup(of: (String, Int)?.self) { group in
            for number in 0..<40 {
                for tenant in ["acme", "evil"] {
                    group.addTask {
                        let service = fixture.guarded(Access(everywhere: .all), tenant: tenant)
                        let record = VectorRecord(id: try VectorID("r\(number)"), values: [Float(number), 1])
                        do { _ = try await service.upsert([record], into: "docs") } catch let error as JadeError where error.code == .conflict { return nil }
                        return (tenant, number)
                    }
                }
            }
            var won: [Int: String] = [:]
            for try await case let (tenant, number)? in group {
                #expect(won.updateValue(tenant, forKey: number) == nil)
            }
            return won
        }
        #expect(won.count == 40)
        for (number, tenant) in won {
            let stored = try await fixture.engine.vectors([try VectorID("r\(number)")], in: "docs", parts: .metadata)
            #expect(stored.first?.metadata == ["tenant": .string(tenant)])
        }
    }
}
