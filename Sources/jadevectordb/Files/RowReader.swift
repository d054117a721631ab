import JadeCore

/// Rows of numbers of one length, read front to back.
protocol RowReader: AnyObject {
    /// Numbers of one row.
    var dimension: Int { get }
    /// Rows of the file, where it tells.
    var rowCount: Int? { get }
    var element: Element { get }
    /// The next row's bytes, `dimension * element.width`; false at the end.
    func next(into row: UnsafeMutableRawBufferPointer) throws(JadeError) -> Bool
}

/// How a number is written, always little-endian.
enum Element: String {
    case float16 = "f2", float32 = "f4", float64 = "f8"
    case uint8 = "u1", int8 = "i1", int32 = "i4", int64 = "i8", uint32 = "u4"

    var width: Int {
        switch self {
        case .uint8, .int8: 1
        case .float16: 2
        case .float32, .int32, .uint32: 4
        case .float64, .int64: 8
        }
    }

    /// The numbers as float32, rounded to nearest.
    func floats(_ raw: UnsafeRawBufferPointer, into out: UnsafeMutableBufferPointer<Float>) {
        switch self {
        case .float16: Self.convert(raw, Float16.self, into: out) { Float($0) }
        case .float32: Self.convert(raw, Float.self, into: out) { $0 }
        case .float64: Self.convert(raw, Double.self, into: out) { Float($0) }
        case .uint8: Self.convert(raw, UInt8.self, into: out) { Float($0) }
        case .int8: Self.convert(raw, Int8.self, into: out) { Float($0) }
        case .int32: Self.convert(raw, Int32.self, into: out) { Float($0) }
        case .int64: Self.convert(raw, Int64.self, into: out) { Float($0) }
        case .uint32: Self.convert(raw, UInt32.self, into: out) { Float($0) }
        }
    }

    /// The numbers as row numbers; nil when the type holds none.
    func rowNumbers(_ raw: UnsafeRawBufferPointer) -> [Int]? {
        switch self {
        case .int32: raw.withMemoryRebound(as: Int32.self)
        case .int64: raw.withMemoryRebound(as: Int64.self)
        case .uint32: raw.withMemoryRebound(as: UInt32.self)
        default: nil
        }
    }

    private static func convert<T>(
        _ raw: UnsafeRawBufferPointer, _ type: T.Type, into out: UnsafeMutableBufferPointer<Float>, _ body: (T) -> Float
    ) {
        for index in out.indices {
            out[index] = body(raw.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.stride, as: T.self))
        }
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func withMemoryRebound<T: BinaryInteger>(as type: T.Type) -> [Int] {
        stride(from: 0, to: count, by: MemoryLayout<T>.stride).map { Int(truncatingIfNeeded: loadUnaligned(fromByteOffset: $0, as: T.self)) }
    }
}

/// The formats that hold rows of numbers.
enum RowFile {
    /// Opens a file by what it is: `.npy` by its first bytes, the TEXMEX formats by their name.
    static func open(_ path: String) throws(JadeError) -> any RowReader {
        switch name(path).split(separator: ".").last {
        case "fvecs": try VecsReader(ByteStream(path: path), .float32)
        case "bvecs": try VecsReader(ByteStream(path: path), .uint8)
        case "ivecs": try VecsReader(ByteStream(path: path), .int32)
        case "npy": try NpyReader(ByteStream(path: path))
        default:
            throw .invalidArgument("\(path) is of no known kind, expected .fvecs, .bvecs, .ivecs or .npy, each also packed as .gz")
        }
    }

    /// The name without `.gz`.
    static func name(_ path: String) -> Substring { path.hasSuffix(".gz") ? path.dropLast(3) : path[...] }
}
