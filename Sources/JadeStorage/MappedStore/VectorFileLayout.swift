import JadeCore
import JadeIO

/// Where things stand in a vectors file of one dimension and element type: a header page, then blocks of one stride.
struct VectorFileLayout: Sendable, Hashable {
    /// Bytes of the header, and where its second copy stands: in another disk sector of the first page.
    static let headerBytes = 256
    static let headerCopyOffset = 512
    /// Where the blocks begin: behind the header's page, so that values are aligned for every kernel.
    static let dataOffset = 4_096
    /// Bytes of a block's head; the values follow, at a multiple of 64 as the head itself.
    static let headBytes = 64
    static let alignment = 64
    /// The index area behind the blocks begins at a multiple of this.
    static let indexAlignment = 4_096

    let dimension: Int
    let elementType: ElementType
    let stride: Int

    init(dimension: Int, elementType: ElementType) {
        self.dimension = dimension
        self.elementType = elementType
        stride = Self.headBytes + elementType.byteCount(dimension: dimension).roundedUp(to: Self.alignment)
    }

    var valueBytes: Int { elementType.byteCount(dimension: dimension) }

    func offset(of ordinal: Int) -> Int { Self.dataOffset + ordinal * stride }

    /// The ordinal of the block that begins at `offset`, or nil when none does.
    func ordinal(at offset: UInt64) -> Int? {
        guard offset >= UInt64(Self.dataOffset), offset < UInt64(Int.max) else { return nil }
        let (ordinal, rest) = (Int(offset) - Self.dataOffset).quotientAndRemainder(dividingBy: stride)
        return rest == 0 ? ordinal : nil
    }

    /// Slots whose blocks give their disk space back together: the fewest that fill whole pages, as often as it takes to be
    /// worth a system call.
    var extentSlots: Int {
        let fewest = Self.indexAlignment / min(stride & -stride, Self.indexAlignment)
        return fewest * max(1, Limits.vectorFileExtentBytes / (fewest * stride))
    }

    /// The bytes of an extent.
    func bytes(ofExtent extent: Int) -> Range<Int> {
        offset(of: extent * extentSlots)..<offset(of: (extent + 1) * extentSlots)
    }

    /// Bytes of a file with room for `capacity` blocks and nothing behind them.
    func dataEnd(capacity: Int) -> Int { offset(of: capacity).roundedUp(to: Self.indexAlignment) }

    /// Addresses to reserve for `vectors` blocks and an index area of the longest ids.
    func reservation(vectors: Int) -> Int {
        let perVector = stride + Limits.maximumIDBytes + 16
        return min(Self.dataOffset + vectors * perVector + Self.indexAlignment, Limits.maximumReservedFileBytes)
    }
}
