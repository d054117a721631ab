package import JadeCore
package import JadeIO
import JadeKernels
import Synchronization

/// What a slot of a vectors file holds, checked against its checksum.
package enum SlotState: Sendable {
    /// Never written, or free to be written again.
    case empty
    case row(id: VectorID, sequence: UInt64, isDeleted: Bool)
    case damaged(JadeError)
}

extension MemoryMappedVectorStore {
    /// Opens a file of which anything may be damaged, without changing it: what is stored in the mapped memory stays there.
    ///
    /// The header is the first good copy. Where there is none it is made up from `shape` and the file's length; a
    /// capacity that the file has no room for is cut down. Everything unusual goes to `findings`. Nil when there is nothing
    /// to map.
    package static func openToSurvey(
        _ path: String, shape: ShardShape, wasClosed: Bool, _ findings: inout FindingList
    ) -> MemoryMappedVectorStore? {
        let files = ReadOnlyFileSystem()
        guard let file = findings.trying(path, { () throws(JadeError) in try files.openMappedFile(path, reserving: 0) }) else {
            return nil
        }
        guard file.length >= VectorFileLayout.dataOffset else {
            findings.add(path, file.length, expected: "a header page of \(VectorFileLayout.dataOffset) bytes", found: "the file's end")
            return nil
        }
        var header = surveyHeader(file, shape, wasClosed, &findings)
        let room = (file.length - VectorFileLayout.dataOffset) / header.layout.stride
        header.capacity = min(header.capacity, room)
        header.slotsUsed = min(header.slotsUsed, header.capacity)
        guard let overflow = surveyOverflow(path, header, files, &findings) else { return nil }
        return MemoryMappedVectorStore(path, file, overflow, header, headerCopiesDiffer: false)
    }

    private static func surveyHeader(
        _ file: any MappedFile, _ shape: ShardShape, _ wasClosed: Bool, _ findings: inout FindingList
    ) -> VectorFileHeader {
        var copies: [VectorFileHeader] = []
        var errors: [JadeError] = []
        for offset in [0, VectorFileLayout.headerCopyOffset] {
            let raw = UnsafeRawBufferPointer(start: file.base + offset, count: VectorFileLayout.headerBytes)
            do throws(JadeError) {
                copies.append(try VectorFileHeader.decode(raw, file: file.path, offset: offset))
            } catch { errors.append(error) }
        }
        // A kill in the middle of storing the header leaves one copy; a closed file has two, and both say the same.
        let severity: Finding.Severity = wasClosed || copies.isEmpty ? .damage : .warning
        for error in errors {
            findings.add(Finding(error, file: file.path, severity: error.code == .corrupted ? severity : .damage))
        }
        guard let header = copies.first else { return madeUpHeader(file, shape) }
        if copies.count == 2, copies[0] != copies[1] {
            findings.add(
                file.path, VectorFileLayout.headerCopyOffset, severity: severity, expected: "a copy of the header", found: "another header")
        }
        do throws(JadeError) {
            try header.check(file: file.path, length: file.length)
        } catch { findings.add(Finding(error, file: file.path)) }
        guard header.dimension == shape.dimension, header.elementType == shape.elementType else {
            findings.add(
                file.path, 8, expected: "\(shape.dimension) × \(shape.elementType.name), as the catalog says",
                found: "\(header.dimension) × \(header.elementType.name)")
            return madeUpHeader(file, shape)
        }
        return header
    }

    private static func madeUpHeader(_ file: any MappedFile, _ shape: ShardShape) -> VectorFileHeader {
        let name = OverflowIDs.path(besides: file.path)
        let idsHeader = (try? ReadOnlyFileSystem().readFile(name, limit: Limits.maximumWholeFileBytes))?.prefix(OverflowIDs.headerBytes)
        var fileID = UniqueID(high: 0, low: 0)
        if let idsHeader, idsHeader.count == OverflowIDs.headerBytes {
            idsHeader.withUnsafeBytes { fileID = UniqueID(high: $0.baseAddress!.number(at: 8), low: $0.baseAddress!.number(at: 16)) }
        }
        var header = VectorFileHeader(dimension: shape.dimension, elementType: shape.elementType, fileID: fileID)
        header.capacity = min((file.length - VectorFileLayout.dataOffset) / header.layout.stride, Limits.maximumVectorsPerShard)
        // Up to the last slot that has a head: what stands behind the blocks of a closed file is no head.
        let slots = (0..<header.capacity).last { slot in
            let head = BlockHead(address: file.base + header.layout.offset(of: slot))
            return BlockFlags(word: head.flagsWord) != nil && head.dimension == shape.dimension
        }
        header.slotsUsed = slots.map { $0 + 1 } ?? 0
        return header
    }

    private static func surveyOverflow(
        _ path: String, _ header: VectorFileHeader, _ files: ReadOnlyFileSystem, _ findings: inout FindingList
    ) -> OverflowIDs? {
        let name = OverflowIDs.path(besides: path)
        do throws(JadeError) {
            return try OverflowIDs.open(name, header.fileID, expectedBytes: header.overflowBytes, in: files)
        } catch {
            findings.add(Finding(error, file: name))
            // Rows with short ids can be read all the same; a long one is checked entry by entry.
            let existing = try? files.openAppendFile(name, create: false)
            guard let file = existing ?? (try? files.openAppendFile(path, create: false)) else { return nil }
            return OverflowIDs(file)
        }
    }

