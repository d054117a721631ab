package import JadeCore

import GRDB

/// One change of a shard's metadata, as its log records it.
package enum MetadataStoreChange: Sendable, Hashable {
    /// The id is at this ordinal from now on, with this metadata (JSON). Its former ordinal keeps its row until purged.
    case put(VectorID, UInt32, metadata: [UInt8])
    /// The id names nothing any more. Its ordinal keeps its row until purged.
    case remove(VectorID)
    /// The ordinal has other metadata; nothing happens to an ordinal that has been purged.
    case setMetadata(UInt32, metadata: [UInt8])
    /// The ordinal's vector expires then, in milliseconds since 1970, until it is purged.
    case setExpiry(UInt32, milliseconds: Int64)
}

extension ShardMetadataStore {
    /// Applies changes in their order, in one transaction, together with the sequence number of the last of them.
    ///
    /// Sequence numbers start at 1 and grow. Changes up to a number that is applied already are passed over, so the log
    /// may be replayed from any point at or before the applied one.
    ///
    /// - Parameter ready: called when everything is changed and before it counts; what it throws takes all of it back.
    package func apply(
        _ changes: [MetadataStoreChange], sequence: UInt64, ready: () throws(JadeError) -> Void = {}
    ) throws(JadeError) {
        do {
            try pool.write { db in
                guard let number = Int64(exactly: sequence) else {
                    throw JadeError.internal("sequence \(sequence) does not fit 63 bits")
                }
                guard try Self.appliedSequence(db, path: path) < sequence else { return }
                try MetadataWriter(db).apply(changes)
                let statement = try RawStatement(db, ShardMetadataSchema.writeSequence)
                try statement.bind(1, number)
                try statement.run()
                try ready()
            }
        } catch {
            throw JadeError(error, path: path, while: "apply \(changes.count) changes up to sequence \(sequence)")
        }
    }

    /// Drops the metadata of ordinals that no snapshot reads any more. No live ordinal may be among them.
    package func purge(_ ordinals: [UInt32]) throws(JadeError) {
        guard !ordinals.isEmpty else { return }
        do {
            try pool.write { db in
                for sql in [ShardMetadataSchema.purgeRow, ShardMetadataSchema.purgeExpiry] {
                    let statement = try RawStatement(db, sql)
                    for ordinal in ordinals {
                        try statement.bind(1, Int64(ordinal))
                        try statement.run()
                    }
                }
            }
        } catch {
            throw JadeError(error, path: path, while: "purge \(ordinals.count) ordinals")
        }
    }
}

/// The statements of one transaction of changes.
struct MetadataWriter {
    private let putID, putRow, setRow, removeID, putExpiry: RawStatement

    init(_ db: Database) throws {
        putID = try RawStatement(db, ShardMetadataSchema.putID)
        putRow = try RawStatement(db, ShardMetadataSchema.putRow)
        setRow = try RawStatement(db, ShardMetadataSchema.setRow)
        removeID = try RawStatement(db, ShardMetadataSchema.removeID)
        putExpiry = try RawStatement(db, ShardMetadataSchema.putExpiry)
    }

    func apply(_ changes: [MetadataStoreChange]) throws {
        for change in changes {
            switch change {
            case .put(let id, let ordinal, let metadata):
                try id.withBytes { bytes in
                    try putID.bind(1, text: bytes)
                    try putID.bind(2, id.isInteger ? 1 : 0)
                    try putID.bind(3, Int64(ordinal))
                    try putID.run()
                }
                try write(metadata, of: ordinal, with: putRow)
            case .remove(let id):
                try id.withBytes { bytes in
                    try removeID.bind(1, text: bytes)
                    try removeID.run()
                }
            case .setMetadata(let ordinal, let metadata):
                try write(metadata, of: ordinal, with: setRow)
            case .setExpiry(let ordinal, let milliseconds):
                try putExpiry.bind(1, Int64(ordinal))
                try putExpiry.bind(2, milliseconds)
                try putExpiry.run()
            }
        }
    }

    private func write(_ metadata: [UInt8], of ordinal: UInt32, with statement: RawStatement) throws {
        guard metadata.count <= Limits.maximumStoredMetadataBytes else {
            throw JadeError.tooLarge("metadata has \(metadata.count) bytes, the limit is \(Limits.maximumStoredMetadataBytes)")
        }
        try metadata.withUnsafeBufferPointer { bytes in
            try statement.bind(1, Int64(ordinal))
            try statement.bind(2, text: bytes)
            try statement.run()
        }
    }
}

extension VectorID {
    /// The id's bytes; valid during the call only.
    func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) throws -> R) rethrows -> R {
        var text = text
        return try text.withUTF8(body)
    }
}
