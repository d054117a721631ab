internal import JadeKernels

extension RowDistance {
    /// The distance to one row, with the bits that ``scan(_:scale:first:count:into:)`` gives it.
    @inline(__always)
    func one(_ query: UnsafePointer<Float>, scale: Float, _ ordinal: UInt32) -> Float {
        let value = kernel.one(query, rows.row(ordinal), rows.dimension)
        guard let scales = rows.scales else { return value }
        return 1 - value * scale * scales[Int(ordinal)]
    }
}
