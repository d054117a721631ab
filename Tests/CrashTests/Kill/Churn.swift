import JadeAPI
import JadeCore
import JadeTestSupport

/// A task that creates small databases, fills them, renames and deletes them.
struct Churn: Sendable {
    /// Vectors by database.
    var databases: [String: Int] = [:]
    /// What the change under way leads to, of the databases it touches; nil is one that must not exist.
    var pending: [String: Int?]?
    var created = 0
    var acknowledged = 0
    var failure: String?

    mutating func load(_ service: any DatabaseService, _ ending: Ending, _ random: SeededRandom) async {
        var random = random
        while !ending.hasBegun {
            do {
                try await step(service, &random)
            } catch {
                if !ending.hasBegun { failure = "\(error)" }
                return
            }
        }
    }

    private mutating func step(_ service: any DatabaseService, _ random: inout SeededRandom) async throws {
        let names = databases.keys.sorted()
        let dice = Int.random(in: 0..<100, using: &random)
        guard let name = names.isEmpty ? nil : names[Int.random(in: 0..<names.count, using: &random)], dice < 70 || names.count >= 6
        else { return try await create(service, &random) }
        let count = databases[name] ?? 0
        switch dice {
        case 0..<30: try await change([name: nil]) { try await service.deleteDatabase(name) }
        case 30..<45:
            created += 1
            let new = "renamed-\(created)"
            try await change([name: nil, new: count]) { _ = try await service.updateDatabase(name, DatabaseUpdate(name: new)) }
        default:
            let records = (0..<3).map { VectorRecord(id: VectorID(UInt64(count + $0)), values: random.vector(4)) }
            try await change([name: count + 3]) { _ = try await service.upsert(records, into: name) }
        }
    }

    private mutating func create(_ service: any DatabaseService, _ random: inout SeededRandom) async throws {
        created += 1
        let specification = DatabaseSpecification(
            name: "temporary-\(created)", dimension: 4, metric: .dot, index: IndexSettings(kind: random.happens(50) ? .hnsw : .flat))
        try await change([specification.name: 0]) { _ = try await service.createDatabase(specification) }
    }

    private mutating func change(_ change: [String: Int?], _ body: () async throws -> Void) async throws {
        pending = change
        try await body()
        apply(change)
        pending = nil
        acknowledged += 1
    }

    private mutating func apply(_ change: [String: Int?]) {
        for (name, count) in change { databases[name] = count }
    }

    /// Compares with what is there, and takes over which way the change under way has gone.
    mutating func settle(_ found: [String: Int]) throws {
        var after = self
        if let pending { after.apply(pending) }
        guard found == databases || found == after.databases else {
            throw Wrong("databases are \(found), expected \(databases)" + (pending == nil ? "" : " or \(after.databases)"))
        }
        databases = found
        pending = nil
    }
}
