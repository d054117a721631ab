internal import CJadeKernels

/// A query, moved, rotated and quantized, to be compared with rows of codes. One object serves many queries and lists, one after
/// the other.
package struct RaBitQQuery: ~Copyable {
    package let code: RaBitQCode
    package let dimension: Int
    /// Bits of a component of the query, for rows of one bit; the others have 8.
    package let bits: Int
    private let query: UnsafeMutablePointer<jade_rabitq_query>
    private let codes: UnsafeMutableRawPointer
    private let kernels: RaBitQKernels

    package init(_ code: RaBitQCode, dimension: Int, bits: Int = 4, kernels: Kernels) {
        precondition(bits >= 1 && bits <= 8, "\(bits) bits, expected 1 to 8")
        (self.code, self.dimension, self.bits, self.kernels) = (code, dimension, bits, RaBitQKernels(code, of: kernels))
        let bytes = code.queryByteCount(dimension: dimension, bits: bits)
        codes = .allocate(byteCount: max(bytes, 64), alignment: 64)
        codes.initializeMemory(as: UInt8.self, repeating: 0, count: max(bytes, 64))
        query = .allocate(capacity: 1)
        query.initialize(
            to: jade_rabitq_query(codes: codes, add: .nan, low: 0, step: 0, bias: 0, error: 0, bits: UInt32(bits), sum: 0))
    }

    deinit {
        query.deallocate()
        codes.deallocate()
    }

    /// Takes a query's residual: moved by the space's centre and rotated. O(dimension).
    package func set(_ residual: UnsafePointer<Float>, in space: RaBitQSpace) {
        precondition(space.code == code && space.dimension == dimension, "a space of other codes")
        let bits = UInt32(code == .rabitq1 ? bits : 8)
        withUnsafePointer(to: space.space) { kernels.query($0, residual, bits, query) }
    }

    /// Estimated distances from `count` rows that start `strideBytes` apart, and below them, if `lower` is not nil, what the true
    /// distances are very unlikely to be less than.
    package func many(
        _ base: UnsafeRawPointer, strideBytes: Int, count: Int, out: UnsafeMutablePointer<Float>,
        lower: UnsafeMutablePointer<Float>? = nil
    ) {
        kernels.many(query, base, strideBytes, count, dimension, out, lower)
    }

    /// The same for the rows at `base + ordinal * strideBytes`.
    package func gather(
        _ base: UnsafeRawPointer, strideBytes: Int, ordinals: UnsafePointer<UInt32>, count: Int, out: UnsafeMutablePointer<Float>,
        lower: UnsafeMutablePointer<Float>? = nil
    ) {
        kernels.gather(query, base, strideBytes, ordinals, count, dimension, out, lower)
    }
}
