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
    /// Whether the memory of ordinals and codes goes with the extent; that of a mapped file does not.
    let ownsMemory: Bool

    typealias Pointer = UnsafeMutablePointer<ListExtent>

    private init(count: Int, capacity: Int, ordinals: UnsafeMutablePointer<UInt32>, codes: UnsafeMutableRawPointer, ownsMemory: Bool) {
        (self.count, self.capacity, next) = (UInt32(count), UInt32(capacity), 0)
        (self.ordinals, self.codes, self.ownsMemory) = (ordinals, codes, ownsMemory)
    }

    /// An empty extent; `capacity` is a multiple of the rows of a block.
    static func allocate(capacity: Int, codeBytes: Int) -> Pointer {
        let ordinals = UnsafeMutablePointer<UInt32>.allocate(capacity: capacity)
        ordinals.initialize(repeating: 0, count: capacity)
        let codes = UnsafeMutableRawPointer.allocate(byteCount: max(codeBytes, 1), alignment: 64)
        codes.initializeMemory(as: UInt8.self, repeating: 0, count: codeBytes)
        let extent = Pointer.allocate(capacity: 1)
        extent.initialize(to: ListExtent(count: 0, capacity: capacity, ordinals: ordinals, codes: codes, ownsMemory: true))
        return extent
    }

    /// An extent over memory that somebody else owns.
    static func over(
        ordinals: UnsafeMutablePointer<UInt32>, codes: UnsafeMutableRawPointer, count: Int, capacity: Int
    ) -> Pointer {
        let extent = Pointer.allocate(capacity: 1)
        extent.initialize(to: ListExtent(count: count, capacity: capacity, ordinals: ordinals, codes: codes, ownsMemory: false))
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

    func free() {
        if pointee.ownsMemory {
            pointee.ordinals.deallocate()
            pointee.codes.deallocate()
        }
        deallocate()
    }
}
