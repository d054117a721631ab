package import JadeCore
import JadeIO
import JadeKernels

extension MemoryMappedVectorStore {
    /// What a vectors file says, with its first rows: header fields, every block's checksum, the index area.
    ///
    /// - Throws: what the header is refused with if no copy of it can be read.
    package static func inspect(_ path: String, limit: Int) throws(JadeError) -> FileInspection {
        var inspection = FileInspection("rows", path)
        let file = try ReadOnlyFileSystem().openMappedFile(path, reserving: 0)
        guard file.length >= VectorFileLayout.dataOffset else {
            throw .corrupted(file: path, offset: file.length, expected: "a header page of \(VectorFileLayout.dataOffset) bytes", found: "the file's end")
        }
        let raw = UnsafeRawBufferPointer(start: file.base, count: VectorFileLayout.headerBytes)
        guard let shape = shape(of: path) else {
            _ = try VectorFileHeader.decode(raw, file: path, offset: 0)
            throw .corrupted(file: path, offset: 0, expected: "a header", found: "none")
        }
        var findings = FindingList()
        guard let store = openToSurvey(path, shape: shape, wasClosed: false, &findings) else {
            throw .corrupted(file: path, offset: 0, expected: "a file of rows", found: findings.all.first?.found ?? "another")
        }
        add(store.header, &inspection)
        inspection.add("file bytes", file.length)
        store.inspectSlots(limit, &inspection, &findings)
        if store.header.isClean {
            _ = findings.trying(path) { () throws(JadeError) in try store.readLiveBitmap() }
            _ = findings.trying(path) { () throws(JadeError) in try store.readIdentifierMap { _, _ in } }
            _ = findings.trying(path) { () throws(JadeError) in try store.freeList() }
        }
        inspection.findings = findings
        return inspection
    }

    private static func add(_ header: VectorFileHeader, _ inspection: inout FileInspection) {
        inspection.add("version", VectorFileHeader.version)
        inspection.add("dimension", header.dimension)
        inspection.add("element type", header.elementType.name)
        inspection.add("vector count", header.vectorCount)
        inspection.add("free-list offset", header.freeListOffset)
        inspection.add("free blocks", header.freeCount)
        inspection.add("index offset", header.indexOffset)
        inspection.add("index bytes", header.indexLength)
        inspection.add("block stride", header.layout.stride)
        inspection.add("data offset", VectorFileLayout.dataOffset)
        inspection.add("capacity", header.capacity)
        inspection.add("slots used", header.slotsUsed)
        inspection.add("file id", header.fileID.description)
        inspection.add("closed cleanly", header.isClean)
        inspection.add("checkpoint sequence", header.checkpointSequence)
        inspection.add("bytes of long ids", header.overflowBytes)
    }

    private func inspectSlots(_ limit: Int, _ inspection: inout FileInspection, _ findings: inout FindingList) {
        var listing = FileInspection.Listing("rows", columns: ["ordinal", "offset", "sequence", "state", "id", "values"])
        var (rows, deleted, empty, damaged) = (0, 0, 0, 0)
        for ordinal in 0..<header.slotsUsed {
            switch slot(ordinal) {
            case .empty: empty += 1
            case .damaged(let error):
                damaged += 1
                findings.add(Finding(error, file: path))
            case .row(let id, let sequence, let isDeleted):
                if isDeleted { deleted += 1 } else { rows += 1 }
                guard listing.rows.count < limit else { continue }
                let values = ((try? values(of: ordinal)) ?? []).prefix(4).map { String($0) }.joined(separator: " ")
                listing.rows.append([
                    .integer(Int64(ordinal)), .integer(Int64(offset(of: ordinal))), .integer(Int64(clamping: sequence)),
                    .string(isDeleted ? "deleted" : "row"), .string(id.text), .string(dimension > 4 ? values + " …" : values),
                ])
            }
        }
        listing.total = rows + deleted
        inspection.add("rows not marked deleted", rows)
        inspection.add("rows marked deleted", deleted)
        inspection.add("empty or free slots", empty)
        inspection.add("damaged blocks", damaged)
        inspection.listing = listing
    }

    /// What a file of long ids says. Its entries are checked through the rows that they belong to.
    package static func inspectLongIDs(_ path: String) throws(JadeError) -> FileInspection {
        var inspection = FileInspection("long ids", path)
        let bytes = try ReadOnlyFileSystem().readFile(path, limit: Limits.maximumWholeFileBytes)
        try bytes.withRawBytes { (raw) throws(JadeError) in
            var reader = ByteReader(raw, file: path)
            _ = try reader.read(UInt32.self)
            let version = try reader.read(UInt32.self)
            let fileID = try reader.readUniqueID()
            try OverflowIDs.checkHeader(Array(bytes.prefix(OverflowIDs.headerBytes)), path, fileID)
            inspection.add("version", version)
            inspection.add("file id", fileID.description)
            inspection.add("file bytes", bytes.count)
            _ = try reader.readBytes(8)
            var entries = 0
            while reader.remaining > 0 {
                let count = Int(try reader.read(UInt32.self))
                guard count <= Limits.maximumIDBytes else {
                    throw reader.corrupted(back: 4, expected: "an id of at most \(Limits.maximumIDBytes) bytes", found: "\(count)")
                }
                _ = try reader.readBytes(4 + count)
                entries += 1
            }
            inspection.add("entries", entries)
        }
        return inspection
    }
}
