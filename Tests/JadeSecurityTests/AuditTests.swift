import Foundation
import JadeCore
import JadeIO
import JadeMetadata
import JadeSecurity
import JadeTestSupport
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
            "UPDATE audit_log SET address = '10.0.0.1' WHERE sequence = 3",
            "UPDATE audit_log SET actor = 'bob', salt = NULL WHERE sequence = 3",
            "UPDATE audit_log SET actor = '', address = '' WHERE sequence = 3",
            "UPDATE audit_log SET who = NULL, salt = NULL WHERE sequence = 3",
            "UPDATE audit_log SET salt = x'00' WHERE sequence = 3",
            "UPDATE audit_log SET at = at + 1 WHERE sequence = 6",
            "UPDATE audit_log SET action = 'vector:writ', resource = 'e' || resource WHERE sequence = 2",
            "DELETE FROM audit_log WHERE sequence = 4",
            "INSERT INTO audit_log SELECT 7, at, actor_id, actor, action, resource, outcome, request_id, address, detail, hash, salt, who FROM audit_log WHERE sequence = 6",
            "DELETE FROM audit_log WHERE sequence = 1",
        ])
    func tampering(_ sql: String) throws {
        let world = try filled()
        #expect(try world.accounts.audit.verify() == 6)
        try world.execute(sql)
        #expect(code { _ = try world.accounts.audit.verify() } == .corrupted)
    }

    @Test("a user who is erased leaves what was done, but no name and no address, and the chain holds")
    func erasure() throws {
        let world = try World()
        try world.addUser("root", roles: ["admin"])
        for name in ["ann", "bob"] {
            try world.addUser(name)
            _ = try world.login(name)
            #expect(code { _ = try world.login(name.uppercased(), "wrong") } == .unauthenticated)
        }
        let audit = world.accounts.audit
        let ann = try world.accounts.user("ann")
        try audit.record(AuditEvent(actorID: ann.id, actor: "ann/key", action: "vector:read", outcome: .refused, address: "10.1.2.3"))
        let before = try audit.entries(AuditQuery(limit: 100))
        try world.accounts.deleteUser("ann", erasing: true, by: world.root)
        let after = try audit.entries(AuditQuery(limit: 100))
        #expect(after.map(\.event.action).prefix(2) == ["user:delete", "user:erase"] && after[1].event.detail == #"{"entries":"3"}"#)
        // What was done stays, under an id that nobody has; so do others.
        #expect(after.dropFirst(2).map(\.hash) == before.map(\.hash) && after.dropFirst(2).map(\.event.action) == before.map(\.event.action))
        #expect(after.filter { $0.event.actorID == ann.id }.count == 2)
        #expect(!after.contains { $0.event.actor.lowercased().hasPrefix("ann") || $0.event.address == "10.1.2.3" })
        #expect(after.filter { $0.event.actor.lowercased() == "bob" }.count == 2)
        #expect(try audit.verify() == after.count)
        // Neither the file nor SQLite's log has it any more.
        for name in ["system.db", "system.db-wal"] {
            let bytes = FileManager.default.contents(atPath: world.folder.path(name)) ?? Data()
            #expect(bytes.range(of: Data("ann/key".utf8)) == nil && bytes.range(of: Data("10.1.2.3".utf8)) == nil, "\(name)")
        }
        // Without erasing, the names stay until they are old.
        try world.accounts.deleteUser("bob", by: world.root)
        #expect(try audit.entries(AuditQuery(actor: "bob")).count == 1)
    }

    @Test("entries from before names were kept apart are vouched for as they are")
    func older() throws {
        let world = try filled()
        try world.execute("DELETE FROM audit_log")
        try world.execute("DELETE FROM audit_anchor")
        let old = AuditEvent(actorID: "7", actor: "ann", action: "login", outcome: .allowed, address: "10.0.0.1")
        // SHA-256 over 32 zeros, number and time in 8 bytes each, and every text with its length in 8, by another program.
        let hash = "9f0a5f1ce7a3fc2f04d65adccb3b213954474123c792815abe4d138193925fcc"
        try world.execute(
            "INSERT INTO audit_log VALUES (1, 1700000000000, '7', 'ann', 'login', '', 'allowed', '', '10.0.0.1', '{}', x'\(hash)', NULL, NULL)")
        #expect(try world.accounts.audit.entries(AuditQuery()).map(\.event) == [old])
        try world.accounts.audit.record(old)
        #expect(try world.accounts.audit.verify() == 2)
        try world.execute("UPDATE audit_log SET actor = 'bob' WHERE sequence = 1")
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
