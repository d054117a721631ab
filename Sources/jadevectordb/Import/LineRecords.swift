import JadeCore
import JadeJSON

/// JSON lines: `{"id": …, "values": [ … ], "metadata": { … }}`, as `export` writes them.
final class LineRecords: RecordSource {
    let dimension: Int? = nil
    let count: Int? = nil
    private let stream: ByteStream
    private let options: Records.Options
    private var lineNumber = 0

    init(_ path: String, _ options: Records.Options) throws(JadeError) {
        stream = try ByteStream(path: path)
        self.options = options
    }

    /// A table that Python turns into such lines.
    init(table path: String, _ options: Records.Options) throws(JadeError) {
        stream = ByteStream(try TableBridge.reader(path, options), of: path)
        self.options = options
    }

    func next() throws(JadeError) -> VectorRecord? {
        while let line = try stream.line() {
            lineNumber += 1
            if line.isEmpty { continue }
            do {
                var record = try JSONInput.vector(line)
                if record.expiry == nil { record.expiry = options.expiry }
                if options.normalize { record.normalize() }
                return record
            } catch {
                throw JadeError(error.code, "\(stream.path) line \(lineNumber): \(error.message)")
            }
        }
        return nil
    }
}
