package import JadeCore

/// One change of a shard as the log records it. Ordinals are decided before logging, so that redoing it any number of
/// times gives the same shard.
package enum ShardOperation: Sendable, Hashable {
    /// Writes a row at `ordinal`; `replaced` is the row that held the id before, which dies.
    case upsert(ordinal: UInt32, replaced: UInt32?, id: VectorID, values: [Float], metadata: [UInt8])
    case delete(ordinal: UInt32, id: VectorID)
    /// Replaces a row's metadata, as JSON; the row stays where it is.
    case setMetadata(ordinal: UInt32, id: VectorID, metadata: [UInt8])
    /// When a row expires, in milliseconds since 1970; rows for which there is none stay.
    case setExpiry(ordinal: UInt32, id: VectorID, milliseconds: Int64)
}

/// An operation read in place: values and metadata point into the record and live as long as its visit.
package struct LoggedOperation {
    package enum Kind: UInt8, Sendable {
        case upsert = 1
        case delete = 2
        case setMetadata = 3
        case setExpiry = 4
    }

    package let kind: Kind
    package let ordinal: UInt32
    /// Of an upsert: the row that held the id before.
    package let replaced: UInt32?
    package let id: VectorID
    /// Of an upsert: little-endian components, at any alignment, as many bytes as 4 × dimension.
    package let values: UnsafeRawBufferPointer
    /// JSON, of an upsert or a change of metadata.
    package let metadata: UnsafeRawBufferPointer
    /// Of a change of expiry: milliseconds since 1970, else 0.
    package let expiry: Int64

    /// A copy that outlives the record.
    package var copied: ShardOperation {
        switch kind {
        case .delete: return .delete(ordinal: ordinal, id: id)
        case .setMetadata: return .setMetadata(ordinal: ordinal, id: id, metadata: Array(metadata))
        case .setExpiry: return .setExpiry(ordinal: ordinal, id: id, milliseconds: expiry)
        case .upsert:
            let floats = [Float](unsafeUninitializedCapacity: values.count / 4) { buffer, count in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: values)
                count = values.count / 4
            }
            return .upsert(ordinal: ordinal, replaced: replaced, id: id, values: floats, metadata: Array(metadata))
        }
    }
}
