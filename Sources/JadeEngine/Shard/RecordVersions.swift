internal import JadeCore
internal import JadeIndex
internal import JadeJSON
internal import JadeKernels
internal import JadeStorage

/// The versions of vectors: the first half of a SHA-256 of expiry, values as they are stored, and metadata as it is stored, in
/// hexadecimal. Nothing is kept for them, so the same vector has the same version after a restart and in a restored copy.
struct RecordVersions: Sendable {
    private static let byteCount = 16

    let storage: HybridDatabasePersistence
    let facts: RowFacts
    let rows: RowSource
    let codec: ElementCodec

    /// The version of a row that is stored, with this metadata.
    func version(of id: VectorID, at ordinal: UInt32, metadata: [UInt8]?) throws(JadeError) -> String {
        try storage.rows.verify(id, at: Int(ordinal))
        let values = UnsafeRawBufferPointer(start: rows.address(ordinal), count: codec.byteCount)
        return Self.version(values, metadata, expiry: facts.expiries[Int(ordinal)])
    }

    /// The version that a vector will have; `expiry` in milliseconds since 1970, 0 for none.
    func version(of values: [Float], metadata: [UInt8]?, expiry: Int64) -> String {
        withUnsafeTemporaryAllocation(byteCount: codec.byteCount, alignment: MemoryLayout<Float>.alignment) { stored in
            if let out = stored.baseAddress { values.withUnsafeBufferPointer { $0.baseAddress.map { codec.encode($0, into: out) } } }
            return Self.version(UnsafeRawBufferPointer(stored), metadata, expiry: expiry)
        }
    }

    private static func version(_ values: UnsafeRawBufferPointer, _ metadata: [UInt8]?, expiry: Int64) -> String {
        var hash = SHA256()
        // All values of a database have the same length, so nothing has to say where they end.
        withUnsafeBytes(of: expiry.littleEndian) { hash.update($0) }
        hash.update(values)
        (metadata ?? MetadataJSON.encode([:])).withUnsafeBytes { hash.update($0) }
        return hash.finish().bytes.prefix(byteCount).hexadecimalText
    }
}
