import Synchronization

/// The ids of a column's distinct values in order of the values: made when a range is first asked for, so that columns
/// without range queries never pay, and kept up to date by the queries themselves.
///
/// Values get consecutive ids, so "what is new since" is every id from `count` on. A short rest is left unsorted and
/// looked through one by one; a longer one is merged in.
final class ValueOrder: Sendable {
    private let sorted = Mutex<[UInt32]>([])

    /// New ids that a query rather looks through than merges.
    private static func tolerated(_ count: Int) -> Int { max(1_024, count / 16) }

    /// The ids `0..<n` in order, where n is close to the number of values; the others follow from n on.
    ///
    /// Callers hold the index's lock for reading, so the values stand still.
    func ids(of valueCount: Int, by precedes: (UInt32, UInt32) -> Bool) -> [UInt32] {
        sorted.withLock { sorted in
            if valueCount - sorted.count > Self.tolerated(sorted.count) {
                let added = (UInt32(sorted.count)..<UInt32(valueCount)).sorted(by: precedes)
                sorted = Self.merge(sorted, added, by: precedes)
            }
            return sorted
        }
    }

    /// Forgets everything: the ids have been given out anew.
    func reset() {
        sorted.withLock { $0 = [] }
    }

    var memoryBytes: Int { sorted.withLock { $0.capacity * 4 } }

    private static func merge(_ left: [UInt32], _ right: [UInt32], by precedes: (UInt32, UInt32) -> Bool) -> [UInt32] {
        var merged: [UInt32] = []
        merged.reserveCapacity(left.count + right.count)
        var next = 0
        for id in left {
            while next < right.count, precedes(right[next], id) {
                merged.append(right[next])
                next += 1
            }
            merged.append(id)
        }
        merged.append(contentsOf: right[next...])
        return merged
    }
}
