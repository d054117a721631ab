internal import CJadeKernels
package import JadeCore

/// Many queries, packed once, to be compared with many rows: batch search, k-means, ground truth.
///
/// A distance costs a fifth to a twentieth of what it costs one query at a time, because a row is read once for all of them. It pays
/// from two queries when rows come from memory, from eight when they are in the cache.
package struct QueryBatch: ~Copyable {
    /// What tiles exist over; the families are `l2sq` and `ndot`.
    package enum Element: Sendable, CaseIterable { case f32, i8, u8 }

    package let element: Element
    package let count: Int
    package let dimension: Int
    private let storage: UnsafeMutableRawPointer
    private let queries: jade_queries
    private let table: UnsafePointer<jade_kernels>

    /// Copies and packs `count` queries that start `strideBytes` apart. O(count · dimension).
    package init(
        _ element: Element, _ values: UnsafeRawPointer, strideBytes: Int, count: Int, dimension: Int, kernels: Kernels
    ) {
        precondition(count >= 0 && dimension >= 0, "\(count) queries of \(dimension) dimensions")
        let bytes = dimension * (element == .f32 ? 4 : 1)
        let copied = (count * bytes + 63) / 64 * 64
        storage = .allocate(byteCount: copied + jade_queries_bytes(count, bytes) + 64, alignment: 64)
        for query in 0..<count { (storage + query * bytes).copyMemory(from: values + query * strideBytes, byteCount: bytes) }
        queries = jade_queries(
            values: storage, stride_bytes: bytes, count: count, dimension: dimension, packed: storage + copied)
        (self.element, self.count, self.dimension, table) = (element, count, dimension, kernels.table)
        withUnsafePointer(to: queries) { queries in
            switch element {
            case .f32: kernels.table.pointee.tiles_f32_pack(queries)
            case .i8: kernels.table.pointee.tiles_i8_pack(queries)
            case .u8: kernels.table.pointee.tiles_u8_pack(queries)
            }
        }
    }

    deinit { storage.deallocate() }

    /// The distance of query q from row r at `out[r * outStride + q]`. `family` is `l2sq` or `ndot`.
    package func distances(
        _ family: DistanceFamily, base: UnsafeRawPointer, strideBytes: Int, rows: Int, out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        let kernels = table.pointee
        withUnsafePointer(to: queries) { queries in
            switch (element, family) {
            case (.f32, .l2sq): kernels.tiles_f32_l2sq(queries, base, strideBytes, rows, out, outStride)
            case (.f32, .ndot): kernels.tiles_f32_ndot(queries, base, strideBytes, rows, out, outStride)
            case (.i8, .l2sq): kernels.tiles_i8_l2sq(queries, base, strideBytes, rows, out, outStride)
            case (.i8, .ndot): kernels.tiles_i8_ndot(queries, base, strideBytes, rows, out, outStride)
            case (.u8, .l2sq): kernels.tiles_u8_l2sq(queries, base, strideBytes, rows, out, outStride)
            case (.u8, .ndot): kernels.tiles_u8_ndot(queries, base, strideBytes, rows, out, outStride)
            default: preconditionFailure("tiles measure l2sq and ndot, not \(family)")
            }
        }
    }

    /// Offers rows `firstOrdinal ..< firstOrdinal + rows` to the selection of every query. The result has the bits and the ties that
    /// a query alone would get from ``DistanceKernel/many`` and ``TopK``.
    package func search(
        _ family: DistanceFamily, base: UnsafeRawPointer, strideBytes: Int, rows: Int, firstOrdinal: UInt32,
        into selections: borrowing TopKBatch
    ) {
        precondition(selections.count == count, "\(count) queries need as many selections, not \(selections.count)")
        let (kernels, states) = (table.pointee, selections.states)
        withUnsafePointer(to: queries) { queries in
            switch (element, family) {
            case (.f32, .l2sq): kernels.tiles_f32_l2sq_search(queries, base, strideBytes, firstOrdinal, rows, states)
            case (.f32, .ndot): kernels.tiles_f32_ndot_search(queries, base, strideBytes, firstOrdinal, rows, states)
            case (.i8, .l2sq): kernels.tiles_i8_l2sq_search(queries, base, strideBytes, firstOrdinal, rows, states)
            case (.i8, .ndot): kernels.tiles_i8_ndot_search(queries, base, strideBytes, firstOrdinal, rows, states)
            case (.u8, .l2sq): kernels.tiles_u8_l2sq_search(queries, base, strideBytes, firstOrdinal, rows, states)
            case (.u8, .ndot): kernels.tiles_u8_ndot_search(queries, base, strideBytes, firstOrdinal, rows, states)
            default: preconditionFailure("tiles measure l2sq and ndot, not \(family)")
            }
        }
    }
}
