import JadeCore
import JadeJSON

/// Rows of a `.npy`, `.fvecs` or `.bvecs` file, with the lines of a metadata file beside them.
final class RowRecords: RecordSource {
    let dimension: Int?
    let count: Int?
    private let options: Records.Options
    private let metadata: ByteStream?
    private var rows: RowIterator
    private var row: UInt64 = 0

    init(_ reader: any RowReader, _ options: Records.Options) throws(JadeError) {
        dimension = reader.dimension
        count = reader.rowCount
        rows = RowIterator(reader)
        metadata = try options.metadata.map { path throws(JadeError) in try ByteStream(path: path) }
        self.options = options
        guard options.idField == nil || metadata != nil else {
            throw .invalidArgument("--id-field names a field of the metadata: pass --metadata too")
        }
    }

    func next() throws(JadeError) -> VectorRecord? {
        guard let values = try rows.next() else {
            try requireEndOfMetadata()
            return nil
        }
        var record = VectorRecord(
            id: VectorID(options.firstID &+ row), values: values, metadata: try nextMetadata(),
            expiry: options.expiry)
        if let field = options.idField { record.id = try takeID(field, from: &record.metadata) }
        if options.normalize { record.normalize() }
        row += 1
        return record
    }

    private func nextMetadata() throws(JadeError) -> Metadata {
        guard let metadata else { return [:] }
        guard let line = try metadata.line() else {
            throw .invalidArgument("\(metadata.path) has \(row) lines, there are more rows than that")
        }
        do { return try MetadataJSON.decode(line) } catch {
            throw JadeError(error.code, "\(metadata.path) line \(row + 1): \(error.message)")
        }
    }

    private func requireEndOfMetadata() throws(JadeError) {
        guard let metadata, let line = try metadata.line(), !line.isEmpty else { return }
        throw .invalidArgument("\(metadata.path) has more lines than there are rows, which are \(row)")
    }

    /// The id leaves the metadata: it would be stored twice.
    private func takeID(_ field: String, from metadata: inout Metadata) throws(JadeError) -> VectorID {
        switch metadata.removeValue(forKey: field) {
        case .string(let text): return try VectorID(text)
        case .integer(let number) where number >= 0: return VectorID(UInt64(number))
        case nil: throw .invalidArgument("row \(row) has no metadata field \(field.debugDescription) to take its id from")
        default: throw .invalidArgument("row \(row) has no string or unsigned integer in metadata field \(field.debugDescription)")
        }
    }
}
