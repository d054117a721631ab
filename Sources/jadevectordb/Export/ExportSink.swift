import JadeCore

/// Where exported vectors go.
protocol ExportSink {
    func write(_ vector: StoredVector) throws(JadeError)
    func finish() throws(JadeError)
}

/// Lines of JSON, to a file or standard output.
final class LineSink: ExportSink {
    private let sink: ByteSink

    init(path: String?) throws(JadeError) {
        if let path { sink = try ByteSink(path: path) } else { sink = ByteSink() }
    }

    func write(_ vector: StoredVector) throws(JadeError) { try sink.write(JSONOutput.vector(vector) + [UInt8(ascii: "\n")]) }
    func finish() throws(JadeError) { try sink.flush() }
}

/// `NAME.npy` with the values and `NAME.ids.jsonl` with ids and metadata, row by row.
final class ArraySink: ExportSink {
    private let array: NpyWriter
    private let lines: LineSink

    init(path: String, dimension: Int) throws(JadeError) {
        array = try NpyWriter(path: path, dimension: dimension)
        lines = try LineSink(path: (path.hasSuffix(".npy") ? String(path.dropLast(4)) : path) + ".ids.jsonl")
    }

    func write(_ vector: StoredVector) throws(JadeError) {
        try array.append(vector.values ?? [])
        try lines.write(StoredVector(id: vector.id, metadata: vector.metadata, expiresAtMilliseconds: vector.expiresAtMilliseconds))
    }

    func finish() throws(JadeError) {
        try array.finish()
        try lines.finish()
    }
}
