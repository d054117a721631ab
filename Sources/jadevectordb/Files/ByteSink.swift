import Foundation
import JadeCore

/// Bytes to a file or to standard output, through one buffer.
final class ByteSink {
    private static let bufferBytes = 1 << 18

    private let name: String
    private let descriptor: Int32
    private let isOwned: Bool
    private var buffer: [UInt8] = []

    /// Creates the file, or empties it.
    init(path: String) throws(JadeError) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        name = path
        isOwned = true
        guard descriptor >= 0 else { throw .invalidArgument("\(path) cannot be written: \(String(cString: strerror(errno)))") }
    }

    /// Standard output.
    init() {
        descriptor = STDOUT_FILENO
        name = "standard output"
        isOwned = false
    }

    deinit { if isOwned, descriptor >= 0 { close(descriptor) } }

    func write(_ bytes: [UInt8]) throws(JadeError) {
        buffer += bytes
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    /// Hands over what is buffered.
    func flush() throws(JadeError) {
        guard Self.writeAll(buffer, to: descriptor) else {
            throw .resourceExhausted("\(name) cannot be written: \(String(cString: strerror(errno)))")
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes over the beginning of the file; what follows stays.
    func overwriteStart(_ bytes: [UInt8]) throws(JadeError) {
        try flush()
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .internal("\(name) cannot be written from its beginning") }
        try write(bytes)
        try flush()
    }

    static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var rest = buffer[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                rest = rest.dropFirst(count)
            }
            return true
        }
    }
}
