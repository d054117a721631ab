package import JadeCore

/// Walks little-endian bytes that may be damaged: every read is checked and an end that comes too early is a `corrupted`
/// error with file and offset. Valid while the bytes under it are.
package struct ByteReader {
    package let bytes: UnsafeRawBufferPointer
    /// Named in errors.
    package let file: String
    /// Where `bytes` begins in the file.
    package let start: Int
    package private(set) var position = 0

    package init(_ bytes: UnsafeRawBufferPointer, file: String, start: Int = 0) {
        self.bytes = bytes
        self.file = file
        self.start = start
    }

    package var remaining: Int { bytes.count - position }
    /// The next byte's place in the file.
    package var fileOffset: Int { start + position }

    package mutating func read<Number: FixedWidthInteger>(_: Number.Type = Number.self) throws(JadeError) -> Number {
        let raw = try readBytes(MemoryLayout<Number>.size)
        return Number(littleEndian: raw.loadUnaligned(as: Number.self))
    }

    package mutating func readUniqueID() throws(JadeError) -> UniqueID {
        UniqueID(high: try read(), low: try read())
    }

    package mutating func readBytes(_ count: Int) throws(JadeError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= remaining else {
            throw .corrupted(file: file, offset: fileOffset, expected: "\(count) more bytes", found: "\(remaining)")
        }
        defer { position += count }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + count])
    }

    /// The error for a value just before the current position.
    package func corrupted(back size: Int, expected: String, found: String) -> JadeError {
        .corrupted(file: file, offset: fileOffset - size, expected: expected, found: found)
    }
}

/// A little-endian number at any offset of raw memory; the caller has checked that it lies inside.
extension UnsafeRawPointer {
    @inlinable
    package func number<Number: FixedWidthInteger>(at offset: Int, as _: Number.Type = Number.self) -> Number {
        Number(littleEndian: loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
