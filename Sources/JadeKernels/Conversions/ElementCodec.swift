package import JadeCore

/// Vectors of numbers to the bytes of an element type and back.
///
/// What comes back from f16 and bf16 is the nearest that the type has, from whole numbers and bits exactly what went in.
package struct ElementCodec: Sendable {
    package let type: ElementType
    package let dimension: Int
    // Conversions have the same bits at every level.
    private let kernels = Kernels.selectedOrSerial

    package init(_ type: ElementType, dimension: Int) {
        self.type = type
        self.dimension = dimension
    }

    package var byteCount: Int { type.byteCount(dimension: dimension) }

    /// Writes ``byteCount`` bytes. Values that the type cannot hold become the nearest that it can, NaN a zero where the type has
    /// none: nothing that comes from a file stops the process.
    ///
    /// - Parameters:
    ///   - values: as many as the dimension, at the alignment of `Float`.
    ///   - out: at the alignment of the type.
    package func encode(_ values: UnsafePointer<Float>, into out: UnsafeMutableRawPointer) {
        switch type {
        case .float32: out.copyMemory(from: values, byteCount: byteCount)
        case .float16: kernels.convert(values, count: dimension, toF16: out.assumingMemoryBound(to: UInt16.self))
        case .bfloat16: kernels.convert(values, count: dimension, toBF16: out.assumingMemoryBound(to: UInt16.self))
        case .int8, .uint8:
            let range = type.range
            for index in 0..<dimension {
                let byte = UInt8(truncatingIfNeeded: whole(values[index], range))
                out.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
            }
        case .bit:
            for byte in 0..<byteCount {
                var bits: UInt8 = 0
                for index in 8 * byte..<min(8 * byte + 8, dimension) where values[index] > 0.5 { bits |= 1 << UInt8(index & 7) }
                out.storeBytes(of: bits, toByteOffset: byte, as: UInt8.self)
            }
        }
    }

    private func whole(_ value: Float, _ range: ClosedRange<Float>) -> Int {
        value.isNaN ? 0 : Int(min(max(value.rounded(), range.lowerBound), range.upperBound))
    }

    /// ``encode(_:into:)`` from the bytes of the values, at any alignment, as a log record holds them.
    package func encode(unaligned values: UnsafeRawPointer, into out: UnsafeMutableRawPointer) {
        if type == .float32 { return out.copyMemory(from: values, byteCount: byteCount) }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { floats in
            let floats = floats.baseAddress.unsafelyUnwrapped
            UnsafeMutableRawPointer(floats).copyMemory(from: values, byteCount: 4 * dimension)
            encode(floats, into: out)
        }
    }

    /// The values of a vector, at the alignment of its type.
    package func decode(_ bytes: UnsafeRawPointer) -> [Float] {
        [Float](unsafeUninitializedCapacity: dimension) { buffer, count in
            if let out = buffer.baseAddress { decode(bytes, into: out) }
            count = dimension
        }
    }

    private func decode(_ bytes: UnsafeRawPointer, into out: UnsafeMutablePointer<Float>) {
        switch type {
        case .float32: UnsafeMutableRawPointer(out).copyMemory(from: bytes, byteCount: byteCount)
        case .float16: kernels.convert(f16: bytes.assumingMemoryBound(to: UInt16.self), count: dimension, to: out)
        case .bfloat16: kernels.convert(bf16: bytes.assumingMemoryBound(to: UInt16.self), count: dimension, to: out)
        case .int8: for index in 0..<dimension { out[index] = Float(bytes.load(fromByteOffset: index, as: Int8.self)) }
        case .uint8: for index in 0..<dimension { out[index] = Float(bytes.load(fromByteOffset: index, as: UInt8.self)) }
        case .bit:
            for index in 0..<dimension {
                out[index] = Float(bytes.load(fromByteOffset: index >> 3, as: UInt8.self) >> UInt8(index & 7) & 1)
            }
        }
    }

    /// Runs `body` with the vector as kernels take it; f32 is not copied.
    package func withEncoded<Result>(_ values: [Float], _ body: (UnsafeRawPointer) -> Result) -> Result {
        values.withUnsafeBufferPointer { floats in
            let floats = floats.orDangling
            if type == .float32 { return body(floats) }
            return withUnsafeTemporaryAllocation(byteCount: max(byteCount, 1), alignment: 64) { out in
                let out = out.baseAddress.unsafelyUnwrapped
                encode(floats, into: out)
                return body(out)
            }
        }
    }
}

extension VectorType {
    package init(_ type: ElementType) {
        switch type {
        case .float32: self = .f32
        case .float16: self = .f16
        case .bfloat16: self = .bf16
        case .int8: self = .i8
        case .uint8: self = .u8
        case .bit: self = .b1
        }
    }
}
