package import JadeCore

/// A file that grows at its end and may be read anywhere. Calls may come from any thread; they take turns.
package protocol AppendFile: AnyObject, Sendable {
    var path: String { get }
    /// Bytes up to the end of the last complete write.
    var size: Int { get }
    /// Appends all bytes, however few the system takes at a time. After an error the bytes behind ``size`` are undefined
    /// until ``truncate(to:)``.
    func write(_ bytes: UnsafeRawBufferPointer) throws(JadeError)
    /// Writes zeros behind ``size``, up to `length`, without moving it: later writes overwrite blocks that the file has
    /// already, and syncing them needs no change of the file system's own tables. What is there already stays.
    func extendWithZeros(to length: Int) throws(JadeError)
    /// Bytes of the file, zeros behind ``size`` included.
    var extendedSize: Int { get }
    /// Reads up to `buffer.count` bytes at `offset`; fewer only at the end of the file.
    func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(JadeError) -> Int
    /// Cuts the file there, zeros behind ``size`` included.
    func truncate(to size: Int) throws(JadeError)
    /// Gives the disk blocks of a range of whole pages below ``size`` back: it reads as zeros, and the size stays.
    func discard(_ range: Range<Int>) throws(JadeError)
    /// Makes everything written durable (`fdatasync`). After an error nothing is known about what reached the disk.
    func sync() throws(JadeError)
    /// Ends all use; further calls throw. Closing twice is no error.
    func close()
}

extension AppendFile {
    package func write(_ bytes: [UInt8]) throws(JadeError) {
        try bytes.withRawBytes { (raw) throws(JadeError) in try write(raw) }
    }
}

extension AppendFile {
    /// The bytes there, all of them: corrupted where the file ends before.
    package func readBytes(at offset: Int, count: Int) throws(JadeError) -> [UInt8] {
        var failure: JadeError?
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(JadeError) {
                filled = try read(at: offset, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
            } catch { failure = error }
        }
        if let failure { throw failure }
        guard bytes.count == count else {
            throw .corrupted(file: path, offset: offset, expected: "\(count) bytes", found: "\(bytes.count)")
        }
        return bytes
    }
}
