import Foundation
import JadeCore

/// Where exported vectors go.
protocol ExportSink {
    func write(_ vector: StoredVector) throws(JadeError)
    func finish() throws(JadeError)
}

/// Lines of JSON, to a file or standard output.
final class LineSink: ExportSink {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private let isOwned: Bool

    init(path: String?) throws(JadeError) {
        self.path = path ?? "standard output"
        isOwned = path != nil
        guard let path else {
            file = stdout
            return
        }
        guard let opened = fopen(path, "wbe") else {
            throw .invalidArgument("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        file = opened
    }

    deinit { if isOwned { fclose(file) } }

    func write(_ vector: StoredVector) throws(JadeError) {
        let line = JSONOutput.vector(vector) + [UInt8(ascii: "\n")]
        guard fwrite(line, 1, line.count, file) == line.count else { throw failed() }
    }

    func finish() throws(JadeError) { guard fflush(file) == 0 else { throw failed() } }

    private func failed() -> JadeError { .resourceExhausted("\(path) cannot be written: \(String(cString: strerror(errno)))") }
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
        try lines.write(StoredVector(id: vector.id, metadata: vector.metadata))
    }

    func finish() throws(JadeError) {
        try array.finish()
        try lines.finish()
    }
}
