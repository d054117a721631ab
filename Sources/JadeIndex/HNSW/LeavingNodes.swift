internal import JadeCore

/// The nodes that a removal is about to take out: nobody links to them any more.
///
/// `@unchecked Sendable`: changes exclude insertions and each other (``VectorIndex``); searches do not look.
final class LeavingNodes: @unchecked Sendable {
    private var words: UnsafeMutablePointer<UInt64> = .allocate(capacity: 1)
    private var size = 0
    private(set) var ordinals: [UInt32] = []

    deinit { words.deallocate() }

    @inline(__always) var isEmpty: Bool { ordinals.isEmpty }

    @inline(__always)
    func contains(_ ordinal: UInt32) -> Bool {
        Int(ordinal) < size && words[Int(ordinal) >> 6] >> UInt64(ordinal & 63) & 1 == 1
    }

    /// Names them all, below `end`; none may be left from before.
    func begin(_ leaving: [UInt32], below end: Int) {
        precondition(ordinals.isEmpty, "\(ordinals.count) nodes are leaving already")
        words.deallocate()
        size = end
        let count = (end + 63) / 64 + 1
        words = .allocate(capacity: count)
        words.initialize(repeating: 0, count: count)
        for ordinal in leaving { words[Int(ordinal) >> 6] |= 1 << UInt64(ordinal & 63) }
        ordinals = leaving
    }

    func end() {
        size = 0
        ordinals = []
    }
}
