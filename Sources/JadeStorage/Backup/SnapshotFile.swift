package import JadeCore
import JadeIO

/// A file of a shard as of a snapshot, in pieces that are stored one by one.
package struct SnapshotFile: Sendable {
    enum Source: Sendable {
        /// A file that does not change below ``SnapshotFile/byteCount`` as long as the snapshot holds.
        case file(any AppendFile)
        /// The header's page and the rows.
        case rows(SnapshotRows)
    }

    /// Below the shard's folder: `vectors.mmap`, `index/3/base`.
    package let name: String
    package let byteCount: Int
    /// Where each piece begins; the next one's beginning or the file's end is its end.
    package let extentStarts: [Int]
    let source: Source

    init(name: String, file: any AppendFile, byteCount: Int, extentBytes: Int) {
        self.name = name
        self.byteCount = byteCount
        extentStarts = Array(stride(from: 0, to: byteCount, by: extentBytes))
        source = .file(file)
    }

    init(rows: SnapshotRows, extentBytes: Int) {
        name = "vectors.mmap"
        byteCount = rows.byteCount
        // Extents hold whole rows, so that one that is full never changes again but for rows that are written over.
        let step = max(1, extentBytes / rows.layout.stride)
        extentStarts = [0] + stride(from: 0, to: rows.slots, by: step).map(rows.layout.offset(of:))
        source = .rows(rows)
    }

    package func extent(_ index: Int) -> Range<Int> {
        extentStarts[index]..<(index + 1 < extentStarts.count ? extentStarts[index + 1] : byteCount)
    }

    /// An extent's bytes and their digest.
    ///
    /// - Parameter pace: called after every part of ``Limits/backupStepBytes`` with its length; it may take its time.
    /// - Throws: `corrupted` where a row that lives is damaged.
    package func read(extent index: Int, pace: (Int) -> Void) throws(JadeError) -> (bytes: [UInt8], digest: Digest) {
        let range = extent(index)
        var hash = SHA256()
        var failure: JadeError?
        let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
            let whole = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<range.count])
            do throws(JadeError) {
                for part in parts(of: range) {
                    let target = UnsafeMutableRawBufferPointer(rebasing: whole[part])
                    try fill(target, from: range.lowerBound + part.lowerBound)
                    hash.update(UnsafeRawBufferPointer(target))
                    pace(part.count)
                }
                count = range.count
            } catch { failure = error }
        }
        if let failure { throw failure }
        return (bytes, hash.finish())
    }

    /// An extent's parts, from its beginning; rows are not divided.
    private func parts(of extent: Range<Int>) -> [Range<Int>] {
        var step = Limits.backupStepBytes
        if case .rows(let rows) = source {
            if extent.lowerBound == 0 { return [0..<extent.count] }
            step = max(1, step / rows.layout.stride) * rows.layout.stride
        }
        return stride(from: 0, to: extent.count, by: step).map { $0..<min($0 + step, extent.count) }
    }

    private func fill(_ target: UnsafeMutableRawBufferPointer, from offset: Int) throws(JadeError) {
        switch source {
        case .rows(let rows): try rows.fill(target, from: offset)
        case .file(let file):
            let count = try file.read(at: offset, into: target)
            guard count == target.count else {
                throw .corrupted(file: file.path, offset: offset + count, expected: "\(byteCount) bytes", found: "the file's end")
            }
        }
    }
}

/// Rows as of a snapshot, from a file that goes on being written.
///
/// What lives at the snapshot does not move or change while it holds, and is compared with its checksum on the way. Of dead
/// rows those are kept that are whole, because a saved graph leads over their values; a slot that is being given to another
/// row becomes an empty one. Flags say nothing of who lives: metadata does, and an extent stays the same when rows in it die.
struct SnapshotRows: Sendable {
    let store: MemoryMappedVectorStore
    let slots: Int
    let sequence: UInt64
    /// The file's first page.
    let page: [UInt8]
    let isLive: @Sendable (Int) -> Bool

    var layout: VectorFileLayout { store.layout }
    var byteCount: Int { layout.offset(of: slots) }

    func fill(_ target: UnsafeMutableRawBufferPointer, from offset: Int) throws(JadeError) {
        if offset == 0 { return target.copyBytes(from: page) }
        // The extents begin at blocks below `slots`, all of which are mapped as long as the store lives.
        target.copyMemory(from: UnsafeRawBufferPointer(start: store.file.base + offset, count: target.count))
        let first = (offset - layout.offset(of: 0)) / layout.stride
        for index in 0..<target.count / layout.stride {
            let block = target.baseAddress.unsafelyUnwrapped + index * layout.stride
            try settle(BlockHead(address: block), first + index)
        }
    }

    /// Makes a copied block what the snapshot holds of its slot.
    private func settle(_ head: BlockHead, _ ordinal: Int) throws(JadeError) {
        if isLive(ordinal) {
            let flags = try keptFlags(head, ordinal)
            head.storeFlags(flags)
        } else if let flags = try? keptFlags(head, ordinal) {
            head.storeFlags(flags)
            if !flags.contains(.overflowID) { head.store(UInt64(0), at: BlockHead.linkOffset) }
        } else {
            UnsafeMutableRawBufferPointer(start: head.address, count: layout.stride).initializeMemory(as: UInt8.self, repeating: 0)
        }
    }

    /// The flags under which a block is kept; throws where it is not the whole row it should be.
    private func keptFlags(_ head: BlockHead, _ ordinal: Int) throws(JadeError) -> BlockFlags {
        guard let flags = try store.flags(of: head, ordinal) else {
            throw store.corrupted(ordinal, BlockHead.flagsOffset, expected: "a row", found: "an empty slot")
        }
        guard head.sequence <= sequence else {
            throw store.corrupted(ordinal, BlockHead.sequenceOffset, expected: "a sequence up to \(sequence)", found: "\(head.sequence)")
        }
        let computed = try checksum(head, flags, ordinal)
        guard head.checksum == computed else {
            throw store.corrupted(
                ordinal, BlockHead.checksumOffset, expected: "checksum \(hexadecimal(computed))", found: hexadecimal(head.checksum))
        }
        return flags.subtracting([.deleted, .free])
    }

    private func checksum(_ head: BlockHead, _ flags: BlockFlags, _ ordinal: Int) throws(JadeError) -> UInt32 {
        let values = UnsafeRawBufferPointer(start: head.values, count: layout.valueBytes)
        let (isInteger, count, dimension) = (flags.contains(.integerID), head.idLength, store.dimension)
        if flags.contains(.overflowID) {
            let id = try store.overflow.read(at: head.link, count: count, ordinal: ordinal, sequence: head.sequence)
            return try id.withRawBytes { (raw) throws(JadeError) in
                blockChecksum(id: raw, isInteger: isInteger, dimension: dimension, sequence: head.sequence, values: values)
            }
        }
        guard count <= BlockHead.inlineIDBytes else {
            throw store.corrupted(ordinal, 0, expected: "an id of at most \(BlockHead.inlineIDBytes) bytes", found: "\(count)")
        }
        return blockChecksum(
            id: head.inlineID(count: count), isInteger: isInteger, dimension: dimension, sequence: head.sequence, values: values)
    }
}
