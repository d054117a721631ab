import Glibc
import JadeCore
import JadeIO

/// Bytes of a file, changed in place: tens of thousands of damaged versions without a new file for each.
struct Patcher {
    let path: String
    let original: [UInt8]

    init(_ path: String) throws(JadeError) {
        self.path = path
        original = try LocalFileSystem().readFile(path, limit: 1 << 24)
    }

    func write(_ bytes: [UInt8]) throws(JadeError) {
        try change { descriptor in
            pwrite(descriptor, bytes, bytes.count, 0) == bytes.count && ftruncate(descriptor, bytes.count) == 0
        }
    }

    func restore() throws(JadeError) { try write(original) }

    /// Runs `body` while one bit is flipped.
    func withFlipped(bit: Int, _ body: () -> Void) throws(JadeError) {
        try store(original[bit / 8] ^ 1 << UInt8(bit % 8), at: bit / 8)
        body()
        try store(original[bit / 8], at: bit / 8)
    }

    private func store(_ byte: UInt8, at offset: Int) throws(JadeError) {
        try change { descriptor in pwrite(descriptor, [byte], 1, offset) == 1 }
    }

    func truncate(to size: Int) throws(JadeError) {
        try change { descriptor in ftruncate(descriptor, size) == 0 }
    }

    private func change(_ body: (Int32) -> Bool) throws(JadeError) {
        let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
        defer { close(descriptor) }
        guard body(descriptor) else { throw systemError("patch", path, errno) }
    }
}
