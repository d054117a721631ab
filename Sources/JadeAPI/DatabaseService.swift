public import JadeCore

/// What every door asks and every engine answers: the embedded engine, the client of a server and the cluster all conform,
/// so that code moves between them by one line.
///
/// A database is addressed by name or by id. Every method throws ``JadeError`` and nothing else.
public protocol DatabaseService: Sendable {
    // databases
    func createDatabase(_ specification: DatabaseSpecification) async throws(JadeError) -> DatabaseDescription
    func listDatabases() async throws(JadeError) -> [DatabaseDescription]
    func describeDatabase(_ database: String) async throws(JadeError) -> DatabaseDescription
    func updateDatabase(_ database: String, _ update: DatabaseUpdate) async throws(JadeError) -> DatabaseDescription
    func deleteDatabase(_ database: String) async throws(JadeError)
    /// The id of the database with this name or id. ``ErrorCode/notFound`` when there is none.
    func databaseID(of database: String) async throws(JadeError) -> String

    // vectors; an upsert or delete is applied whole or not at all
    func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult
    func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult
    func updateMetadata(_ change: MetadataChange, of id: VectorID, in database: String) async throws(JadeError) -> WriteResult
    /// A write of one vector that is done only if the condition holds of it then, in one step with the look.
    /// ``ErrorCode/preconditionFailed`` when it does not hold; ``ErrorCode/notFound`` for a delete that finds nothing.
    func write(_ write: VectorWrite, if condition: VersionCondition, in database: String) async throws(JadeError) -> WriteResult
    /// The vectors that exist, in the order asked for; ids that do not are left out.
    func vectors(_ ids: [VectorID], in database: String, parts: VectorParts) async throws(JadeError) -> [StoredVector]
    func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage
    func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int

    // search; the batch is the primitive
    func search(_ requests: [SearchRequest], in database: String) async throws(JadeError) -> [SearchResponse]

    /// State of this node as a whole.
    func status() async throws(JadeError) -> NodeStatus
}

/// What a node says of itself.
public struct NodeStatus: Sendable, Hashable {
    public var version: String
    public var uptimeSeconds: Double
    public var databaseCount: Int
    public var vectorCount: Int
    /// The level of kernels in use, such as `avx512`.
    public var simdLevel: String
    public var searchThreads: Int
    public var memory: MemoryStatus

    public init(
        version: String, uptimeSeconds: Double, databaseCount: Int, vectorCount: Int, simdLevel: String, searchThreads: Int,
        memory: MemoryStatus = MemoryStatus()
    ) {
        self.version = version
        self.uptimeSeconds = uptimeSeconds
        self.databaseCount = databaseCount
        self.vectorCount = vectorCount
        self.simdLevel = simdLevel
        self.searchThreads = searchThreads
        self.memory = memory
    }
}

/// Memory that a node holds, in bytes, for what; a request that does not fit in what is left is refused.
public struct MemoryStatus: Sendable, Hashable {
    /// 0 where nothing is counted.
    public var limitBytes: Int
    public var databaseBytes: Int
    public var writeBytes: Int
    public var searchBytes: Int
    public var bodyBytes: Int

    public init(limitBytes: Int = 0, databaseBytes: Int = 0, writeBytes: Int = 0, searchBytes: Int = 0, bodyBytes: Int = 0) {
        self.limitBytes = limitBytes
        self.databaseBytes = databaseBytes
        self.writeBytes = writeBytes
        self.searchBytes = searchBytes
        self.bodyBytes = bodyBytes
    }
}

extension DatabaseService {
    public func databaseID(of database: String) async throws(JadeError) -> String { try await describeDatabase(database).id }

    /// One vector; nil when it does not exist.
    public func vector(
        _ id: VectorID, in database: String, parts: VectorParts = [.values, .metadata, .version]
    ) async throws(JadeError) -> StoredVector? {
        try await vectors([id], in: database, parts: parts).first
    }

    /// ``write(_:if:in:)`` of a vector that is inserted or replaced.
    public func upsert(
        _ vector: VectorRecord, into database: String, if condition: VersionCondition
    ) async throws(JadeError) -> WriteResult {
        try await write(.upsert(vector), if: condition, in: database)
    }

    /// ``write(_:if:in:)`` that deletes a vector.
    public func delete(_ id: VectorID, from database: String, if condition: VersionCondition) async throws(JadeError) -> WriteResult {
        try await write(.delete(id), if: condition, in: database)
    }

    /// ``write(_:if:in:)`` of a change of metadata.
    public func updateMetadata(
        _ change: MetadataChange, of id: VectorID, in database: String, if condition: VersionCondition
    ) async throws(JadeError) -> WriteResult {
        try await write(.updateMetadata(change, of: id), if: condition, in: database)
    }

    /// One search: a batch of one.
    public func search(_ request: SearchRequest, in database: String) async throws(JadeError) -> SearchResponse {
        let responses = try await search([request], in: database)
        guard let response = responses.first, responses.count == 1 else {
            throw .internal("a batch of 1 search was answered with \(responses.count) responses")
        }
        return response
    }
}