    /// What a file's header says about its rows, for those who know nothing else; nil if no copy is whole.
    package static func shape(of path: String) -> ShardShape? {
        guard let file = try? ReadOnlyFileSystem().openMappedFile(path, reserving: 0), file.length >= VectorFileLayout.dataOffset
        else { return nil }
        for offset in [0, VectorFileLayout.headerCopyOffset] {
            let raw = UnsafeRawBufferPointer(start: file.base + offset, count: VectorFileLayout.headerBytes)
            guard let header = try? VectorFileHeader.decode(raw, file: path, offset: offset) else { continue }
            return ShardShape(dimension: header.dimension, elementType: header.elementType)
        }
        return nil
    }

    /// What stands in a slot, read and checked as a whole.
    package func slot(_ ordinal: Int) -> SlotState {
        do throws(JadeError) {
            guard let summary = try summary(of: ordinal), !summary.isFree else { return .empty }
            try verify(ordinal: ordinal)
            return .row(id: try id(of: ordinal), sequence: summary.sequence, isDeleted: summary.isDeleted)
        } catch { return .damaged(error) }
    }

    /// The sequence number in a slot's head, whatever else stands there; nil for a head that no writer stores.
    func storedSequence(of ordinal: Int) -> UInt64? {
        guard let head = try? head(of: ordinal), BlockFlags(word: head.flagsWord) != nil else { return nil }
        return head.sequence
    }

    /// Whether the values of a damaged row are whole after all: then its checksum holds for the id that it should have,
    /// and only its head is damaged. The sequence number it was written under.
    package func sequence(of ordinal: Int, ifRowOf id: VectorID) -> UInt64? {
        guard let head = try? head(of: ordinal), checksum(head, id) == head.checksum else { return nil }
        return head.sequence
    }

    /// Turns the one bit of a row's values, sequence number or checksum that was flipped, in mapped memory. CRC-32C
    /// tells any one flipped bit apart from every other. False, and nothing changed, if more than one was, or the row is
    /// longer than ``Limits/maximumCorrectedRowBytes``.
    ///
    /// Complexity: O(bits × bytes) of the row.
    package func correctFlippedBit(of ordinal: Int, id: VectorID) -> Bool {
        guard layout.stride <= Limits.maximumCorrectedRowBytes, let head = try? head(of: ordinal) else { return false }
        if (checksum(head, id) ^ head.checksum).nonzeroBitCount == 1 {
            head.store(checksum(head, id), at: BlockHead.checksumOffset)
            return true
        }
        let places = [BlockHead.sequenceOffset..<BlockHead.checksumOffset, VectorFileLayout.headBytes..<(VectorFileLayout.headBytes + layout.valueBytes)]
        for offset in places.joined() {
            let byte = (head.address + offset).assumingMemoryBound(to: UInt8.self)
            for bit in 0..<8 {
                byte.pointee ^= 1 << UInt8(bit)
                if checksum(head, id) == head.checksum { return true }
                byte.pointee ^= 1 << UInt8(bit)
            }
        }
        return false
    }

    private func checksum(_ head: BlockHead, _ id: VectorID) -> UInt32 {
        var text = id.text
        let values = UnsafeRawBufferPointer(start: head.values, count: layout.valueBytes)
        return text.withUTF8 {
            blockChecksum(
                id: UnsafeRawBufferPointer($0), isInteger: id.isInteger, dimension: dimension, sequence: head.sequence, values: values)
        }
    }

    /// A block as it stands, head and values: for setting a damaged one aside.
    package func blockBytes(_ ordinal: Int) -> [UInt8] {
        guard let head = try? head(of: ordinal) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: head.address, count: layout.stride))
    }

    /// Where a slot's block begins in the file.
    package func offset(of ordinal: Int) -> Int { layout.offset(of: ordinal) }

    /// Stores a header that vouches for nothing but the blocks' place: not closed, no free list, no map. For a file whose
    /// own header is damaged or contradicts it; the file is cut or filled with zeros to the header's capacity.
    package static func storeHeader(
        like survey: MemoryMappedVectorStore, slotsUsed: Int, in files: any FileSystem
    ) throws(JadeError) {
        var header = survey.header
        header.isClean = false
        (header.indexOffset, header.indexLength) = (0, 0)
        (header.freeListOffset, header.freeCount) = (0, 0)
        header.vectorCount = 0
        header.slotsUsed = min(max(header.slotsUsed, slotsUsed), header.capacity)
        try repairOverflowHeader(OverflowIDs.path(besides: survey.path), header.fileID, files)
        header.overflowBytes = OverflowIDs.headerBytes
        let end = header.layout.dataEnd(capacity: header.capacity)
        let file = try files.openMappedFile(survey.path, reserving: 2 * end)
        try file.grow(to: end)
        let bytes = header.encoded()
        for offset in [VectorFileLayout.headerCopyOffset, 0] {
            // Inside the header page: a file without one is not surveyed.
            bytes.withUnsafeBytes { (file.base + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            try file.sync(offset..<(offset + bytes.count))
        }
    }

    /// Gives the file of long ids a whole header and leaves its entries, each of which has a checksum of its own.
    private static func repairOverflowHeader(
        _ path: String, _ fileID: UniqueID, _ files: any FileSystem
    ) throws(JadeError) {
        if (try? OverflowIDs.open(path, fileID, expectedBytes: 0, in: files)) != nil { return }
        let entries = (try? files.readFile(path, limit: Limits.maximumWholeFileBytes))?.dropFirst(OverflowIDs.headerBytes) ?? []
        try OverflowIDs.create(path, fileID, in: files)
        let file = try files.openAppendFile(path, create: false)
        defer { file.close() }
        try file.write(Array(entries))
        try file.sync()
    }
}

extension Limits {
    /// Blocks longer than this are not searched for one flipped bit: it takes bits × bytes.
    package static let maximumCorrectedRowBytes = 16 << 10
}
