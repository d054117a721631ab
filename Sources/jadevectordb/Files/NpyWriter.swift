import JadeCore

/// Writes rows of float32 as a `.npy` file. The number of rows is filled in at the end, in the place that the header keeps
/// for it.
final class NpyWriter {
    /// Magic, version, length and dictionary, padded to a multiple of 64 as the format asks.
    private static let headerBytes = 128

    private let dimension: Int
    private let sink: ByteSink
    private(set) var rows = 0

    init(path: String, dimension: Int) throws(JadeError) {
        self.dimension = dimension
        sink = try ByteSink(path: path)
        try sink.write(header)
    }

    func append(_ values: [Float]) throws(JadeError) {
        precondition(values.count == dimension, "a row has \(values.count) numbers, the file \(dimension)")
        try sink.write(values.withUnsafeBytes { Array($0) })
        rows += 1
    }

    func finish() throws(JadeError) { try sink.overwriteStart(header) }

    private var header: [UInt8] {
        let dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(dimension)), }"
        let length = Self.headerBytes - 10
        let padded = Array(dictionary.utf8) + Array(repeating: UInt8(ascii: " "), count: length - 1 - dictionary.utf8.count)
        return NpyHeader.magic + [1, 0, UInt8(length), 0] + padded + [UInt8(ascii: "\n")]
    }
}
