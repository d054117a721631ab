internal import JadeKernels

/// A run of entries of one list: ordinals, and beside them codes. It never moves and only grows; a list is a chain of them.
///
/// An entry is complete before `count` covers it. Blocks of product codes share bytes between two rows: a reader meets the
/// neighbour's half of such a byte as it was and will be, since a byte is written whole.
struct ListExtent {
    /// Entries, read and written atomically: nothing may stand before it.
    private var count: UInt32
    let capacity: UInt32
    /// Address of the extent that follows, 0 for none; read and written atomically.
    private var next: UInt64
    let ordinals: UnsafeMutablePointer<UInt32>
    let codes: UnsafeMutableRawPointer

    typealias Pointer = UnsafeMutablePointer<ListExtent>

    private init(count: Int, capacity: Int, ordinals: UnsafeMutablePointer<UInt32>, codes: UnsafeMutableRawPointer) {
        (self.count, self.capacity, next) = (UInt32(count), UInt32(capacity), 0)
        (self.ordinals, self.codes) = (ordinals, codes)
    }

    /// An empty extent; `capacity` is a multiple of the rows of a block.
    static func allocate(capacity: Int, codeBytes: Int) -> Pointer {
        // Head, ordinals and codes are one piece: a scan meets them in this order.
        let size = headBytes + capacity * MemoryLayout<UInt32>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size + codeBytes, alignment: headBytes)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: size + codeBytes)
        let ordinals = (memory + headBytes).bindMemory(to: UInt32.self, capacity: capacity)
        let extent = memory.bindMemory(to: ListExtent.self, capacity: 1)
        extent.initialize(to: ListExtent(count: 0, capacity: capacity, ordinals: ordinals, codes: memory + size))
        return extent
    }

    /// What comes before the ordinals: a line.
    static let headBytes = 64

    /// An extent over memory that somebody else owns.
    static func over(
        ordinals: UnsafeMutablePointer<UInt32>, codes: UnsafeMutableRawPointer, count: Int, capacity: Int
    ) -> Pointer {
        let extent = UnsafeMutableRawPointer.allocate(byteCount: headBytes, alignment: headBytes).bindMemory(to: ListExtent.self, capacity: 1)
        extent.initialize(to: ListExtent(count: count, capacity: capacity, ordinals: ordinals, codes: codes))
        return extent
    }
}

extension UnsafeMutablePointer where Pointee == ListExtent {
    private var countWord: UnsafeMutablePointer<UInt32> { UnsafeMutableRawPointer(self).assumingMemoryBound(to: UInt32.self) }
    private var nextWord: UnsafeMutablePointer<UInt64> { (UnsafeMutableRawPointer(self) + 8).assumingMemoryBound(to: UInt64.self) }

    /// Entries that may be read.
    @inline(__always)
    var published: Int { Int(countWord.loadAcquire()) }

    func publish(_ count: Int) { countWord.storeRelease(UInt32(count)) }

    @inline(__always)
    var following: ListExtent.Pointer? { ListExtent.Pointer(bitPattern: UInt(nextWord.loadAcquire())) }

    func follow(with extent: ListExtent.Pointer) { nextWord.storeRelease(UInt64(UInt(bitPattern: extent))) }

    /// The memory of ordinals and codes goes with it, unless that is a mapped file's.
    func free() { UnsafeMutableRawPointer(self).deallocate() }
}
