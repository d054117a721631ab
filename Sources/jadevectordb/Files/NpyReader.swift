import JadeCore

/// NumPy's `.npy`: a header that is a Python dictionary, then the numbers row by row. Format: NEP 1, versions 1 to 3.
final class NpyReader: RowReader {
    let dimension: Int
    let rowCount: Int?
    let element: Element
    private let stream: ByteStream
    private var rowsLeft: Int

    init(_ stream: ByteStream) throws(JadeError) {
        self.stream = stream
        let header = try NpyHeader(readFrom: stream)
        element = header.element
        dimension = header.columns
        rowCount = header.rows
        rowsLeft = header.rows
        let (dataBytes, overflow) = (header.columns * header.element.width).multipliedReportingOverflow(by: header.rows)
        guard !overflow else { throw .invalidArgument("\(stream.path) claims \(header.rows) × \(header.columns) numbers") }
        if let size = stream.size, size - stream.offset != dataBytes {
            throw .invalidArgument(
                "\(stream.path) holds \(size - stream.offset) bytes of numbers, its header promises \(dataBytes)")
        }
    }

    func next(into target: UnsafeMutableRawBufferPointer) throws(JadeError) -> Bool {
        guard rowsLeft > 0 else { return false }
        guard try stream.read(into: target) else {
            throw .invalidArgument("\(stream.path) ends at byte \(stream.offset), \(rowsLeft) rows before its end")
        }
        rowsLeft -= 1
        return true
    }
}

/// What stands before the numbers.
struct NpyHeader {
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    /// Bytes of the dictionary; real ones have about a hundred.
    static let maximumBytes = 64 * 1024

    let element: Element
    let rows: Int
    let columns: Int

    init(readFrom stream: ByteStream) throws(JadeError) {
        let start = try Self.bytes(8, of: stream)
        guard start.starts(with: Self.magic), (1...3).contains(start[6]) else {
            throw .invalidArgument("\(stream.path) does not begin as a .npy file does")
        }
        let lengthBytes = try Self.bytes(start[6] == 1 ? 2 : 4, of: stream)
        let length = lengthBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= Self.maximumBytes else {
            throw .invalidArgument("\(stream.path) has a header of \(length) bytes, the limit is \(Self.maximumBytes)")
        }
        try self.init(dictionary: String(decoding: Self.bytes(length, of: stream), as: UTF8.self), path: stream.path)
    }

    /// `{'descr': '<f4', 'fortran_order': False, 'shape': (8000, 384), }`
    init(dictionary: String, path: String) throws(JadeError) {
        guard let descr = dictionary.firstMatch(of: #/['"]descr['"]\s*:\s*['"]([<>|=]?)([a-z]\d+)['"]/#),
            let order = dictionary.firstMatch(of: #/['"]fortran_order['"]\s*:\s*(True|False)/#),
            let shape = dictionary.firstMatch(of: #/['"]shape['"]\s*:\s*\(([\d\s,L]*)\)/#)
        else { throw .invalidArgument("\(path) has a header that is not understood: \(dictionary.prefix(200).debugDescription)") }
        guard let element = Element(rawValue: String(descr.2)), descr.1 != ">" else {
            throw .invalidArgument("\(path) holds numbers of type \(descr.1)\(descr.2), expected <f2, <f4, <f8, |u1, |i1, <i4, <i8 or <u4")
        }
        guard order.1 == "False" else { throw .invalidArgument("\(path) is stored column by column: save it with np.ascontiguousarray") }
        let sizes = shape.1.split(whereSeparator: { ", L".contains($0) }).map { Int($0) }
        guard sizes.count == 2, let rows = sizes[0], let columns = sizes[1] else {
            throw .invalidArgument("\(path) has the shape (\(shape.1)), expected rows and columns")
        }
        guard (1...Limits.maximumDimension).contains(columns) else {
            throw .invalidArgument("\(path) has rows of \(columns) numbers, expected 1 to \(Limits.maximumDimension)")
        }
        self.element = element
        self.rows = rows
        self.columns = columns
    }

    private static func bytes(_ count: Int, of stream: ByteStream) throws(JadeError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let result: Result<Bool, JadeError> = bytes.withUnsafeMutableBytes { buffer in
            do throws(JadeError) { return .success(try stream.read(into: buffer)) } catch { return .failure(error) }
        }
        guard try result.get() || count == 0 else { throw .invalidArgument("\(stream.path) is too short to be a .npy file") }
        return bytes
    }
}
