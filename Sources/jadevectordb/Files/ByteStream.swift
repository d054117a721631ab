import Foundation
import JadeCore

/// The bytes of a file from front to back. What gzip packed is unpacked on the way, recognized by its first bytes and not by
/// its name.
///
/// Memory: one buffer of ``bufferBytes``, whatever the file claims to hold.
final class ByteStream {
    static let bufferBytes = 1 << 20
    /// One line of a text file: a vector of the largest dimension written out in full, and its metadata.
    static let maximumLineBytes = 4 << 20

    let path: String
    /// Bytes of the file; nil when it is packed, since its end is known only there.
    let size: Int?
    /// Bytes given out so far.
    private(set) var offset = 0

    private let descriptor: Int32
    private let unpacker: Unpacker?
    private var buffer = [UInt8](repeating: 0, count: bufferBytes)
    private var buffered = 0..<0

    init(path: String) throws(JadeError) {
        self.path = path
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw Self.cannotOpen(path) }
        var state = stat()
        guard fstat(file, &state) == 0, state.st_mode & S_IFMT != S_IFDIR else {
            close(file)
            throw .invalidArgument("\(path) is a folder, expected a file")
        }
        if Self.isPacked(file) {
            close(file)
            unpacker = try Unpacker(path: path)
            descriptor = dup(unpacker?.output ?? -1)
            size = nil
        } else {
            unpacker = nil
            descriptor = file
            size = state.st_mode & S_IFMT == S_IFREG ? Int(state.st_size) : nil
        }
    }

    /// What a program makes of a file.
    init(_ unpacker: Unpacker, of path: String) {
        self.path = path
        self.unpacker = unpacker
        descriptor = dup(unpacker.output)
        size = nil
    }

    deinit { close(descriptor) }

    /// Fills the buffer. False at the end of the file.
    ///
    /// - Throws: `invalidArgument` when the file ends inside.
    func read(into target: UnsafeMutableRawBufferPointer) throws(JadeError) -> Bool {
        var filled = 0
        while filled < target.count {
            if buffered.isEmpty, try !refill() {
                guard filled > 0 else { return false }
                throw .invalidArgument("\(path) ends at byte \(offset), \(target.count - filled) bytes before its last row is complete")
            }
            let taken = min(buffered.count, target.count - filled)
            buffer.withUnsafeBytes { source in
                target[filled...].copyMemory(from: UnsafeRawBufferPointer(rebasing: source[buffered.prefix(taken)]))
            }
            filled += taken
            advance(taken)
        }
        return true
    }

    /// The next line without its end; nil at the end of the file.
    func line() throws(JadeError) -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if buffered.isEmpty, try !refill() { return line.isEmpty ? nil : line }
            let end = buffer[buffered].firstIndex(of: UInt8(ascii: "\n"))
            line += buffer[buffered.lowerBound..<(end ?? buffered.upperBound)]
            guard line.count <= Self.maximumLineBytes else {
                throw .tooLarge("\(path) has a line over \(Self.maximumLineBytes) bytes at byte \(offset)")
            }
            if let end {
                advance(end - buffered.lowerBound + 1)
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return line
            }
            advance(buffered.count)
        }
    }

    private func advance(_ count: Int) {
        buffered = buffered.lowerBound + count..<buffered.upperBound
        offset += count
    }

    private func refill() throws(JadeError) -> Bool {
        var count: Int
        repeat {
            count = buffer.withUnsafeMutableBytes { Foundation.read(descriptor, $0.baseAddress, $0.count) }
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw .unavailable("\(path) cannot be read: \(String(cString: strerror(errno)))") }
        buffered = 0..<count
        if count == 0 { try unpacker?.finish() }
        return count > 0
    }

    private static func cannotOpen(_ path: String) -> JadeError {
        errno == ENOENT
            ? .notFound("\(path) does not exist") : .invalidArgument("\(path) cannot be opened: \(String(cString: strerror(errno)))")
    }

    private static func isPacked(_ file: Int32) -> Bool {
        var magic: (UInt8, UInt8) = (0, 0)
        let count = withUnsafeMutableBytes(of: &magic) { pread(file, $0.baseAddress, 2, 0) }
        return count == 2 && magic == (0x1F, 0x8B)
    }
}

extension UnsafeMutableRawBufferPointer.SubSequence {
    fileprivate func copyMemory(from source: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: self).copyMemory(from: source)
    }
}
