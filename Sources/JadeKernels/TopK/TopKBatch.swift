internal import CJadeKernels
package import JadeCore

/// One bounded selection per query of a batch.
package struct TopKBatch: ~Copyable {
    package let count: Int
    package let capacity: Int
    let states: UnsafeMutablePointer<jade_topk>
    private let keys: UnsafeMutablePointer<jade_topk_key>

    /// `count` selections of `capacity` candidates each (8 bytes a candidate) at a distance of at most `limit`.
    package init(count: Int, capacity: Int, limit: Float = .infinity) {
        precondition(count >= 0 && capacity >= 0, "\(count) selections of \(capacity) candidates")
        (self.count, self.capacity) = (count, capacity)
        keys = .allocate(capacity: max(count * capacity, 1))
        states = .allocate(capacity: max(count, 1))
        for query in 0..<count {
            let state = jade_topk(keys: keys + query * capacity, count: 0, capacity: capacity, limit: limit)
            (states + query).initialize(to: state)
        }
    }

    deinit {
        states.deallocate()
        keys.deallocate()
    }

    /// What was kept for a query, closest first; its selection is empty afterwards.
    package mutating func takeSorted(_ query: Int) -> [Neighbor] {
        precondition((0..<count).contains(query), "there is no query \(query) of \(count)")
        jade_topk_sort(states + query)
        defer { states[query].count = 0 }
        return (0..<states[query].count).map { Neighbor(key: states[query].keys[$0]) }
    }

    /// The closest that selections of capacity 1 have kept, one a query; nil for a query that nothing was close enough to. The
    /// selection is empty afterwards.
    package mutating func takeNearest(_ query: Int) -> Neighbor? {
        precondition((0..<count).contains(query) && capacity == 1, "query \(query) of \(count), capacity \(capacity)")
        defer { states[query].count = 0 }
        return states[query].count == 0 ? nil : Neighbor(key: states[query].keys[0])
    }
}

extension Neighbor {
    init(key: jade_topk_key) { self.init(ordinal: jade_topk_key_ordinal(key), distance: jade_topk_key_distance(key)) }

    /// The `capacity` closest of sorted lists, closest first, ties by the smaller ordinal; a candidate of several lists comes
    /// once. O(result · log lists).
    package static func merge(_ lists: [[Neighbor]], capacity: Int) -> [Neighbor] {
        let keys = lists.flatMap { $0.map { jade_topk_make_key($0.distance, $0.ordinal) } }
        let room = min(capacity, keys.count)
        return keys.withUnsafeBufferPointer { keys in
            guard let first = keys.baseAddress, room > 0 else { return [] }
            var start = first
            var sources = lists.map { list in
                defer { start += list.count }
                return jade_topk_list(keys: start, count: list.count)
            }
            let merged = [jade_topk_key](unsafeUninitializedCapacity: room) { out, count in
                count = jade_topk_merge(&sources, sources.count, out.baseAddress!, room)
            }
            return merged.map(Neighbor.init(key:))
        }
    }
}
