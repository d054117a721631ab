internal import JadeCore
internal import JadeKernels

/// Internal distances (see `Metric`) from one vector to rows: metric and element type, resolved to a
/// kernel once per index. Vectors from outside are in the rows' element type.
///
/// `@unchecked Sendable`: code and immutable pointers, as in ``RowSource``.
struct RowDistance: @unchecked Sendable {
    let rows: RowSource
    let kernel: TypedDistanceKernel
    private let rowScale: RowScale?
    private let dot: DistanceKernel

    init(rows: RowSource, kernels: Kernels) {
        self.rows = rows
        kernel = kernels.rowKernel(rows.metric, of: rows.elementType)
        rowScale = rows.metric == .cosine ? RowScale(rows, kernels: kernels) : nil
        dot = kernels.dotProduct
    }

    /// What a vector from outside needs beside its values to be compared: its scale for cosine, else 1.
    func scale(of query: UnsafeRawPointer) -> Float { rowScale.map { $0(query) } ?? 1 }

    /// Of a query of f32.
    @inline(__always)
    func squaredLength(_ values: UnsafePointer<Float>) -> Float { dot.one(values, values, rows.dimension) }

    /// The scale of a stored row.
    @inline(__always)
    func scale(ofRow ordinal: UInt32) -> Float {
        rows.scales.map { $0[Int(ordinal)] } ?? 1
    }

    /// Distances to `count` rows named by `ordinals`.
    @inline(__always)
    func gather(
        _ query: UnsafeRawPointer, scale: Float, _ ordinals: UnsafePointer<UInt32>, count: Int,
        into out: UnsafeMutablePointer<Float>
    ) {
        kernel.gather(query, rows.base, rows.stride, ordinals, count, rows.dimension, out)
        guard let scales = rows.scales else { return }
        for index in 0..<count { out[index] = 1 - out[index] * scale * scales[Int(ordinals[index])] }
    }

    /// Distances to the `count` rows from `first` on.
    @inline(__always)
    func scan(
        _ query: UnsafeRawPointer, scale: Float, first: UInt32, count: Int, into out: UnsafeMutablePointer<Float>
    ) {
        kernel.many(query, rows.address(first), rows.stride, count, rows.dimension, out)
        guard let scales = rows.scales.map({ $0 + Int(first) }) else { return }
        for index in 0..<count { out[index] = 1 - out[index] * scale * scales[index] }
    }
}
