import Crypto
import JadeAPI
import JadeCore
import Synchronization

/// A database service on dictionaries that compares with every vector: what the doors are tested against.
final class MemoryService: DatabaseService {
    struct Database {
        var id: String
        var specification: DatabaseSpecification
        var vectors: [VectorID: VectorRecord] = [:]

        var description: DatabaseDescription {
            DatabaseDescription(
                id: id, specification: specification, createdAtMilliseconds: 1_700_000_000_000, vectorCount: vectors.count,
                index: IndexStatus(settings: specification.index, indexed: vectors.count))
        }
    }

    struct State {
        var databases: [Database] = []
        var sequence: UInt64 = 0
        var isClosed = false
    }

    let state = Mutex(State())
    /// Called by each search before it answers.
    let beforeSearch: @Sendable () async -> Void

    init(beforeSearch: @escaping @Sendable () async -> Void = {}) { self.beforeSearch = beforeSearch }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    func close() { state.withLock { $0.isClosed = true } }

    func vectorCount(of name: String) -> Int {
        state.withLock { $0.databases.first { $0.specification.name == name }?.vectors.count ?? 0 }
    }
}

// MARK: Databases

extension MemoryService {
    func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription {
        try specification.validate()
        return try locked { (state) throws(JadeError) in
            guard !state.databases.contains(where: { $0.specification.name == specification.name }) else {
                throw .conflict("database \(specification.name.debugDescription) exists already")
            }
            let number = String(state.databases.count + 1, radix: 16)
            let id = String(repeating: "0", count: 32 - number.count) + number
            state.databases.append(Database(id: id, specification: specification))
            return state.databases[state.databases.count - 1].description
        }
    }

    func listDatabases() async throws(JadeError) -> [DatabaseDescription] {
        state.withLock { $0.databases.map(\.description) }
    }

    func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription {
        try with(database) { (found) throws(JadeError) in found.description }
    }

    func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription {
        try with(database) { (found) throws(JadeError) in
            if let name = update.name { try DatabaseSpecification.validate(name: name) }
            update.apply(to: &found.specification)
            return found.description
        }
    }

    func deleteDatabase(_ database: String) async throws(JadeError) {
        try locked { (state) throws(JadeError) in
            _ = state.databases.remove(at: try Self.place(of: database, in: state))
        }
    }

    func status() async throws(JadeError) -> NodeStatus {
        state.withLock { state in
            NodeStatus(
                version: "0.0.0", uptimeSeconds: 1, databaseCount: state.databases.count,
                vectorCount: state.databases.reduce(0) { $0 + $1.vectors.count }, simdLevel: "serial", searchThreads: 1)
        }
    }
}

// MARK: Vectors

extension MemoryService {
    func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult {
        try write(database) { (found) throws(JadeError) in
            let dimension = found.specification.field.dimension
            for vector in vectors where vector.values.count != dimension {
                throw .invalidArgument(
                    "vector has \(vector.values.count) dimensions, database \(database.debugDescription) expects \(dimension)")
            }
            for vector in vectors { found.vectors[vector.id] = vector }
            return vectors.count
        }
    }

    func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult {
        try write(database) { (found) throws(JadeError) in
            ids.reduce(0) { count, id in count + (found.vectors.removeValue(forKey: id) == nil ? 0 : 1) }
        }
    }

    func updateMetadata(_ change: MetadataChange, of id: VectorID, in database: String) async throws(JadeError) -> WriteResult {
        try write(database) { (found) throws(JadeError) in
            try Self.change(&found, id, change, database)
            return 1
        }
    }

    func write(_ write: VectorWrite, if condition: VersionCondition, in database: String) async throws(JadeError) -> WriteResult {
        try condition.validate()
        return try self.write(database) { (found) throws(JadeError) in
            try condition.require(write.id, has: found.vectors[write.id].map(Self.version))
            switch write {
            case .upsert(let vector):
                guard vector.values.count == found.specification.field.dimension else {
                    throw .invalidArgument(
                        "vector has \(vector.values.count) dimensions, database \(database.debugDescription) expects \(found.specification.field.dimension)")
                }
                found.vectors[vector.id] = vector
            case .delete(let id):
                guard found.vectors.removeValue(forKey: id) != nil else {
                    throw .notFound("vector \(id.text.debugDescription) is not in database \(database.debugDescription)")
                }
            case .updateMetadata(let change, let id): try Self.change(&found, id, change, database)
            }
            return 1
        }
    }

    private static func version(_ vector: VectorRecord) -> String {
        SHA256.hash(data: WireJSON.encode(stored(vector, [.values, .metadata]))).prefix(16).map { String(Int($0) | 0x100, radix: 16).suffix(2) }.joined()
    }

    private static func change(_ found: inout Database, _ id: VectorID, _ change: MetadataChange, _ database: String) throws(JadeError) {
        guard var vector = found.vectors[id] else {
            throw .notFound("vector \(id.text.debugDescription) is not in database \(database.debugDescription)")
        }
        switch change {
        case .replace(let metadata): vector.metadata = metadata
        case .merge(let changes):
            for (key, value) in changes {
                if value == .null { vector.metadata.removeValue(forKey: key) } else { vector.metadata[key] = value }
            }
        }
        found.vectors[id] = vector
    }

