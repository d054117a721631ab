internal import JadeCore
internal import JadeJSON
internal import JadeStorage

/// A group of writes with every id resolved to ordinals: what is logged, applied and published together.
struct ResolvedGroup {
    /// A row's metadata as values; `old` is what it was before, for a change of metadata.
    struct MetadataEntry {
        var ordinal: UInt32
        var old: Metadata = [:]
        var value: Metadata
    }

    private struct TouchedRow {
        var metadata: Metadata
        /// Nil where only the metadata is the group's.
        var written: (values: [Float], expiry: Int64)?
    }

    struct Batch {
        var record: LoggedBatch
        var answer: @Sendable (Result<WriteResult, JadeError>) -> Void
        var result: WriteResult
        /// Metadata as values, for the attribute index; one entry an upsert or metadata change, in order.
        var metadata: [MetadataEntry]
    }

    var batches: [Batch] = []
    /// Requests that come to nothing: they are answered without a record, once the group is durable.
    var settled: [(answer: @Sendable (Result<WriteResult, JadeError>) -> Void, result: Result<WriteResult, JadeError>)] = []
    var newRows = 0
    var died = 0
    /// Ids by their newest ordinal within the group; nil where the group deleted it.
    private var current: [VectorID: UInt32?]
    /// Rows that the group has written or changed.
    private var touched: [UInt32: TouchedRow] = [:]
    private let freeSlots: [UInt32]
    private let nextOrdinal: UInt32
    private var sequence: UInt64
    /// When the group is written, in milliseconds since 1970.
    private let moment: Int64
    /// Whether a row that lives has expired by then.
    private let hasExpired: (UInt32) -> Bool
    private let versions: RecordVersions

    /// - Parameters:
    ///   - freeSlots: no more than the group has new rows at most.
    ///   - nextOrdinal: the first of those that come after them.
    init(
        existing: [VectorID: UInt32?], freeSlots: [UInt32], nextOrdinal: UInt32, sequence: UInt64, moment: Int64,
        versions: RecordVersions, hasExpired: @escaping (UInt32) -> Bool
    ) {
        current = existing
        self.freeSlots = freeSlots
        self.nextOrdinal = nextOrdinal
        self.sequence = sequence
        self.moment = moment
        self.versions = versions
        self.hasExpired = hasExpired
    }

    /// The free slots that the group's rows are in.
    var reusedSlots: [UInt32] { Array(freeSlots.prefix(newRows)) }

    private mutating func newOrdinal() -> UInt32 {
        defer { newRows += 1 }
        if newRows < freeSlots.count { return freeSlots[newRows] }
        return nextOrdinal + UInt32(newRows - freeSlots.count)
    }

    /// - Parameter storedMetadata: reads the metadata of an ordinal that the group has not touched, encoded; nil where there is none.
    mutating func add(_ request: WriteRequest, storedMetadata: (UInt32) throws(JadeError) -> [UInt8]?) {
        if let condition = request.condition, let id = request.ids.first {
            do throws(JadeError) {
                try condition.require(id, has: try version(of: id, storedMetadata))
            } catch {
                settled.append((request.answer, .failure(error)))
                return
            }
        }
        var operations: [ShardOperation] = []
        var metadata: [MetadataEntry] = []
        var count = 0
        switch request.operation {
        case .upsert(let vectors, let encoded):
            for (vector, encoded) in zip(vectors, encoded) { store(vector, encoded, &operations, &metadata) }
            count = vectors.count
        case .delete(let ids):
            for id in ids {
                guard let ordinal = current[id] ?? nil else { continue }
                operations.append(.delete(ordinal: ordinal, id: id))
                current[id] = .some(nil)
                died += 1
                // Nobody could see it any more.
                if isVisible(ordinal) { count += 1 }
            }
        case .expire(let rows):
            for (id, ordinal) in rows where current[id] == ordinal {
                operations.append(.delete(ordinal: ordinal, id: id))
                current[id] = .some(nil)
                died += 1
                count += 1
            }
        case .changeMetadata(let change, let id):
            do throws(JadeError) {
                let entry = try changed(id, change, storedMetadata)
                operations.append(
                    .setMetadata(ordinal: entry.ordinal, id: id, metadata: MetadataJSON.encode(entry.value)))
                metadata.append(entry)
                touched[entry.ordinal, default: TouchedRow(metadata: entry.value)].metadata = entry.value
                count = 1
            } catch {
                settled.append((request.answer, .failure(error)))
                return
            }
        }
        guard !operations.isEmpty else {
            settled.append((request.answer, .success(WriteResult(count: count, sequence: sequence))))
            return
        }
        sequence += 1
        batches.append(
            Batch(
                record: LoggedBatch(sequence: sequence, operations: operations), answer: request.answer,
                result: WriteResult(count: count, sequence: sequence), metadata: metadata))
    }

