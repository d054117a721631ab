/// The best candidates so far, closest first, in one sorted block of words.
///
/// An entry is a word: the distance in the upper half (mapped so that integers order as the floats do), the ordinal in the
/// lower, shifted by one to leave the lowest bit for "expanded". Words compare as (distance, ordinal), so ties resolve to the smaller
/// ordinal. Insertion is a binary search and a short `memmove`, which beats heaps at the sizes that searches use.
///
/// Distances must not be NaN; ordinals are below 2^31.
struct CandidatePool {
    private(set) var entries: UnsafeMutablePointer<UInt64>
    private(set) var count = 0
    private var capacity = 0
    private var allocated: Int

    init(allocated: Int = 512) {
        self.allocated = allocated
        entries = .allocate(capacity: allocated + 1)
    }

    func deallocate() { entries.deallocate() }

    /// Empties the pool and sets how many it keeps.
    mutating func reset(capacity: Int) {
        if capacity > allocated {
            entries.deallocate()
            allocated = capacity
            entries = .allocate(capacity: allocated + 1)
        }
        self.capacity = capacity
        count = 0
    }

    @inline(__always)
    static func key(distance: Float, ordinal: UInt32) -> UInt64 {
        let bits = distance.bitPattern
        let ordered = bits & 0x8000_0000 != 0 ? ~bits : bits | 0x8000_0000
        return UInt64(ordered) << 32 | UInt64(ordinal) << 1
    }

    @inline(__always)
    static func distance(_ key: UInt64) -> Float {
        let ordered = UInt32(truncatingIfNeeded: key >> 32)
        return Float(bitPattern: ordered & 0x8000_0000 != 0 ? ordered & 0x7FFF_FFFF : ~ordered)
    }

    @inline(__always)
    static func ordinal(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: key) >> 1 }

    @inline(__always)
    var isFull: Bool { count == capacity }

    /// The distance that a newcomer has to beat.
    @inline(__always)
    var worstDistance: Float { isFull && count > 0 ? Self.distance(entries[count &- 1]) : .infinity }

    @inline(__always)
    func neighbor(_ index: Int) -> Neighbor {
        Neighbor(ordinal: Self.ordinal(entries[index]), distance: Self.distance(entries[index]))
    }

    /// Inserts unless the pool is full of closer ones; the place it took, or nil.
    ///
    /// Complexity: a binary search and a move of the entries behind.
    @inline(__always)
    mutating func insert(_ key: UInt64) -> Int? {
        if count == capacity {
            guard count > 0, key < entries[count &- 1] else { return nil }
        }
        var low = 0
        var size = count
        while size > 0 {
            let half = size >> 1
            let middle = low &+ half
            if entries[middle] < key {
                low = middle &+ 1
                size = size &- half &- 1
            } else {
                size = half
            }
        }
        let moved = (count == capacity ? count &- 1 : count) &- low
        (entries + low + 1).update(from: entries + low, count: moved)
        entries[low] = key
        if count < capacity { count &+= 1 }
        return low
    }

    /// Marks an entry as expanded and gives its ordinal; nil if it was already.
    @inline(__always)
    mutating func expand(_ index: Int) -> UInt32? {
        let key = entries[index]
        guard key & 1 == 0 else { return nil }
        entries[index] = key | 1
        return Self.ordinal(key)
    }
}
