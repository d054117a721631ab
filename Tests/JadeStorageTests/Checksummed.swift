import JadeKernels

/// Changes a field of bytes that end in their own checksum, so that only the field is wrong.
enum Checksummed {
    static func set<Number: FixedWidthInteger>(
        _ bytes: inout [UInt8], _ range: Range<Int>, _ number: Number, at offset: Int
    ) {
        store(&bytes, number, at: offset)
        let end = range.upperBound - 4
        store(&bytes, CRC32C.checksum(Array(bytes[range.lowerBound..<end])), at: end)
    }

    static func store<Number: FixedWidthInteger>(_ bytes: inout [UInt8], _ number: Number, at offset: Int) {
        withUnsafeBytes(of: number.littleEndian) { raw in
            for (index, byte) in raw.enumerated() { bytes[offset + index] = byte }
        }
    }
}
