package import JadeCore
package import JadeJSON

/// Reads the sections of a frame. Nothing in it is believed before it is checked.
struct FrameReader {
    let header: FrameHeader
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer, _ kind: FrameHeader.Kind) throws(JadeError) {
        self.bytes = bytes
        header = try FrameHeader(bytes)
        guard header.kind == kind else { throw .invalidArgument("frame kind is \(header.kind.rawValue), expected \(kind.rawValue)") }
    }

    /// The values of one row, as floats.
    func values(_ row: Int) throws(JadeError) -> [Float] {
        let place = header.valuesPlace + row * header.rowBytes
        let source = UnsafeRawBufferPointer(rebasing: bytes[place..<place + header.rowBytes])
        let values = source.floats(header.elementType, count: header.dimension)
        if let index = values.firstIndex(where: { !$0.isFinite }) {
            throw .invalidArgument("component \(index) of row \(row) is \(values[index]), expected a finite number")
        }
        return values
    }

    /// The ids of all rows; nil where the frame has none.
    func ids() throws(JadeError) -> [VectorID]? {
        let section = UnsafeRawBufferPointer(rebasing: bytes[header.idsPlace..<header.idsPlace + header.idBytes])
        switch header.ids {
        case .none:
            guard header.idBytes == 0 else { throw .invalidArgument("frame without ids has \(header.idBytes) bytes of them") }
            return nil
        case .integers:
            guard section.count == header.count * 8 else {
                throw .invalidArgument("frame has \(section.count) bytes of ids, expected \(header.count * 8)")
            }
            return (0..<header.count).map { VectorID(section.long(at: $0 * 8)) }
        case .texts: return try texts(section)
        }
    }

    private func texts(_ section: UnsafeRawBufferPointer) throws(JadeError) -> [VectorID] {
        var ids: [VectorID] = []
        // An id takes at least 2 bytes: a count that is not true reserves no memory.
        ids.reserveCapacity(min(header.count, section.count / 2))
        var place = 0
        for row in 0..<header.count {
            guard place + 2 <= section.count else { throw short(row) }
            let length = UInt16(littleEndian: section.loadUnaligned(fromByteOffset: place, as: UInt16.self))
            place += 2
            let size = length == FrameHeader.integerMark ? 8 : Int(length)
            guard place + size <= section.count else { throw short(row) }
            if length == FrameHeader.integerMark {
                ids.append(VectorID(section.long(at: place)))
            } else {
                guard let text = String(validating: section[place..<place + size], as: UTF8.self) else {
                    throw .invalidArgument("id of row \(row) is not UTF-8")
                }
                ids.append(try VectorID(text))
            }
            place += size
        }
        guard place == section.count else { throw .invalidArgument("frame has \(section.count) bytes of ids, \(place) are used") }
        return ids
    }

    private func short(_ row: Int) -> JadeError { .invalidArgument("the ids of the frame end within row \(row)") }

    /// Lengths of the lists of a `results` frame; together they are all rows.
    func lists() throws(JadeError) -> [Int] {
        let lists = (0..<header.listCount).map { bytes.number(at: header.listsPlace + $0 * 4) }
        guard lists.reduce(0, +) == header.count else { throw .invalidArgument("the lists of the frame do not have \(header.count) rows") }
        return lists
    }

    func score(_ row: Int) -> Float { Float(bitPattern: UInt32(bytes.number(at: header.scoresPlace + row * 4))) }

    /// What the JSON behind the arrays says; nil where there is none.
    func document<Value: WireDecodable>(_ type: Value.Type, _ pool: JSONParserPool) throws(JadeError) -> Value? {
        guard header.documentBytes > 0 else { return nil }
        return try WireJSON.decode(type, from: UnsafeRawBufferPointer(rebasing: bytes[header.documentPlace...]), pool: pool)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate func long(at place: Int) -> UInt64 { UInt64(littleEndian: loadUnaligned(fromByteOffset: place, as: UInt64.self)) }

    /// Little-endian components as floats; there are as many bytes as they take.
    func floats(_ type: ElementType, count: Int) -> [Float] {
        [Float](unsafeUninitializedCapacity: count) { out, initialized in
            switch type {
            case .float32:
                for i in 0..<count { out.initializeElement(at: i, to: Float(bitPattern: UInt32(littleEndian: word(i)))) }
            case .float16:
                for i in 0..<count { out.initializeElement(at: i, to: Float(Float16(bitPattern: UInt16(littleEndian: half(i))))) }
            case .bfloat16:
                for i in 0..<count { out.initializeElement(at: i, to: Float(bitPattern: UInt32(UInt16(littleEndian: half(i))) << 16)) }
            case .int8: for i in 0..<count { out.initializeElement(at: i, to: Float(Int8(bitPattern: self[i]))) }
            case .uint8: for i in 0..<count { out.initializeElement(at: i, to: Float(self[i])) }
            case .bit: for i in 0..<count { out.initializeElement(at: i, to: self[i / 8] >> UInt8(i % 8) & 1 == 1 ? 1 : 0) }
            }
            initialized = count
        }
    }

    @inline(__always) private func word(_ index: Int) -> UInt32 { loadUnaligned(fromByteOffset: index &* 4, as: UInt32.self) }
    @inline(__always) private func half(_ index: Int) -> UInt16 { loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self) }
}
