internal import JadeCore
internal import JadeIO
internal import JadeKernels
internal import Synchronization

/// The links of a hierarchical navigable small world graph, in memory that never moves.
///
/// Per layer a node has a fixed block of words: neighbours as `ordinal + 1`, ended by 0 or by the block's end, so that
/// fresh memory (zeros) is a graph without links. The lowest layer is one array by ordinal; blocks of upper layers lie one after
/// the other in an arena, found through `upperStart`.
///
/// Many readers, many inserting threads. A word of a list is read and written atomically; a list may be seen half
/// rewritten, which costs a reader nothing but a neighbour, for every word names a node whose own links are complete. Writers of one list
/// exclude each other by a spin lock (striped by ordinal). `@unchecked Sendable` for these reasons.
final class Graph: @unchecked Sendable {
    static let maximumLevel = 15
    private static let lockCount = 1 << 14

    let m: Int
    /// Words of a block on the lowest layer: `2m`, rounded up to whole cache lines.
    let baseStride: Int
    /// Words of a block above it: `m`, rounded up likewise.
    let upperStride: Int
    let memory: GraphMemory
    let base: UnsafeMutablePointer<UInt32>
    /// Highest layer of a node plus one; 0 for a node that is not in the graph.
    let levels: UnsafeMutablePointer<UInt8>
    /// Block number of a node's first upper layer; 0 for a node that never had one. It stays when the node goes: the next node of
    /// that ordinal has the same layers.
    let upperStart: UnsafeMutablePointer<UInt32>
    let upper: UnsafeMutablePointer<UInt32>

    private let locks: UnsafeMutablePointer<UInt32>
    /// Highest layer in the upper half, ordinal + 1 in the lower; 0 while the graph is empty.
    private let entryWord: Atomic<UInt64>
    private let upperBlocks: Atomic<Int>
    private let growth = Mutex(())

    init(m: Int, memory: GraphMemory, entry: UInt64 = 0, upperBlocks: Int = 1) {
        self.m = m
        baseStride = Self.baseStride(m: m)
        upperStride = Self.upperStride(m: m)
        self.memory = memory
        base = memory.base.base.assumingMemoryBound(to: UInt32.self)
        levels = memory.levels.base.assumingMemoryBound(to: UInt8.self)
        upperStart = memory.upperStart.base.assumingMemoryBound(to: UInt32.self)
        upper = memory.upper.base.assumingMemoryBound(to: UInt32.self)
        locks = .allocate(capacity: Self.lockCount)
        locks.initialize(repeating: 0, count: Self.lockCount)
        entryWord = Atomic(entry)
        self.upperBlocks = Atomic(upperBlocks)
    }

    deinit { locks.deallocate() }

    static func baseStride(m: Int) -> Int { (2 * m + 15) / 16 * 16 }
    static func upperStride(m: Int) -> Int { (m + 15) / 16 * 16 }

    /// The node where every traversal begins, and its highest layer.
    var entry: (ordinal: UInt32, level: Int)? {
        let word = entryWord.load(ordering: .acquiring)
        guard word != 0 else { return nil }
        return (UInt32(truncatingIfNeeded: word) &- 1, Int(word >> 32))
    }

    var entryValue: UInt64 { entryWord.load(ordering: .acquiring) }
    var upperBlockCount: Int { upperBlocks.load(ordering: .acquiring) }

    /// Makes the node the entry if it is higher than the present one (or the first).
    func offerEntry(_ ordinal: UInt32, level: Int) {
        let word = UInt64(level) << 32 | UInt64(ordinal + 1)
        var current = entryWord.load(ordering: .acquiring)
        while current == 0 || Int(current >> 32) < level {
            let (exchanged, original) = entryWord.compareExchange(
                expected: current, desired: word, ordering: .acquiringAndReleasing)
            if exchanged { return }
            current = original
        }
    }

    /// The first node claims an empty graph; false if another was faster.
    func claimFirst(_ ordinal: UInt32, level: Int) -> Bool {
        entryWord.compareExchange(
            expected: 0, desired: UInt64(level) << 32 | UInt64(ordinal + 1), ordering: .acquiringAndReleasing
        ).exchanged
    }

    @inline(__always)
    func contains(_ ordinal: UInt32) -> Bool { levels[Int(ordinal)] != 0 }

    /// The block of a node's links on a layer that it reaches.
    @inline(__always)
    func links(_ ordinal: UInt32, level: Int) -> UnsafeMutablePointer<UInt32> {
        if level == 0 { return base + Int(ordinal) &* baseStride }
        return upper + (Int(upperStart[Int(ordinal)]) &+ level &- 1) &* upperStride
    }

