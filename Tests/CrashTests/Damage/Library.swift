import JadeAPI
import JadeCore
import JadeEngine
import JadeTestSupport

/// Two databases that are written once, and what reading them again has to give: the right data or a typed error.
struct Library: Sendable {
    static let dimension = 8
    static let names = ["graph", "flat"]

    let vectors: [VectorID: VectorRecord]

    init(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        vectors = Dictionary(
            uniqueKeysWithValues: (0..<700).map { number in
                let text = number % 2 == 0 ? "name-\(number)" : "a-name-that-does-not-fit-into-the-head-of-a-row-\(number)"
                let id = number % 3 == 0 ? VectorID(UInt64(number)) : VectorID(uncheckedText: text, isInteger: false)
                let metadata: Metadata = ["n": .integer(Int64(number % 10)), "text": .string("the text of vector \(number)")]
                return (id, VectorRecord(id: id, values: random.vector(Self.dimension), metadata: metadata))
            })
    }

    func write(_ engine: Engine) async throws {
        for (name, kind) in zip(Self.names, [IndexSettings.Kind.hnsw, .flat]) {
            _ = try await engine.createDatabase(
                DatabaseSpecification(
                    name: name, dimension: Self.dimension, metric: kind == .hnsw ? .cosine : .euclidean,
                    index: IndexSettings(kind: kind, m: 6, efConstruction: 40)))
            // Some that are gone again, so that there are dead rows in every file.
            let gone = (0..<50).map { VectorRecord(id: VectorID(UInt64(10_000 + $0)), values: .init(repeating: 2, count: Self.dimension)) }
            _ = try await engine.upsert(gone, into: name)
            _ = try await engine.upsert(Array(vectors.values), into: name)
            _ = try await engine.delete(gone.map(\.id), from: name)
        }
        _ = try await poll("the index") { () async throws -> Bool? in
            try await engine.describeDatabase("graph").index.pending == 0 ? true : nil
        }
    }

    struct Outcome {
        /// Typed errors met.
        var errors: [JadeError] = []
        /// Whether all was read and right.
        var isWhole: Bool { errors.isEmpty }

        mutating func read(_ body: () async throws -> Void) async throws {
            do { try await body() } catch let error as JadeError {
                guard error.code == .corrupted || error.code == .unavailable else { throw Wrong("an unfit error: \(error)") }
                errors.append(error)
            }
        }
    }

    /// Reads everything in every way; throws ``Wrong`` for data that is not what was written.
    func read(_ name: String, _ engine: Engine) async throws -> Outcome {
        var outcome = Outcome()
        try await outcome.read {
            let found = try await everything(engine, in: name)
            guard found == vectors else { throw Wrong("\(name): scrolling gives \(found.count) vectors that are not those written") }
        }
        try await outcome.read {
            let count = try await engine.count(matching: nil, in: name)
            guard count == vectors.count else { throw Wrong("\(name) counts \(count)") }
        }
        try await outcome.read {
            let count = try await engine.count(matching: .equals(FieldPath("n"), .integer(3)), in: name)
            guard count == vectors.count / 10 else { throw Wrong("\(count) vectors of \(name) match") }
        }
        try await outcome.read { try await readByID(Array(vectors.keys), name, engine) }
        let rowsAreWhole = outcome.isWhole
        // One by one, where they cannot be read together.
        if !rowsAreWhole {
            for id in vectors.keys { try await outcome.read { try await readByID([id], name, engine) } }
        }
        for exact in [true, false] {
            for record in vectors.values.prefix(60) {
                try await outcome.read { try await search(record, name, engine, exact: exact, rowsAreWhole: rowsAreWhole) }
            }
        }
        return outcome
    }

    private func readByID(_ ids: [VectorID], _ name: String, _ engine: Engine) async throws {
        let found = try await engine.vectors(ids, in: name, parts: [.values, .metadata])
        guard found.map(\.id) == ids, found.allSatisfy({ isRight($0.id, $0.values, $0.metadata) }) else {
            throw Wrong("\(name): vectors \(ids.prefix(3)) are read as \(found.prefix(3))")
        }
    }

    private func search(
        _ record: VectorRecord, _ name: String, _ engine: Engine, exact: Bool, rowsAreWhole: Bool
    ) async throws {
        let response = try await engine.search(
            SearchRequest(query: .values(record.values), topK: 5, efSearch: 100, parts: [.values, .metadata], exact: exact), in: name)
        guard response.results.count == 5, response.results.allSatisfy({ isRight($0.id, $0.values, $0.metadata) }) else {
            throw Wrong("\(name): a search gives \(response.results)")
        }
        // A graph with few links may fail to reach a vector.
        if exact, rowsAreWhole, response.results[0].id != record.id {
            throw Wrong("\(name): vector \(record.id) is not its own nearest neighbour")
        }
    }

    private func isRight(_ id: VectorID, _ values: [Float]?, _ metadata: Metadata?) -> Bool {
        guard let record = vectors[id] else { return false }
        return values == record.values && metadata == record.metadata
    }
}
