package import JadeCore
import JadeIO
import JadeKernels

/// The index area behind the rows of a cleanly closed file: the id of every live row with its block's offset, the live
/// bitmap, and a trailer with the counts and checksums of both.
private enum IndexArea {
    static let trailerMagic: UInt32 = 0x5041_4D4A  // "JMAP"
    static let trailerBytes = 48
}

/// What the trailer says, checked against the area it ends.
private struct IndexTrailer {
    var entries = 0
    var entryBytes = 0
    var words = 0
    var entryChecksum: UInt32 = 0
    var wordChecksum: UInt32 = 0

    func encoded() -> [UInt8] {
        var writer = ByteWriter(reserving: IndexArea.trailerBytes)
        writer.append(IndexArea.trailerMagic)
        writer.append(entryChecksum)
        writer.append(UInt64(entries))
        writer.append(UInt64(entryBytes))
        writer.append(UInt64(words))
        writer.append(wordChecksum)
        writer.appendZeros(upTo: IndexArea.trailerBytes - 4)
        writer.append(writer.bytes.withUnsafeBytes { CRC32C.checksum($0) })
        return writer.bytes
    }

    init() {}

    init(_ raw: UnsafeRawBufferPointer, file: String, start: Int) throws(JadeError) {
        var reader = ByteReader(raw, file: file, start: start)
        let stored: UInt32 = raw.baseAddress!.number(at: IndexArea.trailerBytes - 4)
        let computed = CRC32C.checksum(UnsafeRawBufferPointer(rebasing: raw[..<(IndexArea.trailerBytes - 4)]))
        guard stored == computed else {
            throw .corrupted(
                file: file, offset: start + IndexArea.trailerBytes - 4, expected: "checksum \(hexadecimal(computed))",
                found: hexadecimal(stored))
        }
        let magic = try reader.read(UInt32.self)
        guard magic == IndexArea.trailerMagic else {
            throw reader.corrupted(back: 4, expected: "the magic \"JMAP\"", found: hexadecimal(magic))
        }
        entryChecksum = try reader.read()
        entries = Int(clamping: try reader.read(UInt64.self))
        entryBytes = Int(clamping: try reader.read(UInt64.self))
        words = Int(clamping: try reader.read(UInt64.self))
        wordChecksum = try reader.read()
    }
}

extension MemoryMappedVectorStore {
    /// Writes the index area behind the rows; the caller syncs it and then enters it in the header.
    func writeIdentifierMap(live: [UInt64], _ header: VectorFileHeader) throws(JadeError) -> Range<Int> {
        guard live.count == (header.slotsUsed + 63) / 64, live.reduce(0, { $0 + $1.nonzeroBitCount }) == header.vectorCount else {
            throw .internal("live bitmap of \(live.count) words for \(header.vectorCount) vectors in \(header.slotsUsed) slots")
        }
        var trailer = IndexTrailer()
        try forEachLive(live) { (ordinal) throws(JadeError) in
            trailer.entries += 1
            trailer.entryBytes += 4 + (try head(of: ordinal)).idLength + 8
        }
        trailer.words = live.count
        let start = layout.dataEnd(capacity: header.capacity)
        let wordsStart = start + trailer.entryBytes.roundedUp(to: 8)
        let end = wordsStart + live.count * 8 + IndexArea.trailerBytes
        try file.grow(to: end)
        try writeEntries(live, at: start, end: start + trailer.entryBytes)
        for (index, word) in live.enumerated() {
            (file.base + wordsStart).storeBytes(of: word.littleEndian, toByteOffset: index * 8, as: UInt64.self)
        }
        trailer.entryChecksum = CRC32C.checksum(mapped(start..<(start + trailer.entryBytes)))
        trailer.wordChecksum = CRC32C.checksum(mapped(wordsStart..<(end - IndexArea.trailerBytes)))
        trailer.encoded().withUnsafeBytes {
            (file.base + end - IndexArea.trailerBytes).copyMemory(from: $0.baseAddress!, byteCount: $0.count)
        }
        return start..<end
    }

    private func writeEntries(_ live: [UInt64], at start: Int, end: Int) throws(JadeError) {
        var offset = start
        try forEachLive(live) { (ordinal) throws(JadeError) in
            var text = try id(of: ordinal).text
            let count = text.utf8.count
            // Lengths were summed from the same heads; one that changed in between must not write past the area.
            guard offset + 12 + count <= end else { throw .internal("index area of \"\(path)\" is too short") }
            file.base.storeBytes(of: UInt32(count).littleEndian, toByteOffset: offset, as: UInt32.self)
            text.withUTF8 { (file.base + offset + 4).copyMemory(from: $0.baseAddress!, byteCount: count) }
            let block = UInt64(layout.offset(of: ordinal))
            file.base.storeBytes(of: block.littleEndian, toByteOffset: offset + 4 + count, as: UInt64.self)
            offset += 12 + count
        }
    }

