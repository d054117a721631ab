/// Finds small consecutive numbers (the ids of distinct values) by the hash of what they stand for.
///
/// Open addressing with linear probing over one word per slot: the upper half holds 32 bits of the hash, so that
/// growing never looks at the values and a probe rarely meets a stranger, the lower half the id plus one. Nothing is
/// ever removed: the owner builds a new table when too many of its values are gone.
struct HashSlots {
    private var slots: [UInt64]
    private var used = 0

    init() { slots = [UInt64](repeating: 0, count: 16) }

    var memoryBytes: Int { slots.capacity * 8 }

    /// The ids stored under this hash, in no order, until the body says which one it wanted by returning true.
    func first(hash: Int, where isMatch: (UInt32) -> Bool) -> UInt32? {
        let tag = Self.tag(hash)
        var index = Int(tag) & (slots.count - 1)
        while slots[index] != 0 {
            let slot = slots[index]
            if UInt32(truncatingIfNeeded: slot >> 32) == tag {
                let id = UInt32(truncatingIfNeeded: slot) &- 1
                if isMatch(id) { return id }
            }
            index = (index + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Stores one more id; the caller knows that it is not there.
    mutating func insert(hash: Int, id: UInt32) {
        if (used + 1) * 4 > slots.count * 3 { grow() }
        place(UInt64(Self.tag(hash)) << 32 | UInt64(id + 1))
        used += 1
    }

    private mutating func place(_ slot: UInt64) {
        var index = Int(slot >> 32) & (slots.count - 1)
        while slots[index] != 0 { index = (index + 1) & (slots.count - 1) }
        slots[index] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = [UInt64](repeating: 0, count: old.count * 2)
        for slot in old where slot != 0 { place(slot) }
    }

    /// The lower half of Swift's seeded hash: good for 2^32 slots.
    private static func tag(_ hash: Int) -> UInt32 { UInt32(truncatingIfNeeded: hash) }
}
