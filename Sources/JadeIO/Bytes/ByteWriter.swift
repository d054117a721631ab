/// Builds the bytes of a little-endian format.
package struct ByteWriter: Sendable {
    package var bytes: [UInt8] = []

    @inlinable package init(reserving capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    @inlinable package var count: Int { bytes.count }

    @inlinable package mutating func append<Number: FixedWidthInteger>(_ number: Number) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    package mutating func append(_ id: UniqueID) {
        append(id.high)
        append(id.low)
    }

    @inlinable package mutating func append(contentsOf more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// Copies memory whole; going through a raw buffer's iterator would take it byte by byte.
    package mutating func append(contentsOf raw: UnsafeRawBufferPointer) {
        raw.withMemoryRebound(to: UInt8.self) { bytes.append(contentsOf: $0) }
    }

    package mutating func appendZeros(upTo count: Int) {
        precondition(count >= bytes.count)
        bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    }

    /// Forgets the content and keeps the memory.
    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    /// Overwrites bytes that have been appended before.
    package mutating func store<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
        precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= bytes.count)
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self) }
    }
}
