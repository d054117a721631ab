package import JadeCore
import JadeIO
import Synchronization

extension MemoryMappedVectorStore {
    /// Makes the rows of a range of slots durable, with the long ids of all. Writes go on meanwhile: called before
    /// ``checkpoint(vectorCount:sequence:)`` it leaves that one little to do.
    package func sync(ordinals: Range<Int>) throws(JadeError) {
        guard ordinals.lowerBound >= 0, ordinals.upperBound <= capacity else {
            throw .internal("sync of slots \(ordinals) of \"\(path)\", which has room for \(capacity)")
        }
        try changing { (state) throws(JadeError) in try requireWriting(state) }
        do throws(JadeError) {
            try overflow.sync()
            try file.sync(layout.offset(of: ordinals.lowerBound)..<layout.offset(of: ordinals.upperBound))
        } catch {
            state.withLock { if $0.failure == nil { $0.failure = error } }
            throw error
        }
    }

    /// Makes all rows durable and then the header that vouches for them: after this, and not before, the log may forget
    /// everything up to `sequence`.
    package func checkpoint(vectorCount: Int, sequence: UInt64) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            try checkpoint(&state, vectorCount: vectorCount, sequence: sequence)
        }
    }

    /// A last checkpoint with the index area behind the rows, then the clean mark. The store takes no writes afterwards
    /// unless ``beginWriting()`` is called again.
    ///
    /// - Parameter live: bit n of word n / 64 says whether slot n holds a live row; as many words as ``slotsUsed`` needs.
    package func finish(live: [UInt64], vectorCount: Int, sequence: UInt64) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            try checkpoint(&state, vectorCount: vectorCount, sequence: sequence)
            let area = try indexArea(live, &state)
            try syncOrFail(area, &state)
            var header = state.header
            header.indexOffset = area.lowerBound
            header.indexLength = area.count
            header.isClean = true
            try storeHeaderOrFail(header, &state)
            state.header = header
            state.isWriting = false
        }
    }

    private func indexArea(_ live: [UInt64], _ state: inout State) throws(JadeError) -> Range<Int> {
        do throws(JadeError) { return try writeIdentifierMap(live: live, state.header) } catch {
            // What is left behind the rows would be taken for rows if the file grew over it.
            do throws(JadeError) { try file.shrink(to: layout.dataEnd(capacity: state.header.capacity)) } catch {
                state.failure = error
            }
            throw error
        }
    }

    private func checkpoint(_ state: inout State, vectorCount: Int, sequence: UInt64) throws(JadeError) {
        chainFreeSlots(&state)
        try syncOrFail(VectorFileLayout.dataOffset..<layout.dataEnd(capacity: state.header.capacity), &state)
        var header = state.header
        header.vectorCount = vectorCount
        header.checkpointSequence = sequence
        header.overflowBytes = overflow.size
        header.freeCount = state.freeSlots.count
        header.freeListOffset = state.freeSlots.last.map { UInt64(layout.offset(of: Int($0))) } ?? 0
        guard vectorCount >= 0, vectorCount <= header.slotsUsed - header.freeCount else {
            throw .internal("checkpoint of \(vectorCount) vectors in \(header.slotsUsed) slots, \(header.freeCount) of them free")
        }
        try storeHeaderOrFail(header, &state)
        state.header = header
    }

    private func syncOrFail(_ range: Range<Int>, _ state: inout State) throws(JadeError) {
        do throws(JadeError) {
            try overflow.sync()
            try file.sync(range)
        } catch {
            state.failure = error
            throw error
        }
    }

    func storeHeaderOrFail(_ header: VectorFileHeader, _ state: inout State) throws(JadeError) {
        do throws(JadeError) { try storeHeader(header) } catch {
            state.failure = error
            throw error
        }
    }

    /// Stores both copies, the second first and synced in between: whenever the machine stops, one of them is whole.
    func storeHeader(_ header: VectorFileHeader) throws(JadeError) {
        let bytes = header.encoded()
        for offset in [VectorFileLayout.headerCopyOffset, 0] {
            // Inside the header page, which every open file has.
            bytes.withUnsafeBytes { (file.base + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
            try file.sync(offset..<(offset + bytes.count))
        }
    }
}