    private mutating func store(
        _ vector: VectorRecord, _ encoded: [UInt8], _ operations: inout [ShardOperation], _ metadata: inout [MetadataEntry]
    ) {
        if case .at(let milliseconds) = vector.expiry, milliseconds <= moment {
            // Expired already: no read may see it, however early it began. What it replaces goes.
            if let replaced = current[vector.id] ?? nil {
                operations.append(.delete(ordinal: replaced, id: vector.id))
                current[vector.id] = .some(nil)
                died += 1
            }
            return
        }
        let ordinal = newOrdinal()
        let replaced = current[vector.id] ?? nil
        operations.append(
            .upsert(ordinal: ordinal, replaced: replaced, id: vector.id, values: vector.values, metadata: encoded))
        var expiry: Int64 = 0
        if case .at(let milliseconds) = vector.expiry {
            expiry = milliseconds
            operations.append(.setExpiry(ordinal: ordinal, id: vector.id, milliseconds: milliseconds))
        }
        metadata.append(MetadataEntry(ordinal: ordinal, value: vector.metadata))
        if replaced != nil { died += 1 }
        touched[ordinal] = TouchedRow(metadata: vector.metadata, written: (vector.values, expiry))
        current[vector.id] = ordinal
    }

    /// Whether a row that lives is one that reads see. What the group itself has written is: what a slot said before does not count.
    private func isVisible(_ ordinal: UInt32) -> Bool { touched[ordinal]?.written != nil || !hasExpired(ordinal) }

    /// The version that a vector has after the requests before; nil when it does not exist.
    private func version(
        of id: VectorID, _ storedMetadata: (UInt32) throws(JadeError) -> [UInt8]?
    ) throws(JadeError) -> String? {
        guard let ordinal = current[id] ?? nil, isVisible(ordinal) else { return nil }
        guard let row = touched[ordinal] else {
            return try versions.version(of: id, at: ordinal, metadata: try storedMetadata(ordinal))
        }
        let metadata = MetadataJSON.encode(row.metadata)
        if let (values, expiry) = row.written { return versions.version(of: values, metadata: metadata, expiry: expiry) }
        return try versions.version(of: id, at: ordinal, metadata: metadata)
    }

    private func changed(
        _ id: VectorID, _ change: MetadataChange, _ storedMetadata: (UInt32) throws(JadeError) -> [UInt8]?
    ) throws(JadeError) -> MetadataEntry {
        guard let ordinal = current[id] ?? nil, isVisible(ordinal) else { throw .notFound("vector \(id.text.debugDescription) does not exist") }
        let old: Metadata
        if let row = touched[ordinal] {
            old = row.metadata
        } else {
            old = try storedMetadata(ordinal).map { (bytes) throws(JadeError) in try MetadataJSON.decode(bytes) } ?? [:]
        }
        var value = old
        switch change {
        case .replace(let metadata): value = metadata
        case .merge(let metadata):
            // Not by assigning nil, which as a value of metadata is null.
            for (key, member) in metadata {
                if member == .null { value.removeValue(forKey: key) } else { value[key] = member }
            }
        }
        let byteCount = MetadataJSON.encode(value).count
        guard byteCount <= Limits.maximumMetadataBytes else {
            throw .tooLarge("metadata of vector \(id.text.debugDescription) would have \(byteCount) bytes, the limit is \(Limits.maximumMetadataBytes)")
        }
        return MetadataEntry(ordinal: ordinal, old: old, value: value)
    }
}
