package import JadeCore
package import JadeIO
import JadeKernels
import Synchronization

/// The rows of one vector field of a shard: `vectors.mmap` with long ids beside it in `vectors.ids`.
///
/// One writer at a time calls what changes the file; any number of readers use ``valuesBase`` and read rows that were
/// published to them, without a lock. Ordinals are slot numbers below ``capacity``. What survives a crash is what the
/// last ``checkpoint(vectorCount:sequence:)`` wrote; everything since is written again from the log, which is why writes
/// here need no order among themselves. Format: docs/formats/vectors-mmap.md, with what a slot goes through and what a
/// checker may take for granted.
///
/// Life: ``create(_:dimension:elementType:random:in:maximumVectors:)`` or
/// ``open(_:in:maximumVectors:)`` → ``beginWriting()`` → writes and checkpoints → ``finish(live:vectorCount:sequence:)``.
package final class MemoryMappedVectorStore: Sendable {
    struct State {
        var header: VectorFileHeader
        var isWriting = false
        /// Slots that may be written, whose heads say so on disk too; the top of the on-disk chain last.
        var freeSlots: [UInt32] = []
        /// Slots that were given back since the last checkpoint: their heads may say "row" on disk still.
        var releasedSlots: [UInt32] = []
        /// Both of these. A head may say that a slot is free which is not among them: one that was taken and not written, or, after a
        /// crash, one of a list that is not trusted.
        var listedSlots: Set<UInt32> = []
        /// How many of them, from the bottom, are chained on disk as the array says.
        var chainedSlots = 0
        /// Extents whose slots all are free and that have no disk blocks; none of their slots is in `freeSlots`.
        var hollowExtents: Set<Int> = []
        /// Free slots that were there, and gave no whole extent, when they were last looked at.
        var consideredSlots = 0
        /// Bytes in `vectors.ids` of ids whose slots became free since they were last looked through, and how many that look kept.
        var freedIDBytes = 0
        var keptIDBytes = 0
        /// Set by the first failed sync: nothing is known about the disk from then on.
        var failure: JadeError?
    }

    package let path: String
    package let dimension: Int
    package let elementType: ElementType
    package let fileID: UniqueID
    /// Whether the copies of the header were not the same, as after a stop in the middle of storing them.
    package let headerCopiesDiffer: Bool
    let layout: VectorFileLayout
    let codec: ElementCodec
    let file: any MappedFile
    let overflow: OverflowIDs
    let state: Mutex<State>
    /// A copy of the header's capacity that readers check against without a lock.
    let slotCapacity: Atomic<Int>

    init(
        _ path: String, _ file: any MappedFile, _ overflow: OverflowIDs, _ header: VectorFileHeader, headerCopiesDiffer: Bool
    ) {
        self.path = path
        self.file = file
        self.overflow = overflow
        self.headerCopiesDiffer = headerCopiesDiffer
        dimension = header.dimension
        elementType = header.elementType
        fileID = header.fileID
        layout = header.layout
        codec = ElementCodec(header.elementType, dimension: header.dimension)
        state = Mutex(State(header: header))
        slotCapacity = Atomic(header.capacity)
    }

    /// Creates an empty file, durable when this returns, and opens it. Conflict when there is one already.
    package static func create(
        _ path: String, dimension: Int, elementType: ElementType, random: any RandomSource, in files: any FileSystem,
        maximumVectors: Int = Limits.maximumVectorsPerShard
    ) throws(JadeError) -> MemoryMappedVectorStore {
        guard (1...Limits.maximumDimension).contains(dimension) else {
            throw .invalidArgument("dimension \(dimension) is not between 1 and \(Limits.maximumDimension)")
        }
        if try files.fileExists(path) { throw .conflict("\"\(path)\" exists already") }
        let header = VectorFileHeader(dimension: dimension, elementType: elementType, fileID: random.uniqueID())
        // The ids' file first: where there is a vectors file, there is its companion.
        try OverflowIDs.create(OverflowIDs.path(besides: path), header.fileID, in: files)
        var page = [UInt8](repeating: 0, count: VectorFileLayout.dataOffset)
        let bytes = header.encoded()
        page.replaceSubrange(0..<bytes.count, with: bytes)
        page.replaceSubrange(VectorFileLayout.headerCopyOffset..<(VectorFileLayout.headerCopyOffset + bytes.count), with: bytes)
        try files.replaceFile(path, with: page)
        return try open(path, in: files, maximumVectors: maximumVectors)
    }

    /// Opens an existing file and checks its header against itself and the file's length. Nothing is changed yet.
    ///
    /// `maximumVectors` bounds the address space that is reserved. Corrupted with file, offset, expected and found;
    /// unavailable for a newer format.
    package static func open(
        _ path: String, in files: any FileSystem, maximumVectors: Int = Limits.maximumVectorsPerShard
    ) throws(JadeError) -> MemoryMappedVectorStore {
        let (header, copiesDiffer) = try readHeader(path, in: files)
        let file = try files.openMappedFile(path, reserving: header.layout.reservation(vectors: maximumVectors))
        try header.check(file: path, length: file.length)
        let overflow = try OverflowIDs.open(
            OverflowIDs.path(besides: path), header.fileID, expectedBytes: header.overflowBytes, in: files)
        let store = MemoryMappedVectorStore(path, file, overflow, header, headerCopiesDiffer: copiesDiffer)
        try store.findHollowExtents()
        if header.isClean {
            let free = try store.freeList()
            store.state.withLock { state in
                state.freeSlots = free.reversed()
                state.listedSlots = Set(free)
                state.chainedSlots = free.count
            }
        }
        return store
    }

    /// The header, or its second copy when the first is damaged, as it is after a kill in the middle of storing it.
    private static func readHeader(
        _ path: String, in files: any FileSystem
    ) throws(JadeError) -> (header: VectorFileHeader, copiesDiffer: Bool) {
        let file = try files.openAppendFile(path, create: false)
        defer { file.close() }
        var page = [UInt8](repeating: 0, count: VectorFileLayout.dataOffset)
        let size = file.size
        guard size >= page.count else {
            throw .corrupted(file: path, offset: size, expected: "a header page of \(page.count) bytes", found: "the file's end")
        }
        var failure: JadeError?
        page.withUnsafeMutableBytes { raw in
            do throws(JadeError) { _ = try file.read(at: 0, into: raw) } catch { failure = error }
        }
        if let failure { throw failure }
        return try page.withRawBytes { (raw) throws(JadeError) in
            let count = VectorFileLayout.headerBytes
            let copyOffset = VectorFileLayout.headerCopyOffset
            let first = UnsafeRawBufferPointer(rebasing: raw[..<count])
            let second = UnsafeRawBufferPointer(rebasing: raw[copyOffset..<(copyOffset + count)])
            do throws(JadeError) {
                let header = try VectorFileHeader.decode(first, file: path, offset: 0)
                return (header, (try? VectorFileHeader.decode(second, file: path, offset: copyOffset)) != header)
            } catch {
                guard error.code == .corrupted,
                    let copy = try? VectorFileHeader.decode(second, file: path, offset: copyOffset)
                else { throw error }
                return (copy, true)
            }
        }
    }

    /// Distance in bytes from one row's values to the next row's.
    package var stride: Int { layout.stride }
    /// The values of ordinal 0; those of ordinal n are n × ``stride`` bytes further. Never moves. A row may be read while
    /// its ordinal is below ``capacity``.
    package var valuesBase: UnsafeRawPointer {
        UnsafeRawPointer(file.base) + VectorFileLayout.dataOffset + VectorFileLayout.headBytes
    }
    /// Slots that the file has room for.
    package var capacity: Int { slotCapacity.load(ordering: .acquiring) }
    /// The header as it will be written next; its counts are those of the last checkpoint.
    package var header: VectorFileHeader { state.withLock { $0.header } }
    /// Slots up to the highest that was written since the file began.
    package var slotsUsed: Int { state.withLock { $0.header.slotsUsed } }
    package var isClean: Bool { state.withLock { $0.header.isClean } }
    /// Bytes on disk of rows, header and index area.
    package var fileBytes: Int { file.length }
    /// The mapped rows' future use, for the system's read-ahead.
    package func advise(_ advice: MemoryAdvice) { file.advise(advice, VectorFileLayout.dataOffset..<file.length) }
}
