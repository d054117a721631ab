internal import CJadeKernels

/// The distance of a query from rows of product codes: the sum of the entries of its table (``Kernels/makeTable(_:_:query:into:)``)
/// that the codes name, in the three shapes of a distance, all with the same bits.
///
/// `@unchecked`: three pointers to code, and code is constant.
package struct PQLookupKernel: @unchecked Sendable {
    /// `(table, row, subspaces) -> distance`
    package typealias One = @convention(c) (UnsafePointer<Float>, UnsafeRawPointer, Int) -> Float

    package let code: PQCode
    package let one: One
    /// `(table, base, strideBytes, count, subspaces, out)`
    package let many: DistanceKernel.Many
    /// `(table, base, strideBytes, ordinals, count, subspaces, out)`
    package let gather: DistanceKernel.Gather
}

extension Kernels {
    package func lookup(_ code: PQCode) -> PQLookupKernel {
        let table = table.pointee
        return switch code {
        case .pq8:
            PQLookupKernel(code: code, one: table.lookup_pq8_one, many: table.lookup_pq8_many, gather: table.lookup_pq8_gather)
        case .pq4:
            PQLookupKernel(code: code, one: table.lookup_pq4_one, many: table.lookup_pq4_many, gather: table.lookup_pq4_gather)
        }
    }
}
