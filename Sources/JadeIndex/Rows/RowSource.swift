package import JadeCore
package import JadeKernels

/// Where an index reads its vectors: rows of one element type at a constant stride, addressed by ordinal.
///
/// The memory belongs to somebody else: the mapped `vectors.mmap` of a shard, or ``OwnedRows``.
///
/// `@unchecked Sendable`: the pointers are immutable, a row is written completely before its ordinal is handed to an
/// index, and never again while that index may read it; the owner outlives the index.
package struct RowSource: @unchecked Sendable {
    /// First component of the row with ordinal 0.
    package let base: UnsafeRawPointer
    /// Bytes from one row to the next.
    package let stride: Int
    package let dimension: Int
    package let metric: Metric
    /// For cosine: `1 / |row|` by ordinal, 0 for a zero row; nil for other metrics.
    package let scales: UnsafePointer<Float>?
    package let elementType: ElementType

    package init(
        base: UnsafeRawPointer, stride: Int, dimension: Int, metric: Metric, scales: UnsafePointer<Float>?,
        elementType: ElementType = .float32
    ) {
        precondition((metric == .cosine) == (scales != nil), "cosine needs a scale for each row, other metrics have none")
        self.base = base
        self.stride = stride
        self.dimension = dimension
        self.metric = metric
        self.scales = scales
        self.elementType = elementType
    }

    /// Where the row begins, whatever its elements are.
    @inline(__always)
    package func address(_ ordinal: UInt32) -> UnsafeRawPointer { base + Int(ordinal) &* stride }

    /// The row where it is known to be f32.
    @inline(__always)
    package func row(_ ordinal: UInt32) -> UnsafePointer<Float> {
        (base + Int(ordinal) &* stride).assumingMemoryBound(to: Float.self)
    }

    /// `1 / |values|`, or 0 for a zero vector: what ``scales`` holds, and what a query brings along.
    package static func scale(of values: UnsafePointer<Float>, dimension: Int, kernels: Kernels) -> Float {
        let kernel = kernels.dotProduct
        let squared = kernel.one(values, values, dimension)
        return squared > 0 ? 1 / squared.squareRoot() : 0
    }
}
