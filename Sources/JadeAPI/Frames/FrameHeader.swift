package import JadeCore

/// The first 32 bytes of a frame: vectors as bytes instead of JSON. The layout is in `docs/formats/vector-frame.md`.
package struct FrameHeader: Sendable, Hashable {
    package enum Kind: UInt8, Sendable {
        /// Rows of vectors, with or without ids: an upsert, queries, vectors that were asked for.
        case vectors = 1
        /// Lists of ids with scores: the answer to searches.
        case results = 2
    }

    package enum IDs: UInt8, Sendable {
        case none = 0
        /// 8 bytes each: unsigned integers.
        case integers = 1
        /// A length of 16 bits and that many bytes each; the length 65535 stands before an integer of 8 bytes.
        case texts = 2
    }

    package static let size = 32
    static let magic: [UInt8] = Array("JVF1".utf8)
    static let integerMark = UInt16.max

    package var kind: Kind
    package var elementType: ElementType = .float32
    package var ids: IDs = .none
    /// Rows.
    package var count = 0
    /// Components of a row; 0 where no values are sent.
    package var dimension = 0
    package var idBytes = 0
    /// Length of the JSON document behind the arrays; 0 where there is none.
    package var documentBytes = 0
    /// Lists of a `results` frame.
    package var listCount = 0

    package init(_ kind: Kind) { self.kind = kind }

    /// - Throws: `invalidArgument` for what is no such header; `tooLarge` over a limit of rows or components.
    package init(_ bytes: UnsafeRawBufferPointer) throws(JadeError) {
        guard bytes.count >= Self.size else { throw .invalidArgument("frame has \(bytes.count) bytes, its header takes \(Self.size)") }
        guard bytes.prefix(4).elementsEqual(Self.magic) else { throw .invalidArgument("frame does not begin with \"JVF1\"") }
        guard let kind = Kind(rawValue: bytes[4]) else { throw .invalidArgument("frame kind is \(bytes[4]), expected 1 or 2") }
        guard let type = ElementType(rawValue: UInt32(bytes[5])) else { throw .invalidArgument("frame element type is \(bytes[5]), expected 0 to 5") }
        guard let ids = IDs(rawValue: bytes[6]) else { throw .invalidArgument("frame id kind is \(bytes[6]), expected 0 to 2") }
        guard bytes[7] == 0, bytes.number(at: 28) == 0 else { throw .invalidArgument("reserved bytes of the frame header are not 0") }
        self.kind = kind
        (elementType, self.ids) = (type, ids)
        (count, dimension, idBytes) = (bytes.number(at: 8), bytes.number(at: 12), bytes.number(at: 16))
        (documentBytes, listCount) = (bytes.number(at: 20), bytes.number(at: 24))
        guard dimension <= Limits.maximumDimension else {
            throw .invalidArgument("frame has vectors of \(dimension) dimensions, the limit is \(Limits.maximumDimension)")
        }
        guard count * dimension <= Limits.maximumBatchComponents else {
            throw .tooLarge("frame has \(count * dimension) vector components, the limit is \(Limits.maximumBatchComponents)")
        }
        guard length == bytes.count else { throw .invalidArgument("frame has \(bytes.count) bytes, its header announces \(length)") }
    }

    // MARK: Places. Each section begins at a multiple of 8.

    package var rowBytes: Int { elementType.byteCount(dimension: dimension) }
    package var valuesPlace: Int { Self.size }
    package var idsPlace: Int { Self.padded(valuesPlace + count * rowBytes) }
    package var listsPlace: Int { Self.padded(idsPlace + idBytes) }
    package var scoresPlace: Int { Self.padded(listsPlace + (kind == .results ? listCount * 4 : 0)) }
    package var documentPlace: Int { Self.padded(scoresPlace + (kind == .results ? count * 4 : 0)) }
    package var length: Int { documentPlace + documentBytes }

    private static func padded(_ place: Int) -> Int { (place + 7) & ~7 }

    package func write(to out: inout [UInt8]) {
        out += Self.magic + [kind.rawValue, UInt8(elementType.rawValue), ids.rawValue, 0]
        for number in [count, dimension, idBytes, documentBytes, listCount, 0] {
            withUnsafeBytes(of: UInt32(number).littleEndian) { out += $0 }
        }
    }
}

extension UnsafeRawBufferPointer {
    /// An unsigned number of 32 bits.
    func number(at place: Int) -> Int { Int(UInt32(littleEndian: loadUnaligned(fromByteOffset: place, as: UInt32.self))) }
}
