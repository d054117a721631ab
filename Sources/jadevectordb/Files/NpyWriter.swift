import Foundation
import JadeCore

/// Writes rows of float32 as a `.npy` file. The number of rows is filled in at the end, in the place that the header keeps
/// for it.
final class NpyWriter {
    /// Magic, version, length and dictionary, padded to a multiple of 64 as the format asks.
    private static let headerBytes = 128

    private let path: String
    private let dimension: Int
    private let file: UnsafeMutablePointer<FILE>
    private(set) var rows = 0

    init(path: String, dimension: Int) throws(JadeError) {
        self.path = path
        self.dimension = dimension
        guard let file = fopen(path, "wbe") else {
            throw .invalidArgument("\(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        self.file = file
        try write(header)
    }

    deinit { fclose(file) }

    func append(_ values: [Float]) throws(JadeError) {
        precondition(values.count == dimension, "a row has \(values.count) numbers, the file \(dimension)")
        try write(values.withUnsafeBytes { Array($0) })
        rows += 1
    }

    func finish() throws(JadeError) {
        guard fseek(file, 0, SEEK_SET) == 0 else { throw failed() }
        try write(header)
        guard fflush(file) == 0 else { throw failed() }
    }

    private var header: [UInt8] {
        let dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(rows), \(dimension)), }"
        let length = Self.headerBytes - 10
        let padded = Array(dictionary.utf8) + Array(repeating: UInt8(ascii: " "), count: length - 1 - dictionary.utf8.count)
        return NpyHeader.magic + [1, 0, UInt8(length), 0] + padded + [UInt8(ascii: "\n")]
    }

    private func write(_ bytes: [UInt8]) throws(JadeError) {
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw failed() }
    }

    private func failed() -> JadeError { .resourceExhausted("\(path) cannot be written: \(String(cString: strerror(errno)))") }
}
