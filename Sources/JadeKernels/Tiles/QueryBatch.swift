internal import CJadeKernels
internal import JadeCore

/// Many queries, packed once, to be compared with many rows: batch search, k-means, ground truth.
///
/// A distance costs a fifth to a twentieth of what it costs one query at a time, because a row is read once for all of them. It pays
/// from two queries when rows come from memory, from eight when they are in the cache. A batch of one takes the kernels for one.
package struct QueryBatch: ~Copyable {
    /// What tiles exist over. The families are `l2sq`, `ndot` and `l1`; of bits `hamming` and `jaccard`.
    package enum Element: String, Sendable, CaseIterable {
        case f32, f16, bf16, i8, u8, b1

        package var type: VectorType {
            switch self {
            case .f32: .f32
            case .f16: .f16
            case .bf16: .bf16
            case .i8: .i8
            case .u8: .u8
            case .b1: .b1
            }
        }

        package var families: [DistanceFamily] { self == .b1 ? [.hamming, .jaccard] : [.l2sq, .ndot, .l1] }
    }

    package let element: Element
    package let count: Int
    package let dimension: Int
    let queries: jade_queries
    let tiles: TileKernels
    private let storage: UnsafeMutableRawPointer
    private let kernels: Kernels

    /// Copies and packs `count` queries that start `strideBytes` apart. O(count · dimension).
    ///
    /// - Parameter family: what will be measured. Queries packed for `l2sq` serve `ndot` and screens too, and the other way round; those
    ///   for `hamming` serve `jaccard`. Nil stands for the element's first.
    package init(
        _ element: Element, for family: DistanceFamily? = nil, _ values: UnsafeRawPointer, strideBytes: Int, count: Int, dimension: Int,
        kernels: Kernels
    ) {
        precondition(count >= 0 && dimension >= 0, "\(count) queries of \(dimension) dimensions")
        let family = family ?? element.families[0]
        guard let tiles = TileKernels(element.type, family, of: kernels) else {
            preconditionFailure("there are no tiles of \(family) over \(element)")
        }
        let component = element.type.byteCount(dimension: 1), bytes = element.type.byteCount(dimension: dimension)
        let copied = (count * bytes + 63) / 64 * 64
        let packed = jade_queries_bytes(count, bytes / component, component)
        storage = .allocate(byteCount: copied + packed + 64, alignment: 64)
        for query in 0..<count { (storage + query * bytes).copyMemory(from: values + query * strideBytes, byteCount: bytes) }
        queries = jade_queries(
            values: storage, stride_bytes: bytes, count: count, dimension: dimension, packed: storage + copied)
        self.tiles = tiles
        (self.element, self.count, self.dimension, self.kernels) = (element, count, dimension, kernels)
        withUnsafePointer(to: queries) { tiles.pack($0) }
    }

    deinit { storage.deallocate() }

    /// The distance of query q from row r at `out[r * outStride + q]`. `family` is one that the queries were packed for.
    package func distances(
        _ family: DistanceFamily, base: UnsafeRawPointer, strideBytes: Int, rows: Int, out: UnsafeMutablePointer<Float>,
        outStride: Int
    ) {
        if count == 1, outStride == 1 {
            single(family).many(storage, base, strideBytes, rows, dimension, out)
            return
        }
        withUnsafePointer(to: queries) { tiles[family].matrix($0, base, strideBytes, rows, out, outStride) }
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
        withUnsafePointer(to: queries) { tiles[family].search($0, base, strideBytes, firstOrdinal, rows, states) }
    }

    private func single(_ family: DistanceFamily) -> TypedDistanceKernel {
        guard let kernel = kernels.distance(tiles[family].family, of: element.type) else {
            preconditionFailure("there is no \(family) over \(element)")
        }
        return kernel
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
