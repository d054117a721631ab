import JadeCore
import JadeIO
import JadeStorage
import Testing

/// What every object store has to do; run on each kind of them.
enum ObjectStoreChecks {
    static func run(_ store: any ObjectStore) async throws {
        try await basics(store)
        try await listing(store)
        try await races(store)
    }

    private static func basics(_ store: any ObjectStore) async throws {
        let key = try ObjectKey("basics/one")
        #expect(try await store.size(of: key) == nil)
        await #expect(throws: JadeError.self) { try await store.get(key) }
        try await store.delete([key])
        try await store.put(key, [1, 2, 3])
        #expect(try await store.get(key) == [1, 2, 3])
        #expect(try await store.putIfAbsent(key, [9]) == .existed)
        try await store.put(key, [4, 5, 6, 7])
        #expect(try await store.size(of: key) == 4)
        #expect(try await store.get(key, range: 1..<3) == [5, 6])
        #expect(try await store.get(key, range: 2..<100) == [6, 7])
        #expect(try await store.get(key, range: 50..<100) == [])
        let empty = try ObjectKey("basics/empty")
        #expect(try await store.putIfAbsent(empty, []) == .stored)
        #expect(try await store.get(empty) == [])
        let large = try ObjectKey("basics/large")
        let bytes = SeededRandomSource(seed: 3).bytes(9 << 20)
        try await store.put(large, bytes)
        #expect(try await store.get(large) == bytes)
        try await store.delete([key, empty, large])
        #expect(try await store.size(of: large) == nil)
        do {
            _ = try await store.get(key)
            Issue.record("a deleted object was read")
        } catch { #expect(error.code == .notFound) }
    }

    private static func listing(_ store: any ObjectStore) async throws {
        let names = ["list/a", "list/a-b", "list/a/1", "list/a/2", "list/a.b", "list/aa/1", "list/b", "listing", "lis/x", "list/a_/x"]
        let keys = try names.map { name throws(JadeError) in try ObjectKey(name) }
        // A file cannot be a folder too: that pair is for buckets only.
        let own = keys.filter { !["list/a/1", "list/a/2"].contains($0.text) }
        for key in own { try await store.put(key, [UInt8](repeating: 1, count: key.text.utf8.count)) }
        let all = own.filter { $0.text.hasPrefix("list/") }.sorted()
        #expect(try await store.listAll("list/") == all.map { ObjectEntry(key: $0, bytes: $0.text.utf8.count) })
        #expect(try await store.listAll("list/a").map(\.key) == all.filter { $0.text.hasPrefix("list/a") })
        #expect(try await store.listAll("nothing/").isEmpty)
        var paged: [ObjectKey] = []
        while case let page = try await store.list("list/", after: paged.last?.text ?? "", limit: 2), !page.isEmpty { paged += page.map(\.key) }
        #expect(paged == all)
        try await store.delete(own)
        #expect(try await store.listAll("lis").isEmpty)
    }

    /// Of many that want a name one gets it, and its bytes are the ones that stay.
    private static func races(_ store: any ObjectStore) async throws {
        for round in 0..<5 {
            let key = try ObjectKey("race/\(round)")
            let winners = try await withThrowingTaskGroup(of: UInt8?.self) { group in
                for racer in 0..<8 as Range<UInt8> {
                    group.addTask { try await store.putIfAbsent(key, [racer, racer]) == .stored ? racer : nil }
                }
                return try await group.reduce(into: [UInt8]()) { if let racer = $1 { $0.append(racer) } }
            }
            #expect(winners.count == 1)
            #expect(try await store.get(key) == winners + winners)
            try await store.delete([key])
        }
    }
}
