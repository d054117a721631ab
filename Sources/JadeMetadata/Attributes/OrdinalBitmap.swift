/// A set of ordinals out of `0..<universe`, one bit each: what evaluating a filter yields.
///
/// Bits at and above ``universe`` are always zero, so whole words may be counted and combined. Set operations need
/// operands of the same universe and cost O(universe / 64).
package struct OrdinalBitmap: Sendable, Equatable {
    /// Ordinals below this may be members.
    package let universe: Int
    var words: [UInt64]

    /// The empty set.
    package init(universe: Int) {
        precondition(universe >= 0, "a bitmap cannot have a negative universe")
        self.universe = universe
        self.words = [UInt64](repeating: 0, count: (universe + 63) / 64)
    }

    /// Members. Complexity: O(universe / 64).
    package var count: Int {
        var total = 0
        for word in words { total &+= word.nonzeroBitCount }
        return total
    }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// Whether the ordinal is a member; false at and above the universe.
    package func contains(_ ordinal: UInt32) -> Bool {
        let ordinal = Int(ordinal)
        return ordinal < universe && words[ordinal >> 6] & (1 << UInt64(ordinal & 63)) != 0
    }

    /// Adds an ordinal; one at or above the universe is left out.
    package mutating func insert(_ ordinal: UInt32) {
        let ordinal = Int(ordinal)
        guard ordinal < universe else { return }
        words[ordinal >> 6] |= 1 << UInt64(ordinal & 63)
    }

    package mutating func remove(_ ordinal: UInt32) {
        let ordinal = Int(ordinal)
        guard ordinal < universe else { return }
        words[ordinal >> 6] &= ~(1 << UInt64(ordinal & 63))
    }

    package mutating func formUnion(_ other: OrdinalBitmap) {
        requireSameUniverse(other)
        for index in words.indices { words[index] |= other.words[index] }
    }

    package mutating func formIntersection(_ other: OrdinalBitmap) {
        requireSameUniverse(other)
        for index in words.indices { words[index] &= other.words[index] }
    }

    /// Keeps what the other set does not hold: `and not`.
    package mutating func subtract(_ other: OrdinalBitmap) {
        requireSameUniverse(other)
        for index in words.indices { words[index] &= ~other.words[index] }
    }

    /// Adds words of bits that start at ordinal 0, cut off at the universe.
    mutating func formUnion(words other: [UInt64]) {
        let shared = min(words.count, other.count)
        for index in 0..<shared { words[index] |= other[index] }
        let ragged = universe & 63
        if ragged != 0, shared == words.count { words[shared - 1] &= (1 << UInt64(ragged)) - 1 }
    }

    /// Calls the body for every member, ascending.
    package func forEach(_ body: (UInt32) -> Void) {
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                body(UInt32(truncatingIfNeeded: index << 6 | rest.trailingZeroBitCount))
                rest &= rest &- 1
            }
        }
    }

    /// The bits, least significant first; valid during the call only.
    package func withUnsafeWords<R, E: Error>(_ body: (UnsafeBufferPointer<UInt64>) throws(E) -> R) throws(E) -> R {
        try words.withUnsafeBufferPointer(body)
    }

    private func requireSameUniverse(_ other: OrdinalBitmap) {
        precondition(universe == other.universe, "bitmaps over \(universe) and \(other.universe) ordinals cannot be combined")
    }
}
