/// Ordinals that a traversal has met: one byte an ordinal, cleared by counting an epoch up.
struct VisitedSet {
    private(set) var marks: UnsafeMutablePointer<UInt8>
    private var size: Int
    private(set) var epoch: UInt8 = 0

    init() {
        size = 0
        marks = .allocate(capacity: 1)
    }

    func deallocate() { marks.deallocate() }

    /// Starts an empty set over ordinals below `size`.
    ///
    /// Complexity: O(1), but for every 255th call and when the set grows.
    mutating func reset(size wanted: Int) {
        if wanted > size {
            marks.deallocate()
            size = wanted + wanted / 4
            marks = .allocate(capacity: size)
            marks.initialize(repeating: 0, count: size)
            epoch = 0
        }
        if epoch == .max {
            marks.update(repeating: 0, count: size)
            epoch = 0
        }
        epoch &+= 1
    }

    @inline(__always)
    mutating func insert(_ ordinal: UInt32) -> Bool {
        guard marks[Int(ordinal)] != epoch else { return false }
        marks[Int(ordinal)] = epoch
        return true
    }
}
