package import JadeCore
package import JadeJSON

/// Writes a frame, section by section. Values are written as f32.
struct FrameWriter {
    private var header: FrameHeader
    private var values: [UInt8] = []
    private var ids: [UInt8] = []
    private var lists: [UInt8] = []
    private var scores: [UInt8] = []
    private var document: [UInt8] = []

    init(_ kind: FrameHeader.Kind, count: Int) {
        header = FrameHeader(kind)
        header.count = count
    }

    /// - Parameter rows: As many as the frame has, of one length.
    mutating func put(values rows: [[Float]]) throws(JadeError) {
        header.dimension = rows.first?.count ?? 0
        values.reserveCapacity(rows.count * header.rowBytes)
        for row in rows {
            guard row.count == header.dimension else {
                throw .invalidArgument("vectors of \(header.dimension) and \(row.count) dimensions do not share a frame")
            }
            #if _endian(little)
            row.withUnsafeBytes { values += $0 }
            #else
            for value in row { withUnsafeBytes(of: value.bitPattern.littleEndian) { values += $0 } }
            #endif
        }
    }

    mutating func put(ids given: [VectorID]) {
        let numbers = given.map { $0.isInteger ? UInt64($0.text) : nil }
        if numbers.allSatisfy({ $0 != nil }) {
            header.ids = .integers
            for number in numbers { append(number ?? 0, to: \.ids) }
        } else {
            header.ids = .texts
            for (id, number) in zip(given, numbers) {
                append(number == nil ? UInt16(id.text.utf8.count) : FrameHeader.integerMark, to: \.ids)
                if let number { append(number, to: \.ids) } else { ids += id.text.utf8 }
            }
        }
        header.idBytes = ids.count
    }

    mutating func put(lists lengths: [Int], scores given: [Float]) {
        header.listCount = lengths.count
        for length in lengths { append(UInt32(length), to: \.lists) }
        for score in given { append(score.bitPattern, to: \.scores) }
    }

    mutating func put(document bytes: [UInt8]) {
        document = bytes
        header.documentBytes = bytes.count
    }

    private mutating func append(_ number: some FixedWidthInteger, to section: WritableKeyPath<FrameWriter, [UInt8]>) {
        withUnsafeBytes(of: number.littleEndian) { self[keyPath: section] += $0 }
    }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(header.length)
        header.write(to: &out)
        for section in [values, ids, lists, scores] {
            out += section
            while out.count & 7 != 0 { out.append(0) }
        }
        return out + document
    }
}
