import JadeCore
import JadeIO
import JadeMetadata
import JadeSecurity
import Testing

@Suite("The audit log")
struct AuditTests {
    private func filled() throws -> World {
        let world = try World()
        for number in 1...6 {
            world.clock.advance(byMilliseconds: 1_000)
            try world.accounts.audit.record(
                AuditEvent(actor: "ann", action: "vector:write", resource: "database/\(number)", outcome: .allowed, detail: "{}"))
        }
        return world
    }

    @Test("every change leaves an entry with it, a failed one says so, and the chain holds")
    func changes() throws {
        let world = try World()
        try world.addUser("ann", roles: ["readonly"])
        #expect(code { try world.accounts.deleteUser("nobody", by: world.root) } == .notFound)
        _ = try world.login("ann")
        #expect(code { _ = try world.login("ann", "wrong") } == .unauthenticated)
        let entries = try world.accounts.audit.entries(AuditQuery())
        #expect(entries.map(\.event.action) == ["login", "login", "user:delete", "user:create"])
        #expect(entries.map(\.event.outcome) == [.refused, .allowed, .failed, .allowed])
        #expect(entries.map(\.sequence) == [4, 3, 2, 1])
        #expect(entries[3].event.requestID == "r-1")
        #expect(try world.accounts.audit.verify() == 4)
        let everything = String(describing: entries)
        #expect(!everything.contains(World.password) && !everything.contains("$2b$"))
    }

    @Test(
        "a changed, removed, added or reordered entry breaks the chain",
        arguments: [
            "UPDATE audit_log SET actor = 'bob' WHERE sequence = 3",
            "UPDATE audit_log SET at = at + 1 WHERE sequence = 6",
            "UPDATE audit_log SET action = 'vector:writ', resource = 'e' || resource WHERE sequence = 2",
            "DELETE FROM audit_log WHERE sequence = 4",
            "INSERT INTO audit_log SELECT 7, at, actor_id, actor, action, resource, outcome, request_id, address, detail, hash FROM audit_log WHERE sequence = 6",
            "DELETE FROM audit_log WHERE sequence = 1",
        ])
    func tampering(_ sql: String) throws {
        let world = try filled()
        #expect(try world.accounts.audit.verify() == 6)
        try world.execute(sql)
        #expect(code { _ = try world.accounts.audit.verify() } == .corrupted)
    }

    @Test("pruning keeps the chain, by time and by count, down to nothing")
    func pruning() throws {
        let world = try filled()
        let audit = world.accounts.audit
        let fourth = try #require(try audit.entries(AuditQuery()).first { $0.sequence == 4 })
        #expect(try audit.prune(before: fourth.at) == 3)
        #expect(try audit.verify() == 3)
        #expect(try audit.prune(before: nil, keeping: 2) == 1)
        #expect(try audit.entries(AuditQuery()).map(\.sequence) == [6, 5])
        #expect(try audit.prune(before: .max) == 2)
        #expect(try audit.verify() == 0)
        try audit.record(AuditEvent(actor: "ann", action: "login", outcome: .allowed))
        #expect(try audit.entries(AuditQuery()).map(\.sequence) == [7])
        #expect(try audit.verify() == 1)
    }

    @Test("queries take conditions and pages")
    func queries() throws {
        let world = try filled()
        let audit = world.accounts.audit
        try audit.record(AuditEvent(actorID: "7", actor: "bob", action: "login", outcome: .refused))
        #expect(try audit.entries(AuditQuery(actor: "bob")).count == 1)
        #expect(try audit.entries(AuditQuery(actor: "7")).count == 1)
        #expect(try audit.entries(AuditQuery(outcome: .refused)).map(\.event.actor) == ["bob"])
        #expect(try audit.entries(AuditQuery(resource: "database/3")).map(\.sequence) == [3])
        var pages: [[Int64]] = []
        var query = AuditQuery(limit: 3)
        while true {
            let page = try audit.entries(query)
            if page.isEmpty { break }
            pages.append(page.map(\.sequence))
            query.before = page.last?.sequence
        }
        #expect(pages == [[7, 6, 5], [4, 3, 2], [1]])
        #expect(code { _ = try audit.entries(AuditQuery(limit: 0)) } == .invalidArgument)
    }
}
