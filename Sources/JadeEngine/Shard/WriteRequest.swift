internal import JadeCore

/// A write that waits for the shard's writer.
struct WriteRequest: Sendable {
    enum Operation: Sendable {
        /// Vectors with their metadata encoded, in the order given.
        case upsert([VectorRecord], encodedMetadata: [[UInt8]])
        case delete([VectorID])
        /// Deletes vectors that are still the rows named: those that have expired.
        case expire([(id: VectorID, ordinal: UInt32)])
        case changeMetadata(MetadataChange, VectorID)
    }

    var operation: Operation
    /// Of an operation on one vector: what must be true of it then.
    var condition: VersionCondition?
    /// Called once, from the writer.
    var answer: @Sendable (Result<WriteResult, JadeError>) -> Void

    /// Vectors that the request touches at most.
    var size: Int {
        switch operation {
        case .upsert(let vectors, _): vectors.count
        case .delete(let ids): ids.count
        case .expire(let rows): rows.count
        case .changeMetadata: 1
        }
    }

    var ids: [VectorID] {
        switch operation {
        case .upsert(let vectors, _): vectors.map(\.id)
        case .delete(let ids): ids
        case .expire(let rows): rows.map(\.id)
        case .changeMetadata(_, let id): [id]
        }
    }

    var newMetadata: [Metadata] {
        switch operation {
        case .upsert(let vectors, _): vectors.map(\.metadata)
        case .delete, .expire: []
        case .changeMetadata(.merge(let metadata), _), .changeMetadata(.replace(let metadata), _): [metadata]
        }
    }

    /// Rows that the request writes at most.
    var newRows: Int {
        if case .upsert(let vectors, _) = operation { vectors.count } else { 0 }
    }
}
