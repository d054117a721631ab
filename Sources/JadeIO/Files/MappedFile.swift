package import JadeCore

/// How a mapped range is about to be used.
package enum MemoryAdvice: Sendable {
    case normal, random, sequential, willNeed, hugePages
}

/// A file mapped for reading and writing inside an address range that is reserved once: ``base`` never moves while the
/// object lives, so readers keep pointers across growth.
///
/// Bytes `0 ..< length` may be read and written by any thread; what they mean to several threads is the owner's affair.
/// Growth, shrinking and syncing are the writer's.
package protocol MappedFile: AnyObject, Sendable {
    var path: String { get }
    var base: UnsafeMutableRawPointer { get }
        var length: Int { get }
    /// Bytes that ``length`` can reach: what was asked for, or less when the process is short of addresses.
    var reservedBytes: Int { get }
    /// Lengthens the file with zeros. Disk blocks are taken here, so that a full disk is this call's `resourceExhausted`
    /// and never a SIGBUS at some later store. A length that is reached already changes nothing.
    func grow(to length: Int) throws(JadeError)
    /// Shortens the file. Nobody may touch the bytes behind `length` any more.
    func shrink(to length: Int) throws(JadeError)
    /// Gives a range's disk blocks back: it reads as zeros from now on, and has to be taken by ``allocate(_:)`` before it is
    /// written again. Bounds are page multiples.
    func discard(_ range: Range<Int>) throws(JadeError)
    /// Takes disk blocks where a range has none, and leaves what is there: `resourceExhausted` when the disk is full.
    func allocate(_ range: Range<Int>) throws(JadeError)
    /// Whether any byte of the range may have been written since its blocks were taken; false where all are zeros for sure.
    func hasData(_ range: Range<Int>) throws(JadeError) -> Bool
    /// Makes a range durable (`msync`), the file's length included.
    func sync(_ range: Range<Int>) throws(JadeError)
    /// A hint; what the system refuses is ignored.
    func advise(_ advice: MemoryAdvice, _ range: Range<Int>)
}
