import JadeAPI
import JadeCore
import JadeEngine
import JadeIO
import JadeTestSupport

/// A short life of a database, told against files of which one operation fails, and what has to be left of it.
actor FaultStory {
    typealias Vectors = [VectorID: VectorRecord]

    static let name = "docs"
    private static let dimension = 200

    private let engine: Engine
    private let files: FaultyFileSystem
    private let kind: IndexSettings.Kind
    private var random = SeededRandom(seed: 7)
    private(set) var acknowledged: Vectors = [:]
    /// What each write that failed since the last acknowledged one would have led to: it is there whole or not at all.
    private(set) var possible: [Vectors] = []
    private(set) var exists = false
    private(set) var mayExist = false
    /// Errors so far.
    private(set) var errors: [JadeError] = []

    init(_ engine: Engine, _ files: FaultyFileSystem, _ kind: IndexSettings.Kind) {
        self.engine = engine
        self.files = files
        self.kind = kind
    }

    func tell() async throws {
        try await create()
        guard exists else { return }
        try await upsert(0..<20)
        try await upsert(10..<35)
        try await changeMetadata(12)
        try await delete([3, 11, 12, 30])
        // Larger than what the files have room for so far.
        try await upsert(40..<47, longIDs: true)
        try await upsert(100..<1_400)
        try await delete((100..<1_350).map { $0 })
        try await changeMetadata(14)
        try await upsert(11..<14)
    }

    /// A disk that has room again takes writes again, without a restart.
    func goOn() async throws {
        let before = errors.count
        try await upsert(60..<65)
        guard errors.count == before else { throw Wrong("writes are refused although the disk has room again: \(errors)") }
    }

    private func create() async throws {
        for _ in 0..<2 where !exists {
            mayExist = true
            do throws(JadeError) {
                _ = try await engine.createDatabase(
                    DatabaseSpecification(
                        name: Self.name, dimension: Self.dimension, metric: .euclidean,
                    index: IndexSettings(kind: kind, m: 4, efConstruction: 16)))
                exists = true
            } catch { try note(error) }
        }
    }

    private func upsert(_ numbers: Range<Int>, longIDs: Bool = false) async throws {
        let records = numbers.map {
            VectorRecord(
                id: id($0), values: random.vector(Self.dimension),
                metadata: ["n": .integer(Int64($0)), "batch": .integer(Int64(numbers.lowerBound))])
        }
        var after = acknowledged
        for record in records { after[record.id] = record }
        try await write(after) { [engine] () throws(JadeError) in try await engine.upsert(records, into: Self.name) }
    }

    /// Some are too long for a row's head.
    private func id(_ number: Int) -> VectorID {
        number % 5 == 0 && number < 100
            ? VectorID(uncheckedText: "a-name-that-does-not-fit-into-the-head-of-a-row-\(number)", isInteger: false)
            : VectorID(UInt64(number))
    }

    private func delete(_ numbers: [Int]) async throws {
        let ids = numbers.map(id)
        var after = acknowledged
        for id in ids { after[id] = nil }
        try await write(after) { [engine] () throws(JadeError) in try await engine.delete(ids, from: Self.name) }
    }

    private func changeMetadata(_ number: Int) async throws {
        let id = id(number)
        guard var record = acknowledged[id] else { return }
        record.metadata["changed"] = true
        var after = acknowledged
        after[id] = record
        try await write(after) { [engine] () throws(JadeError) in
            try await engine.updateMetadata(.merge(["changed": true]), of: id, in: Self.name)
        }
    }

    /// Once more when it fails, as a patient client does.
    private func write(_ after: Vectors, _ body: () async throws(JadeError) -> WriteResult) async throws {
        for _ in 0..<2 {
            do throws(JadeError) {
                _ = try await body()
                acknowledged = after
                possible = []
                return
            } catch {
                try note(error)
                possible.append(after)
                // Reads go on, and see nothing of what has failed.
                try await check(engine, [acknowledged])
            }
        }
    }

    private func note(_ error: JadeError) throws {
        errors.append(error)
        guard [.unavailable, .resourceExhausted].contains(error.code), error.message.utf8.count > 10 else {
            throw Wrong("an unfit error: \(error)")
        }
    }

    /// What an engine holds is one of the states given, by every way of reading.
    func check(_ engine: Engine, _ states: [Vectors]) async throws {
        let found = try await everything(engine, in: Self.name)
        guard states.contains(found) else {
            let keys = Array(Set(found.keys).symmetricDifference(acknowledged.keys)).prefix(5)
            throw Wrong("\(found.count) vectors, expected \(states.map(\.count)); not in both are \(keys)")
        }
        let count = try await engine.count(matching: nil, in: Self.name)
        let described = try await engine.describeDatabase(Self.name).vectorCount
        let matching = try await engine.count(matching: .exists(FieldPath("n"), true), in: Self.name)
        guard count == found.count, described == count, matching == count else {
            throw Wrong("counts of \(count), \(described) and \(matching), expected \(found.count)")
        }
        for record in found.values.prefix(5) {
            let nearest = try await engine.search(SearchRequest(query: .values(record.values), topK: 1, exact: true), in: Self.name)
            guard nearest.results.map(\.id) == [record.id] else { throw Wrong("\(record.id) is not its own nearest: \(nearest)") }
        }
    }

    /// What is there after all, on files that work.
    func checkReopened(_ engine: Engine) async throws {
        let names = try await engine.listDatabases().map(\.name)
        if !exists, names.isEmpty, mayExist { return }
        guard names == [Self.name] else { throw Wrong("databases are \(names)") }
        try await check(engine, [acknowledged] + possible)
        _ = try await engine.upsert([VectorRecord(id: 9_999, values: [Float](repeating: 9, count: Self.dimension), metadata: ["n": 1])], into: Self.name)
        let count = try await engine.count(matching: nil, in: Self.name)
        guard try await engine.delete([9_999], from: Self.name).count == 1, count >= 1 else { throw Wrong("no write after reopening") }
    }
}