    func vectors(_ ids: [VectorID], in database: String, parts: VectorParts) async throws(JadeError) -> [StoredVector] {
        try with(database) { (found) throws(JadeError) in
            ids.compactMap { found.vectors[$0] }.map { Self.stored($0, parts) }
        }
    }

    func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage {
        try request.validate()
        return try with(database) { (found) throws(JadeError) in
            let matching = found.vectors.values
                .filter { request.filter?.matches($0.metadata) ?? true }
                .sorted { $0.id.text.utf8.lexicographicallyPrecedes($1.id.text.utf8) }
                .filter { vector in request.after.map { $0.text.utf8.lexicographicallyPrecedes(vector.id.text.utf8) } ?? true }
            let page = matching.prefix(request.limit)
            let next = matching.count > page.count ? page.last?.id : nil
            return ScrollPage(vectors: page.map { Self.stored($0, request.parts) }, next: next)
        }
    }

    func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int {
        try with(database) { (found) throws(JadeError) in
            found.vectors.values.count { filter?.matches($0.metadata) ?? true }
        }
    }

    private static func stored(_ vector: VectorRecord, _ parts: VectorParts) -> StoredVector {
        StoredVector(
            id: vector.id, values: parts.contains(.values) ? vector.values : nil,
            metadata: parts.contains(.metadata) ? vector.metadata : nil,
            // Nothing expires here; what was asked for is shown.
            expiresAtMilliseconds: vector.expiry?.milliseconds(from: 0), version: parts.contains(.version) ? version(vector) : nil)
    }
}

// MARK: Search

extension MemoryService {
    func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse] {
        await beforeSearch()
        return try with(database) { (found) throws(JadeError) in
            var responses: [SearchResponse] = []
            for request in requests { responses.append(try Self.answer(request, found)) }
            return responses
        }
    }

    private static func answer(_ request: SearchRequest, _ database: Database) throws(JadeError) -> SearchResponse {
        try request.validate()
        let field = database.specification.field
        let (query, own) = try values(of: request.query, database)
        guard query.count == field.dimension else {
            throw .invalidArgument(
                "query has \(query.count) dimensions, database \(database.specification.name.debugDescription) expects \(field.dimension)")
        }
        let scored = database.vectors.values
            .filter { $0.id != own && (request.filter?.matches($0.metadata) ?? true) }
            .map { (vector: $0, distance: distance(query, $0.values, field.metric)) }
            .sorted { ($0.distance, $0.vector.id.text) < ($1.distance, $1.vector.id.text) }
        let within = scored.filter { item in
            guard let threshold = request.threshold else { return true }
            let score = field.metric.score(fromDistance: item.distance)
            return field.metric.largerIsCloser ? score >= threshold : score <= threshold
        }
        let hits = within.prefix(request.topK).map { item in
            let stored = stored(item.vector, request.parts)
            return SearchHit(
                id: stored.id, score: field.metric.score(fromDistance: item.distance), values: stored.values, metadata: stored.metadata)
        }
        let plan = SearchPlan(strategy: .exact, visible: database.vectors.count, microseconds: 1)
        return SearchResponse(results: hits, plan: request.explain ? plan : nil)
    }

    private static func values(of query: SearchRequest.Query, _ database: Database) throws(JadeError) -> ([Float], VectorID?) {
        switch query {
        case .values(let values): return (values, nil)
        case .id(let id):
            guard let vector = database.vectors[id] else { throw .notFound("vector \(id.text.debugDescription) does not exist") }
            return (vector.values, id)
        }
    }

    private static func distance(_ left: [Float], _ right: [Float], _ metric: Metric) -> Float {
        func dot(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
        switch metric {
        case .dot: return -dot(left, right)
        case .manhattan, .hamming, .jaccard: return zip(left, right).reduce(0) { $0 + abs($1.0 - $1.1) }
        case .euclidean: return zip(left, right).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        case .cosine:
            let norms = (dot(left, left) * dot(right, right)).squareRoot()
            return norms == 0 ? 1 : 1 - dot(left, right) / norms
        }
    }
}

// MARK: State

extension MemoryService {
    private func locked<Result: Sendable>(_ body: (inout State) throws(JadeError) -> Result) throws(JadeError) -> Result {
        try state.withLock { (state) throws(JadeError) in try body(&state) }
    }

    private static func place(of name: String, in state: State) throws(JadeError) -> Int {
        guard let place = state.databases.firstIndex(where: { $0.specification.name == name || $0.id == name }) else {
            throw .notFound("database \(name.debugDescription) does not exist")
        }
        return place
    }

    private func with<Result: Sendable>(_ name: String, _ body: (inout Database) throws(JadeError) -> Result) throws(JadeError) -> Result {
        try locked { (state) throws(JadeError) in
            let place = try Self.place(of: name, in: state)
            return try body(&state.databases[place])
        }
    }

    private func write(_ name: String, _ body: (inout Database) throws(JadeError) -> Int) throws(JadeError) -> WriteResult {
        try locked { (state) throws(JadeError) in
            let place = try Self.place(of: name, in: state)
            let count = try body(&state.databases[place])
            state.sequence += 1
            return WriteResult(count: count, sequence: state.sequence)
        }
    }
}
