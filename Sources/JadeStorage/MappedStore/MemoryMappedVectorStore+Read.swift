package import JadeCore
import JadeIO
import JadeKernels

/// What a slot's head says about it.
package struct SlotSummary: Sendable, Hashable {
    package let ordinal: Int
    package let sequence: UInt64
    /// No search may find it any more.
    package let isDeleted: Bool
    /// Deleted, and nobody may be reading it: it can be written again.
    package let isFree: Bool
}

extension MemoryMappedVectorStore {
    /// The id of a row; corrupted when the slot is empty, free or damaged. Does not look at the values: see
    /// ``verify(ordinal:)``.
    package func id(of ordinal: Int) throws(JadeError) -> VectorID {
        let head = try head(of: ordinal)
        guard let flags = try flags(of: head, ordinal), !flags.contains(.free) else {
            throw corrupted(ordinal, BlockHead.flagsOffset, expected: "a row", found: "an empty slot")
        }
        return try id(of: head, flags, ordinal)
    }

    /// Checks a row's head, id and values against its checksum. Empty and free slots have nothing to check.
    package func verify(ordinal: Int) throws(JadeError) {
        let head = try head(of: ordinal)
        guard let flags = try flags(of: head, ordinal), !flags.contains(.free) else { return }
        try verify(try id(of: head, flags, ordinal), of: ordinal)
    }

    private func verify(_ id: VectorID, of ordinal: Int) throws(JadeError) {
        let head = try head(of: ordinal)
        var text = id.text
        let values = UnsafeRawBufferPointer(start: head.values, count: layout.valueBytes)
        let computed = text.withUTF8 { utf8 in
            blockChecksum(
                id: UnsafeRawBufferPointer(utf8), isInteger: id.isInteger, dimension: dimension, sequence: head.sequence,
                values: values)
        }
        guard head.checksum == computed else {
            throw corrupted(
                ordinal, BlockHead.checksumOffset, expected: "checksum \(hexadecimal(computed))",
                found: hexadecimal(head.checksum))
        }
    }

    /// The id of a row whose id and values match its checksum: for answers, which must not carry damaged data.
    package func verifiedID(of ordinal: Int) throws(JadeError) -> VectorID {
        let id = try id(of: ordinal)
        try verify(id, of: ordinal)
        return id
    }

    /// Checks that a slot holds the row of this id, whole: corrupted when it is another's, empty, free or damaged.
    package func verify(_ id: VectorID, at ordinal: Int) throws(JadeError) {
        let found = try verifiedID(of: ordinal)
        guard found == id else {
            throw corrupted(ordinal, BlockHead.idOffset, expected: "id \"\(id)\"", found: "\"\(found)\"")
        }
    }

    /// Copies a row's values out.
    package func values(of ordinal: Int) throws(JadeError) -> [Float] {
        let head = try head(of: ordinal)
        return codec.decode(head.values)
    }

    /// What a slot is, or nil when it has never been written.
    package func summary(of ordinal: Int) throws(JadeError) -> SlotSummary? {
        let head = try head(of: ordinal)
        guard let flags = try flags(of: head, ordinal) else { return nil }
        return SlotSummary(
            ordinal: ordinal, sequence: head.sequence, isDeleted: flags.contains(.deleted), isFree: flags.contains(.free))
    }

    /// Visits every slot that was ever written, in order: how liveness is found again after a crash. Rows whose sequence
    /// number is above the checkpoint's may be unfinished unless the log writes them again.
    package func scanHeads(_ body: (SlotSummary) throws(JadeError) -> Void) throws(JadeError) {
        for ordinal in 0..<capacity {
            if let summary = try summary(of: ordinal) { try body(summary) }
        }
    }

    /// Nil for an empty slot; corrupted for flags or a dimension that no writer stores.
    func flags(of head: BlockHead, _ ordinal: Int) throws(JadeError) -> BlockFlags? {
        let word = head.flagsWord
        if word == 0 { return nil }
        guard let flags = BlockFlags(word: word) else {
            throw corrupted(ordinal, BlockHead.flagsOffset, expected: "flags and their complement", found: hexadecimal(word))
        }
        guard head.dimension == dimension else {
            throw corrupted(ordinal, BlockHead.dimensionOffset, expected: "dimension \(dimension)", found: "\(head.dimension)")
        }
        return flags
    }

    private func id(of head: BlockHead, _ flags: BlockFlags, _ ordinal: Int) throws(JadeError) -> VectorID {
        let count = head.idLength
        let isLong = flags.contains(.overflowID)
        let bounds = isLong ? (BlockHead.inlineIDBytes + 1)...Limits.maximumIDBytes : 1...BlockHead.inlineIDBytes
        guard bounds.contains(count) else {
            throw corrupted(ordinal, 0, expected: "an id of \(bounds.lowerBound) to \(bounds.upperBound) bytes", found: "\(count)")
        }
        let inline = head.inlineID(count: count)
        var text: String?
        if isLong {
            let bytes = try overflow.read(at: head.link, count: count, ordinal: ordinal, sequence: head.sequence)
            guard bytes.prefix(inline.count).elementsEqual(inline) else {
                throw corrupted(ordinal, BlockHead.idOffset, expected: "the first bytes of the long id", found: "others")
            }
            text = String(validating: bytes, as: UTF8.self)
        } else {
            text = String(validating: inline, as: UTF8.self)
        }
        guard let text else { throw corrupted(ordinal, BlockHead.idOffset, expected: "an id in UTF-8", found: "other bytes") }
        return VectorID(uncheckedText: text, isInteger: flags.contains(.integerID))
    }

    func corrupted(_ ordinal: Int, _ offset: Int, expected: String, found: String) -> JadeError {
        .corrupted(file: path, offset: layout.offset(of: ordinal) + offset, expected: expected, found: found)
    }
}
