internal import JadeAPI
public import JadeCore
internal import JadeIO
internal import JadeJSON
internal import JadeStorage

extension Engine {
    public func upsert(_ vectors: [VectorRecord], into database: String) async throws(JadeError) -> WriteResult {
        try await store(vectors, if: nil, in: database)
    }

    private func store(
        _ vectors: [VectorRecord], if condition: VersionCondition?, in database: String
    ) async throws(JadeError) -> WriteResult {
        let database = try databases.find(database)
        try Self.validate(batchOf: vectors.count)
        var encoded: [[UInt8]] = []
        encoded.reserveCapacity(vectors.count)
        for vector in vectors {
            try database.validate(vector.values, named: "vector \(vector.id.text.debugDescription)")
            try MetadataJSON.validate(vector.metadata)
            let metadata = MetadataJSON.encode(vector.metadata)
            guard metadata.count <= Limits.maximumMetadataBytes else {
                throw .tooLarge(
                    "metadata of vector \(vector.id.text.debugDescription) has \(metadata.count) bytes, the limit is \(Limits.maximumMetadataBytes)")
            }
            encoded.append(metadata)
        }
        let vectors = try withMoments(vectors, retention: database.current.retentionSeconds)
        let dimension = database.shard.context.field.dimension
        let bytes = MemoryNeeds.upsert(vectors, encodedMetadata: encoded.reduce(0) { $0 + $1.count }, dimension: dimension)
        try memory.take(bytes, for: .writes, "a batch of \(vectors.count) vectors")
        defer { memory.giveBack(bytes, for: .writes) }
        return try await write(.upsert(vectors, encodedMetadata: encoded), if: condition, to: database)
    }

    public func delete(_ ids: [VectorID], from database: String) async throws(JadeError) -> WriteResult {
        let database = try databases.find(database)
        try Self.validate(batchOf: ids.count)
        return try await write(.delete(ids), if: nil, to: database)
    }

    public func updateMetadata(
        _ change: MetadataChange, of id: VectorID, in database: String
    ) async throws(JadeError) -> WriteResult {
        try await apply(change, to: id, if: nil, in: database)
    }

    private func apply(
        _ change: MetadataChange, to id: VectorID, if condition: VersionCondition?, in database: String
    ) async throws(JadeError) -> WriteResult {
        let database = try databases.find(database)
        switch change {
        case .merge(let metadata), .replace(let metadata): try MetadataJSON.validate(metadata)
        }
        return try await write(.changeMetadata(change, id), if: condition, to: database)
    }

    public func write(
        _ write: VectorWrite, if condition: VersionCondition, in database: String
    ) async throws(JadeError) -> WriteResult {
        try condition.validate()
        switch write {
        case .upsert(let vector): return try await store([vector], if: condition, in: database)
        case .updateMetadata(let change, let id): return try await apply(change, to: id, if: condition, in: database)
        case .delete(let id):
            let result = try await self.write(.delete([id]), if: condition, to: try databases.find(database))
            guard result.count > 0 else { throw .notFound("vector \(id.text.debugDescription) does not exist") }
            return result
        }
    }

    public func vectors(
        _ ids: [VectorID], in database: String, parts: VectorParts
    ) async throws(JadeError) -> [StoredVector] {
        let database = try databases.find(database)
        try Self.validate(batchOf: ids.count)
        return try await reading(ids.count, parts, database) { (shard) throws(JadeError) in try shard.vectors(ids, parts) }
    }

    public func scroll(_ request: ScrollRequest, in database: String) async throws(JadeError) -> ScrollPage {
        let database = try databases.find(database)
        try request.validate()
        return try await reading(request.limit, request.parts, database) { (shard) throws(JadeError) in try shard.scroll(request) }
    }

    public func count(matching filter: Filter?, in database: String) async throws(JadeError) -> Int {
        let database = try databases.find(database)
        return try await onWorker { () throws(JadeError) in try database.shard.count(matching: filter) }
    }

    /// Vectors that have expired and wait for the sweep to delete them.
    package func expiredCount(in database: String) throws(JadeError) -> Int {
        try databases.find(database).shard.snapshots.current.expiredCount
    }

    /// Runs a read on the engine's threads that gives back `count` vectors at most.
    private func reading<Value: Sendable>(
        _ count: Int, _ parts: VectorParts, _ database: Database, _ body: @escaping @Sendable (Shard) throws(JadeError) -> Value
    ) async throws(JadeError) -> Value {
        let shard = database.shard
        let rows = min(count, shard.storage.rowEnd)
        let bytes = MemoryNeeds.vectors(rows, parts, dimension: shard.context.field.dimension)
        try memory.take(bytes, for: .searches, "reading \(rows) vectors")
        defer { memory.giveBack(bytes, for: .searches) }
        return try await onWorker { () throws(JadeError) in try body(shard) }
    }

    /// The vectors with the moments at which they expire in place of the times they have to live.
    private func withMoments(_ vectors: [VectorRecord], retention: Int?) throws(JadeError) -> [VectorRecord] {
        guard retention != nil || vectors.contains(where: { $0.expiry != nil }) else { return vectors }
        let now = clock.wallMilliseconds
        var vectors = vectors
        for index in vectors.indices {
            guard let expiry = vectors[index].expiry ?? retention.map({ .after(seconds: $0) }) else { continue }
            try expiry.validate()
            vectors[index].expiry = expiry.milliseconds(from: now).map { .at(milliseconds: $0) }
        }
        return vectors
    }

    private func write(
        _ operation: WriteRequest.Operation, if condition: VersionCondition?, to database: Database
    ) async throws(JadeError) -> WriteResult {
        let result = await withCheckedContinuation { continuation in
            database.shard.writer.submit(WriteRequest(operation: operation, condition: condition) { continuation.resume(returning: $0) })
        }
        return try result.get()
    }

    private static func validate(batchOf count: Int) throws(JadeError) {
        guard count > 0 else { throw .invalidArgument("the batch is empty, expected 1 to \(Limits.maximumBatchOperations) vectors") }
        guard count <= Limits.maximumBatchOperations else {
            throw .tooLarge("the batch has \(count) vectors, the limit is \(Limits.maximumBatchOperations)")
        }
    }
}