    private func forEachLive(
        _ live: [UInt64], _ body: (Int) throws(JadeError) -> Void
    ) throws(JadeError) {
        for (index, word) in live.enumerated() {
            var rest = word
            while rest != 0 {
                try body(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
    }

    /// The live bitmap of a cleanly closed file: bit n of word n / 64 is slot n. Valid until ``beginWriting()``.
    package func readLiveBitmap() throws(JadeError) -> [UInt64] {
        let (trailer, area) = try indexTrailer()
        let start = area.upperBound - IndexArea.trailerBytes - trailer.words * 8
        let raw = mapped(start..<(start + trailer.words * 8))
        try compare(trailer.wordChecksum, CRC32C.checksum(raw), area.upperBound - 16)
        let words = (0..<trailer.words).map { raw.baseAddress!.number(at: $0 * 8, as: UInt64.self) }
        let header = header
        let count = words.reduce(0) { $0 + $1.nonzeroBitCount }
        // A bit behind the last used slot would name a row that does not exist.
        let surplus = words.count * 64 - header.slotsUsed
        guard count == header.vectorCount, (words.last ?? 0).leadingZeroBitCount >= surplus else {
            throw .corrupted(file: path, offset: start, expected: "\(header.vectorCount) live vectors", found: "\(count)")
        }
        return words
    }

    /// The id and ordinal of every live row, in the order of ordinals, from the index area of a cleanly closed file.
    package func readIdentifierMap(
        _ body: (String, Int) throws(JadeError) -> Void
    ) throws(JadeError) {
        let (trailer, area) = try indexTrailer()
        let raw = mapped(area.lowerBound..<(area.lowerBound + trailer.entryBytes))
        try compare(trailer.entryChecksum, CRC32C.checksum(raw), area.upperBound - IndexArea.trailerBytes + 4)
        var reader = ByteReader(raw, file: path, start: area.lowerBound)
        for _ in 0..<trailer.entries {
            let bytes = try reader.readBytes(Int(try reader.read(UInt32.self)))
            let offset = try reader.read(UInt64.self)
            guard let ordinal = layout.ordinal(at: offset), ordinal < slotsUsed,
                let text = String(validating: bytes, as: UTF8.self)
            else { throw reader.corrupted(back: 8, expected: "an id and its block's offset", found: "\(offset)") }
            try body(text, ordinal)
        }
    }

    private func indexTrailer() throws(JadeError) -> (trailer: IndexTrailer, area: Range<Int>) {
        let header = header
        guard header.isClean else { throw .unavailable("\"\(path)\" was not closed cleanly and has no index area") }
        // A header that is only surveyed may say anything.
        guard header.indexLength <= file.length, header.indexOffset <= file.length - header.indexLength else {
            throw .corrupted(
                file: path, offset: 28, expected: "an index area within \(file.length) bytes",
                found: "\(header.indexLength) bytes at \(header.indexOffset)")
        }
        let area = header.indexOffset..<(header.indexOffset + header.indexLength)
        guard area.count >= IndexArea.trailerBytes else {
            throw .corrupted(
                file: path, offset: 96, expected: "at least \(IndexArea.trailerBytes) bytes of index", found: "\(area.count)")
        }
        let start = area.upperBound - IndexArea.trailerBytes
        let trailer = try IndexTrailer(mapped(start..<area.upperBound), file: path, start: start)
        let words = (header.slotsUsed + 63) / 64
        let fits = trailer.words == words && trailer.entries == header.vectorCount && trailer.entryBytes <= area.count
            && trailer.entryBytes.roundedUp(to: 8) + words * 8 + IndexArea.trailerBytes == area.count
        guard fits else {
            throw .corrupted(
                file: path, offset: start, expected: "\(header.vectorCount) entries and \(words) words in \(area.count) bytes",
                found: "\(trailer.entries) entries of \(trailer.entryBytes) bytes and \(trailer.words) words")
        }
        return (trailer, area)
    }

    private func compare(_ stored: UInt32, _ computed: UInt32, _ offset: Int) throws(JadeError) {
        guard stored == computed else {
            throw .corrupted(file: path, offset: offset, expected: "checksum \(hexadecimal(computed))", found: hexadecimal(stored))
        }
    }

    /// Bytes of the file; the range lies inside because it was checked against the header, and that against the length.
    private func mapped(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: file.base + range.lowerBound, count: range.count)
    }
}
