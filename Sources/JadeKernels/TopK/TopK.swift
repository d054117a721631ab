internal import CJadeKernels

/// A candidate of a search: a row and how far it is.
package struct Neighbor: Sendable, Hashable {
    package let ordinal: UInt32
    package let distance: Float

    package init(ordinal: UInt32, distance: Float) {
        self.ordinal = ordinal
        self.distance = distance
    }
}

/// The `capacity` closest of any number of candidates; between equal distances the smaller ordinal is the closer one.
///
/// Offering n candidates in blocks costs a comparison per candidate, and O(log capacity) for those that get in.
/// Candidates at NaN are never taken.
package struct TopK: ~Copyable {
    private var state: jade_topk
    private let table: UnsafePointer<jade_kernels>

    /// Room for `capacity` candidates (8 bytes each) at a distance of at most `limit`.
    package init(capacity: Int, limit: Float = .infinity, kernels: Kernels) {
        precondition(capacity >= 0, "a selection cannot hold \(capacity) candidates")
        let keys = UnsafeMutablePointer<jade_topk_key>.allocate(capacity: max(capacity, 1))
        state = jade_topk(keys: keys, count: 0, capacity: capacity, limit: limit)
        table = kernels.table
    }

    deinit { state.keys.deallocate() }

    package var count: Int { state.count }
    package var capacity: Int { state.capacity }

    /// What a candidate's distance may be at most to have a chance now.
    package var threshold: Float {
        guard state.count == state.capacity, state.count > 0 else { return state.limit }
        return min(jade_topk_key_distance(state.keys[0]), state.limit)
    }

    /// Offers rows `firstOrdinal ..< firstOrdinal + count`.
    package mutating func select(distances: UnsafePointer<Float>, count: Int, firstOrdinal: UInt32) {
        table.pointee.topk_f32_select(&state, distances, nil, firstOrdinal, count)
    }

    /// Offers the rows that `ordinals` names.
    package mutating func select(distances: UnsafePointer<Float>, ordinals: UnsafePointer<UInt32>, count: Int) {
        table.pointee.topk_f32_select(&state, distances, ordinals, 0, count)
    }

    /// Offers one row.
    package mutating func offer(distance: Float, ordinal: UInt32) { jade_topk_offer(&state, distance, ordinal) }

    /// What was kept, closest first; the selection is empty afterwards and takes new candidates.
    package mutating func takeSorted() -> [Neighbor] {
        jade_topk_sort(&state)
        defer { state.count = 0 }
        return (0..<state.count).map {
            Neighbor(ordinal: jade_topk_key_ordinal(state.keys[$0]), distance: jade_topk_key_distance(state.keys[$0]))
        }
    }
}
