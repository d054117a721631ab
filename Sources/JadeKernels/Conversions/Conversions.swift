internal import CJadeKernels

extension Kernels {
    /// To f16 bits, to the nearest, ties to even.
    package func convert(_ values: UnsafePointer<Float>, count: Int, toF16 out: UnsafeMutablePointer<UInt16>) {
        table.pointee.f32_to_f16_row(values, count, out)
    }

    /// From f16 bits, exactly.
    package func convert(f16 values: UnsafePointer<UInt16>, count: Int, to out: UnsafeMutablePointer<Float>) {
        table.pointee.f16_to_f32_row(values, count, out)
    }

    /// To bf16 bits, to the nearest, ties to even.
    package func convert(_ values: UnsafePointer<Float>, count: Int, toBF16 out: UnsafeMutablePointer<UInt16>) {
        table.pointee.f32_to_bf16_row(values, count, out)
    }

    /// From bf16 bits, exactly.
    package func convert(bf16 values: UnsafePointer<UInt16>, count: Int, to out: UnsafeMutablePointer<Float>) {
        table.pointee.bf16_to_f32_row(values, count, out)
    }

    /// Scales a vector to length 1 and returns the length it had; zero, and what is not finite, is copied as it is. `out` may
    /// be `values`.
    @discardableResult
    package func normalize(_ values: UnsafePointer<Float>, dimension: Int, into out: UnsafeMutablePointer<Float>) -> Float {
        table.pointee.normalize_f32_row(values, dimension, out)
    }

    /// `values / step`, to the nearest within [-127, 127].
    package func encode(
        _ values: UnsafePointer<Float>, step: Float, dimension: Int, toI8 out: UnsafeMutablePointer<Int8>
    ) {
        table.pointee.f32_to_i8_row(values, step, dimension, out)
    }

    package func decode(i8 codes: UnsafePointer<Int8>, step: Float, dimension: Int, to out: UnsafeMutablePointer<Float>) {
        table.pointee.i8_to_f32_row(codes, step, dimension, out)
    }

    /// A row of codes of 8 bits between its own least and largest component, in ``VectorType/byteCount(dimension:)`` bytes at a
    /// multiple of 4.
    package func encode(_ values: UnsafePointer<Float>, dimension: Int, toSQ8 row: UnsafeMutableRawPointer) {
        table.pointee.f32_to_sq8_row(values, dimension, row)
    }

    /// The same with 4 bits.
    package func encode(_ values: UnsafePointer<Float>, dimension: Int, toSQ4 row: UnsafeMutableRawPointer) {
        table.pointee.f32_to_sq4_row(values, dimension, row)
    }

    package func decode(sq8 row: UnsafeRawPointer, dimension: Int, to out: UnsafeMutablePointer<Float>) {
        table.pointee.sq8_to_f32_row(row, dimension, out)
    }

    package func decode(sq4 row: UnsafeRawPointer, dimension: Int, to out: UnsafeMutablePointer<Float>) {
        table.pointee.sq4_to_f32_row(row, dimension, out)
    }
}
