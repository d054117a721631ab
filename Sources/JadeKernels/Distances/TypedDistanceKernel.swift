internal import CJadeKernels

/// One distance over vectors of any type in its three shapes, as ``DistanceKernel`` is for f32, over plain memory.
///
/// Contracts, tolerances and edge values are written in `kernel_list.h`. Pointers need the alignment of their element; rows of
/// codes that of `Float`.
///
/// `@unchecked`: three pointers to code, and code is constant.
package struct TypedDistanceKernel: @unchecked Sendable {
    /// `(query, row, dimension) -> distance`
    package typealias One = @convention(c) (UnsafeRawPointer, UnsafeRawPointer, Int) -> Float

    /// `(query, base, strideBytes, count, dimension, out)`: to `count` rows that start `strideBytes` apart from `base`.
    package typealias Many =
        @convention(c) (UnsafeRawPointer, UnsafeRawPointer, Int, Int, Int, UnsafeMutablePointer<Float>) -> Void

    /// `(query, base, strideBytes, ordinals, count, dimension, out)`: to the rows at `base + ordinal * strideBytes`.
    package typealias Gather =
        @convention(c) (
            UnsafeRawPointer, UnsafeRawPointer, Int, UnsafePointer<UInt32>, Int, Int, UnsafeMutablePointer<Float>
        ) -> Void

    package let family: DistanceFamily
    package let type: VectorType
    package let one: One
    package let many: Many
    package let gather: Gather
}

extension Kernels {
    /// The kernel of a family over a type, or nil where the pair has no meaning or no kernel: bits know `hamming` and `jaccard`
    /// alone, codes `l2sq`, `dot` and `ndot`. Looked up by name: resolve it once.
    package func distance(_ family: DistanceFamily, of type: VectorType) -> TypedDistanceKernel? {
        let name = "\(family.rawValue)_\(type.rawValue)"
        guard
            let one = jade_kernel_function(level.index, "\(name)_one"),
            let many = jade_kernel_function(level.index, "\(name)_many"),
            let gather = jade_kernel_function(level.index, "\(name)_gather")
        else { return nil }
        // The shapes of all types differ only in what their pointers point to, which is the same to every calling convention.
        return TypedDistanceKernel(
            family: family, type: type, one: unsafeBitCast(one, to: TypedDistanceKernel.One.self),
            many: unsafeBitCast(many, to: TypedDistanceKernel.Many.self),
            gather: unsafeBitCast(gather, to: TypedDistanceKernel.Gather.self))
    }
}
