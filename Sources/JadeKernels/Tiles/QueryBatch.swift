internal import CJadeKernels
internal import JadeCore

/// Many queries, packed once, to be compared with many rows: batch search, k-means, ground truth.
///
/// A distance costs a fifth to a twentieth of what it costs one query at a time, because a row is read once for all of them. It pays
/// from two queries when rows come from memory, from eight when they are in the cache. A batch of one takes the kernels for one.
package struct QueryBatch: ~Copyable {
    /// What tiles exist over; the families are `l2sq` and `ndot`.
    package enum Element: Sendable, CaseIterable {
        case f32, bf16, i8, u8

        package var type: VectorType {
            switch self {
            case .f32: .f32
            case .bf16: .bf16
            case .i8: .i8
            case .u8: .u8
            }
        }
    }

    package let element: Element
    package let count: Int
    package let dimension: Int
    let queries: jade_queries
    let tiles: TileKernels
    private let storage: UnsafeMutableRawPointer
    private let kernels: Kernels

    /// Copies and packs `count` queries that start `strideBytes` apart. O(count · dimension).
    package init(
        _ element: Element, _ values: UnsafeRawPointer, strideBytes: Int, count: Int, dimension: Int, kernels: Kernels
    ) {
        precondition(count >= 0 && dimension >= 0, "\(count) queries of \(dimension) dimensions")
        let component = element.type.byteCount(dimension: 1)
        let bytes = dimension * component
        let copied = (count * bytes + 63) / 64 * 64
        let packed = jade_queries_bytes(count, dimension, component)
        storage = .allocate(byteCount: copied + packed + 64, alignment: 64)
        for query in 0..<count { (storage + query * bytes).copyMemory(from: values + query * strideBytes, byteCount: bytes) }
        queries = jade_queries(
            values: storage, stride_bytes: bytes, count: count, dimension: dimension, packed: storage + copied)
        tiles = TileKernels(element, of: kernels)
        (self.element, self.count, self.dimension, self.kernels) = (element, count, dimension, kernels)
        withUnsafePointer(to: queries) { tiles.pack($0) }
    }

    deinit { storage.deallocate() }

    /// The distance of query q from row r at `out[r * outStride + q]`. `family` is `l2sq` or `ndot`.
    package func distances(
        _ family: DistanceFamily, base: UnsafeRawPointer, strideBytes: Int, rows: Int, out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        if count == 1, outStride == 1 {
            single(family).many(storage, base, strideBytes, rows, dimension, out)
            return
        }
        withUnsafePointer(to: queries) { queries in
            switch family {
            case .l2sq: tiles.matrices.l2sq(queries, base, strideBytes, rows, out, outStride)
            case .ndot: tiles.matrices.ndot(queries, base, strideBytes, rows, out, outStride)
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
        let states = selections.states
        if count == 1 {
            searchAlone(single(family), base, strideBytes, rows, firstOrdinal, states)
            return
        }
        withUnsafePointer(to: queries) { queries in
            switch family {
            case .l2sq: tiles.searches.l2sq(queries, base, strideBytes, firstOrdinal, rows, states)
            case .ndot: tiles.searches.ndot(queries, base, strideBytes, firstOrdinal, rows, states)
            default: preconditionFailure("tiles measure l2sq and ndot, not \(family)")
            }
        }
    }

    private func single(_ family: DistanceFamily) -> TypedDistanceKernel {
        precondition(family == .l2sq || family == .ndot, "tiles measure l2sq and ndot, not \(family)")
        return kernels.distance(family, of: element.type)!
    }

    private func searchAlone(
        _ kernel: TypedDistanceKernel, _ base: UnsafeRawPointer, _ strideBytes: Int, _ rows: Int, _ firstOrdinal: UInt32,
        _ state: UnsafeMutablePointer<jade_topk>
    ) {
        let block = 256
        withUnsafeTemporaryAllocation(of: Float.self, capacity: block) { distances in
            let out = distances.baseAddress!
            for first in Swift.stride(from: 0, to: rows, by: block) {
                let size = min(block, rows - first)
                kernel.many(storage, base + first * strideBytes, strideBytes, size, dimension, out)
                kernels.table.pointee.topk_f32_select(state, out, nil, firstOrdinal + UInt32(first), size)
            }
        }
    }
}
