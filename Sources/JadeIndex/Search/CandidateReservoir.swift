internal import JadeCore

/// The best candidates so far in no order: words of a ``CandidatePool`` that are let in by a distance and thinned out when the room is
/// used up. With some ten or more candidates that costs a third of keeping them sorted, and is enough where they are compared anew at
/// the end.
struct CandidateReservoir {
    private(set) var entries: UnsafeMutablePointer<UInt64>
    private(set) var count = 0
    private var capacity = 0
    private var room = 0
    private var allocated: Int
    /// The distance that a newcomer may not exceed.
    private(set) var worstDistance: Float = .infinity

    init(allocated: Int = 512) {
        self.allocated = allocated
        entries = .allocate(capacity: allocated)
    }

    func deallocate() { entries.deallocate() }

    /// Empties the reservoir and sets how many it keeps at last.
    mutating func reset(capacity: Int) {
        self.capacity = capacity
        room = 3 * capacity
        if room > allocated {
            entries.deallocate()
            allocated = room
            entries = .allocate(capacity: room)
        }
        count = 0
        worstDistance = .infinity
    }

    /// Takes a candidate whose distance is at most ``worstDistance``.
    @inline(__always)
    mutating func take(_ key: UInt64) {
        entries[count] = key
        count &+= 1
        if count == room { thin() }
    }

    /// Drops all but the closest `capacity`.
    mutating func thin() {
        guard count > capacity, capacity > 0 else { return }
        var (low, high) = (0, count &- 1)
        let target = capacity &- 1
        // Quickselect; the inner loop has no branch to be mispredicted.
        while low < high {
            let pivot = medianToEnd(low, high)
            var border = low
            for index in low..<high {
                let word = entries[index]
                entries[index] = entries[border]
                entries[border] = word
                border &+= word < pivot ? 1 : 0
            }
            entries[high] = entries[border]
            entries[border] = pivot
            if border == target { break }
            if border < target { low = border &+ 1 } else { high = border &- 1 }
        }
        count = capacity
        worstDistance = CandidatePool.distance(entries[target])
    }

    /// Moves the middle one of three to the end, and returns it.
    private func medianToEnd(_ low: Int, _ high: Int) -> UInt64 {
        let middle = (low &+ high) / 2
        let (first, second, third) = (entries[low], entries[middle], entries[high])
        let place = (first < second) == (second < third) ? middle : (second < first) == (first < third) ? low : high
        let pivot = entries[place]
        entries[place] = entries[high]
        entries[high] = pivot
        return pivot
    }
}
