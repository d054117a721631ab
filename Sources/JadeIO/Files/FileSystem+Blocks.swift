package import JadeCore

extension FileSystem {
    /// Bytes on disk of all files below a folder; files that go away meanwhile don't count.
    package func allocatedBytes(below directory: String) throws(JadeError) -> Int {
        var bytes = 0
        for name in try list(directory) {
            let path = "\(directory)/\(name)"
            bytes += try isDirectory(path) ? allocatedBytes(below: path) : allocatedBytes(of: path) ?? 0
        }
        return bytes
    }
}
