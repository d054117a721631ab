internal import CJadeKernels
package import JadeCore

/// One distance over f32 vectors in its three shapes, resolved once per index.
///
/// What comes out is the engine's *internal distance* of the metric (``Metric``): smaller is closer, for every metric;
/// for `dot` that is minus the dot product. The same pair of vectors gives the same bits in every shape.
///
/// Pointers need the alignment of `Float` and no more; counts and dimensions may be 0. Tolerances and edge values are
/// written in `kernel_list.h`.
///
/// `@unchecked`: three pointers to code, and code is constant.
package struct DistanceKernel: @unchecked Sendable {
    /// `(a, b, dimension) -> distance`
    package typealias One = @convention(c) (UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Float

    /// `(query, base, strideBytes, count, dimension, out)`: to `count` rows that start `strideBytes` apart from `base`.
    package typealias Many =
        @convention(c) (UnsafePointer<Float>, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<Float>) -> Void

    /// `(query, base, strideBytes, ordinals, count, dimension, out)`: to the rows at `base + ordinal * strideBytes`. Rows
    /// that come next are fetched while the present ones are computed, so many ordinals in one call pay.
    package typealias Gather =
        @convention(c) (
            UnsafePointer<Float>, UnsafeRawPointer, Int, UnsafePointer<UInt32>, Int, Int, UnsafeMutablePointer<Float>
        ) -> Void

    package let one: One
    package let many: Many
    package let gather: Gather

    init(one: One, many: Many, gather: Gather) {
        self.one = one
        self.many = many
        self.gather = gather
    }

    /// The distance between two vectors of the same dimension.
    package func distance(_ a: [Float], _ b: [Float]) -> Float {
        a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in distance(a, b) } }
    }

    /// The distance between two vectors of the same dimension.
    package func distance(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        precondition(a.count == b.count, "vectors of \(a.count) and \(b.count) dimensions have no distance")
        return one(a.orDangling, b.orDangling, a.count)
    }

    /// The distance between two vectors of the same dimension.
    package func distance(_ a: Span<Float>, _ b: Span<Float>) -> Float {
        a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in distance(a, b) } }
    }
}

extension UnsafeBufferPointer where Element == Float {
    /// The base address; for a buffer without one, an aligned address that is never read.
    var orDangling: UnsafePointer<Float> { baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Float>.alignment)! }
}

extension Kernels {
    /// The kernel of a metric's internal distance over f32 vectors.
    package func distance(for metric: Metric) -> DistanceKernel {
        let table = table.pointee
        return switch metric {
        case .euclidean: DistanceKernel(one: table.l2sq_f32_one, many: table.l2sq_f32_many, gather: table.l2sq_f32_gather)
        case .dot: DistanceKernel(one: table.ndot_f32_one, many: table.ndot_f32_many, gather: table.ndot_f32_gather)
        case .cosine:
            DistanceKernel(one: table.cosine_f32_one, many: table.cosine_f32_many, gather: table.cosine_f32_gather)
        case .manhattan: DistanceKernel(one: table.l1_f32_one, many: table.l1_f32_many, gather: table.l1_f32_gather)
        case .hamming, .jaccard: preconditionFailure("\(metric.rawValue) compares bits, not f32")
        }
    }

    /// The plain dot product a·b, for norms and for vectors that are already of length 1. Not a distance: larger is closer.
    package var dotProduct: DistanceKernel {
        let table = table.pointee
        return DistanceKernel(one: table.dot_f32_one, many: table.dot_f32_many, gather: table.dot_f32_gather)
    }
}
