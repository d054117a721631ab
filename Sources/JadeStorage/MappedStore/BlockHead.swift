import JadeIO
import JadeKernels
import Synchronization

/// What a block is, as its head says. Flags are stored with their complement, so that a flipped bit is noticed although
/// the checksum, which must not change when a row dies, leaves them out.
struct BlockFlags: OptionSet, Sendable {
    let rawValue: UInt8

    static let occupied = BlockFlags(rawValue: 1 << 0)
    static let deleted = BlockFlags(rawValue: 1 << 1)
    static let integerID = BlockFlags(rawValue: 1 << 2)
    static let overflowID = BlockFlags(rawValue: 1 << 3)
    /// Deleted and chained: nobody reads it any more and it may be written again.
    static let free = BlockFlags(rawValue: 1 << 4)

    var word: UInt16 { UInt16(rawValue) | UInt16(~rawValue) << 8 }

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Nil for a word that is not its own complement, and for combinations that no writer makes.
    init?(word: UInt16) {
        let low = UInt8(truncatingIfNeeded: word)
        guard UInt8(truncatingIfNeeded: word >> 8) == ~low else { return nil }
        self.rawValue = low
        guard low & 0xE0 == 0, contains(.occupied), contains(.deleted) || !contains(.free) else { return nil }
    }
}

/// The 64 bytes before a block's values.
///
/// The pointer is valid because the store makes heads only for ordinals below its capacity, whose blocks are mapped as
/// long as the store lives.
struct BlockHead {
    static let idLengthOffset = 0
    static let flagsOffset = 2
    static let dimensionOffset = 4
    static let sequenceOffset = 8
    static let checksumOffset = 16
    static let idOffset = 20
    static let linkOffset = 56
    /// Bytes of an id that stand in the head: a UUID's text fits.
    static let inlineIDBytes = 36

    let address: UnsafeMutableRawPointer

    var idLength: Int { Int(UnsafeRawPointer(address).number(at: Self.idLengthOffset, as: UInt16.self)) }
    var flagsWord: UInt16 { UnsafeRawPointer(address).number(at: Self.flagsOffset) }
    var dimension: Int { Int(UnsafeRawPointer(address).number(at: Self.dimensionOffset, as: UInt32.self)) }
    var sequence: UInt64 { UnsafeRawPointer(address).number(at: Self.sequenceOffset) }
    var checksum: UInt32 { UnsafeRawPointer(address).number(at: Self.checksumOffset) }
    /// Where a long id stands in `vectors.ids`, or, in a free block, the next free block.
    var link: UInt64 { UnsafeRawPointer(address).number(at: Self.linkOffset) }
    var values: UnsafeMutableRawPointer { address + VectorFileLayout.headBytes }

    func inlineID(count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: address + Self.idOffset, count: min(count, Self.inlineIDBytes))
    }

    func store<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
        address.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }

    /// Stored last and in one piece: whatever moment the process stops at, a head that says "occupied" is whole.
    func storeFlags(_ flags: BlockFlags) { storeFlags(word: flags.word) }

    /// Makes the block one that was never written.
    func storeEmpty() { storeFlags(word: 0) }

    private func storeFlags(word: UInt16) {
        // The two bytes are aligned, as blocks stand at multiples of 64, and nothing else is bound to them.
        (address + Self.flagsOffset).assumingMemoryBound(to: Atomic<UInt16>.self)
            .pointee.store(word.littleEndian, ordering: .releasing)
    }
}

/// A block's checksum: over what never changes while the row lives.
func blockChecksum(
    id: UnsafeRawBufferPointer, isInteger: Bool, dimension: Int, sequence: UInt64, values: UnsafeRawBufferPointer
) -> UInt32 {
    let facts = (UInt64(id.count) | (isInteger ? 1 << 16 : 0) | UInt64(dimension) << 32).littleEndian
    let seed = withUnsafeBytes(of: (facts, sequence.littleEndian)) { CRC32C.checksum($0) }
    return CRC32C.checksum(values, after: CRC32C.checksum(id, after: seed))
}