    /// Links a node may have on a layer.
    @inline(__always)
    func capacity(level: Int) -> Int { level == 0 ? 2 &* m : m }

    /// Registers a node with its highest layer and gives it blocks there. Rows up to `ordinal` must be reserved.
    func addNode(_ ordinal: UInt32, level: Int) throws(JadeError) {
        if level > 0, upperStart[Int(ordinal)] == 0 {
            let first = upperBlocks.wrappingAdd(level, ordering: .acquiringAndReleasing).oldValue
            try growth.withLock { _ throws(JadeError) in
                try memory.upper.commit(upTo: Self.inSteps((first + level) * upperStride * 4))
            }
            upperStart[Int(ordinal)] = UInt32(first)
        }
        levels[Int(ordinal)] = UInt8(level + 1)
    }

    /// Forgets a node and its links; nothing may link to it any more. A traversal that stands on it finds the way ended.
    func removeNode(_ ordinal: UInt32) {
        for level in 0..<Int(levels[Int(ordinal)]) {
            let block = links(ordinal, level: level)
            for index in 0..<capacity(level: level) { (block + index).storeRelease(0) }
        }
        levels[Int(ordinal)] = 0
    }

    /// Traversals begin elsewhere from now on; nil for a graph that is empty.
    func moveEntry(to node: (ordinal: UInt32, level: Int)?) {
        entryWord.store(node.map { UInt64($0.level) << 32 | UInt64($0.ordinal + 1) } ?? 0, ordering: .releasing)
    }

    /// Makes room for nodes with ordinals below `count`.
    func reserve(nodes count: Int) throws(JadeError) {
        try growth.withLock { _ throws(JadeError) in
            try memory.base.commit(upTo: Self.inSteps(count * baseStride * 4))
            try memory.levels.commit(upTo: Self.inSteps(count))
            try memory.upperStart.commit(upTo: Self.inSteps(count * 4))
            // Block 0 is nobody's, and saved with the others.
            try memory.upper.commit(upTo: Self.inSteps(upperStride * 4))
        }
    }

    /// Memory is committed by the mebibyte: a system call for every few thousand nodes.
    private static func inSteps(_ bytes: Int) -> Int { bytes.roundedUp(to: 1 << 20) }

    /// Runs `body` while no other thread changes the links of `ordinal`.
    @inline(__always)
    func withLock(_ ordinal: UInt32, _ body: () -> Void) {
        let lock = locks + Int(ordinal) & (Self.lockCount &- 1)
        lock.spinLock()
        body()
        lock.spinUnlock()
    }

    /// Copies the links of a node; how many there are.
    @inline(__always)
    func copyLinks(_ ordinal: UInt32, level: Int, into out: UnsafeMutablePointer<UInt32>) -> Int {
        let block = links(ordinal, level: level)
        let capacity = capacity(level: level)
        var count = 0
        while count < capacity {
            let word = (block + count).loadAcquire()
            if word == 0 { break }
            out[count] = word &- 1
            count &+= 1
        }
        return count
    }

    /// Replaces the links of a node; the caller holds its lock, or is the only one to know the node.
    @inline(__always)
    func setLinks(_ ordinal: UInt32, level: Int, _ neighbours: UnsafePointer<UInt32>, count: Int) {
        let block = links(ordinal, level: level)
        for index in 0..<count { (block + index).storeRelease(neighbours[index] &+ 1) }
        for index in count..<capacity(level: level) { (block + index).storeRelease(0) }
    }
}

/// The four reserved ranges a graph lives in.
struct GraphMemory: Sendable {
    let base: ReservedMemory
    let levels: ReservedMemory
    let upperStart: ReservedMemory
    let upper: ReservedMemory

    /// Fresh memory for up to `Limits.maximumVectorsPerShard` nodes: address space only, until it is committed.
    init(m: Int) throws(JadeError) {
        let nodes = Limits.maximumVectorsPerShard
        base = try ReservedMemory(reserve: nodes * Graph.baseStride(m: m) * 4, usesHugePages: true)
        levels = try ReservedMemory(reserve: nodes)
        upperStart = try ReservedMemory(reserve: nodes * 4)
        upper = try ReservedMemory(reserve: nodes * Graph.upperStride(m: m) * 4)
    }

    init(base: ReservedMemory, levels: ReservedMemory, upperStart: ReservedMemory, upper: ReservedMemory) {
        self.base = base
        self.levels = levels
        self.upperStart = upperStart
        self.upper = upper
    }
}
