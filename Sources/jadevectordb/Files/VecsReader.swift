import JadeCore

/// `.fvecs`, `.bvecs` and `.ivecs`: each row is its length as 32 bits, then so many numbers. Format: the TEXMEX corpus,
/// http://corpus-texmex.irisa.fr.
final class VecsReader: RowReader {
    let dimension: Int
    let rowCount: Int?
    let element: Element
    private let stream: ByteStream
    /// The first row's head is read by `init` already.
    private var headIsRead = true
    private var row = 0

    init(_ stream: ByteStream, _ element: Element) throws(JadeError) {
        self.stream = stream
        self.element = element
        guard let first = try Self.head(of: stream) else { throw .invalidArgument("\(stream.path) is empty") }
        guard (1...Limits.maximumDimension).contains(first) else {
            throw .invalidArgument(
                "\(stream.path) says that its first row has \(first) numbers, expected 1 to \(Limits.maximumDimension)")
        }
        dimension = first
        let rowBytes = 4 + first * element.width
        rowCount = stream.size.map { $0 / rowBytes }
        if let size = stream.size, size % rowBytes != 0 {
            throw .invalidArgument("\(stream.path) has \(size) bytes, which is no multiple of its rows of \(rowBytes) bytes")
        }
    }

    func next(into target: UnsafeMutableRawBufferPointer) throws(JadeError) -> Bool {
        if !headIsRead {
            guard let length = try Self.head(of: stream) else { return false }
            guard length == dimension else {
                throw .invalidArgument("\(stream.path): row \(row) has \(length) numbers, the rows before have \(dimension)")
            }
        }
        headIsRead = false
        row += 1
        guard try stream.read(into: target) else {
            throw .invalidArgument("\(stream.path) ends at byte \(stream.offset), inside row \(row - 1)")
        }
        return true
    }

    private static func head(of stream: ByteStream) throws(JadeError) -> Int? {
        var bytes: (UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0)
        let result: Result<Bool, JadeError> = withUnsafeMutableBytes(of: &bytes) { buffer in
            do throws(JadeError) { return .success(try stream.read(into: buffer)) } catch { return .failure(error) }
        }
        guard try result.get() else { return nil }
        return Int(Int32(truncatingIfNeeded: Int(bytes.0) | Int(bytes.1) << 8 | Int(bytes.2) << 16 | Int(bytes.3) << 24))
    }
}
