import JadeAPI
import JadeCore
import JadeTestSupport
import Synchronization

/// Set just before a server is told to go: from then on errors are expected.
final class Ending: Sendable {
    private let flag = Atomic(false)
    var hasBegun: Bool { flag.load(ordering: .acquiring) }
    func begin() { flag.store(true, ordering: .releasing) }
}

/// One task's share of a database: nobody else writes its ids, so what they must hold is known exactly, up to the one
/// write that is under way when the server dies.
struct Share: Sendable {
    /// A vector that has to be there, or nil for one that must not.
    typealias Change = [VectorID: VectorRecord?]

    static let dimension = 16
    static let idCount = 1_200

    let database: String
    let number: Int
    /// All ids that the share ever uses.
    let ids: [VectorID]
    /// What is acknowledged.
    var vectors: [VectorID: VectorRecord] = [:]
    /// What the write under way changes: whole or not at all.
    var pending: Change?
    var batches = 0
    var acknowledged = 0
    var searches = 0
    /// What should never have happened, if it did.
    var failure: String?

    init(database: String, number: Int) {
        self.database = database
        self.number = number
        ids = (0..<Self.idCount).map { Self.id($0, of: number) }
    }

    /// Numbers, short names, and names that are longer than a row's head.
    private static func id(_ index: Int, of share: Int) -> VectorID {
        let text = "share-\(share)-\(index)"
        switch index % 3 {
        case 0: return VectorID(UInt64(share * 1_000_000 + index))
        case 1: return VectorID(uncheckedText: text, isInteger: false)
        default:
            return VectorID(uncheckedText: text + "-" + String(repeating: "long", count: 10 + index % 7), isInteger: false)
        }
    }

    /// Works until the server is gone.
    mutating func load(_ service: any DatabaseService, _ ending: Ending, _ random: SeededRandom) async {
        var random = random
        while !ending.hasBegun {
            do {
                try await step(service, &random)
            } catch {
                if !ending.hasBegun { failure = "share \(number) of \(database): \(error)" }
                return
            }
        }
    }

    private mutating func step(_ service: any DatabaseService, _ random: inout SeededRandom) async throws {
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<45: try await upsert(service, &random)
        case 45..<58: try await delete(service, &random)
        case 58..<72: try await changeMetadata(service, &random)
        case 72..<94: try await search(service, &random)
        default: try await count(service)
        }
    }

    private mutating func upsert(_ service: any DatabaseService, _ random: inout SeededRandom) async throws {
        batches += 1
        let largest = random.happens(15) ? 150 : 12
        let records = (0..<Int.random(in: 1...largest, using: &random)).map { _ in
            VectorRecord(id: randomID(&random), values: random.vector(Self.dimension), metadata: metadata(&random))
        }
        try await write(Change(records.map { ($0.id, $0) }, uniquingKeysWith: { $1 }), answeredBy: records.count) {
            [database] in try await service.upsert(records, into: database)
        }
    }

    private mutating func delete(_ service: any DatabaseService, _ random: inout SeededRandom) async throws {
        let doomed = (0..<Int.random(in: 1...30, using: &random)).map { _ in randomID(&random) }
        let existing = Set(doomed).filter { vectors[$0] != nil }.count
        try await write(Change(doomed.map { ($0, nil) }, uniquingKeysWith: { $1 }), answeredBy: existing) {
            [database] in try await service.delete(doomed, from: database)
        }
    }

    private mutating func changeMetadata(_ service: any DatabaseService, _ random: inout SeededRandom) async throws {
        guard var record = randomLive(&random) else { return }
        batches += 1
        let new = metadata(&random)
        let replaces = random.happens(50)
        record.metadata = replaces ? new : record.metadata.merging(new) { $1 }
        try await write([record.id: record], answeredBy: 1) { [database, id = record.id] in
            try await service.updateMetadata(replaces ? .replace(new) : .merge(new), of: id, in: database)
        }
    }

    private mutating func write(
        _ change: Change, answeredBy count: Int, _ body: () async throws -> WriteResult
    ) async throws {
        pending = change
        let result = try await body()
        apply(change)
        pending = nil
        acknowledged += 1
        guard result.count == count else { throw Wrong("a write of \(count) vectors was answered with \(result.count)") }
    }

    mutating func apply(_ change: Change) {
        for (id, record) in change { vectors[id] = record }
    }

    /// A write is found by the next search, and nothing else of the share is.
    private mutating func search(_ service: any DatabaseService, _ random: inout SeededRandom) async throws {
        guard let wanted = randomLive(&random) else { return }
        let filter = random.happens(50) ? Filter.equals(try FieldPath("share"), .integer(Int64(number))) : nil
        let response = try await service.search(
            SearchRequest(
                query: .values(wanted.values), topK: 3, efSearch: 300, filter: filter, parts: [.values, .metadata],
                exact: random.happens(50)),
            in: database)
        searches += 1
        guard let first = response.results.first, first.id == wanted.id else {
            throw Wrong("vector \(wanted.id) is not its own nearest neighbour: \(response.results.map(\.id))")
        }
        guard first.values == wanted.values, first.metadata == wanted.metadata else {
            throw Wrong("vector \(wanted.id) is \(first), expected \(wanted)")
        }
    }

    private func count(_ service: any DatabaseService) async throws {
        let found = try await service.count(matching: .equals(FieldPath("share"), .integer(Int64(number))), in: database)
        guard found == vectors.count else { throw Wrong("a count of \(found), expected \(vectors.count)") }
    }

    private func randomID(_ random: inout SeededRandom) -> VectorID { ids[Int.random(in: 0..<ids.count, using: &random)] }

    private func randomLive(_ random: inout SeededRandom) -> VectorRecord? {
        let start = Int.random(in: 0..<ids.count, using: &random)
        return (0..<ids.count).lazy.compactMap { vectors[ids[(start + $0) % ids.count]] }.first
    }

    /// The batch's number is in every vector of it, so that half a batch shows.
    private func metadata(_ random: inout SeededRandom) -> Metadata {
        var metadata: Metadata = [
            "share": .integer(Int64(number)), "batch": .integer(Int64(batches)), "n": .integer(Int64.random(in: 0..<10, using: &random)),
        ]
        if random.happens(40) { metadata["tag"] = random.happens(50) ? "red" : "blue" }
        if random.happens(20) { metadata["list"] = [1.5, "zwei", .null, ["deep": true]] }
        return metadata
    }
}

/// What the database answered and must not have.
struct Wrong: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
