package import JadeCore
import JadeIO
import JadeKernels
import Synchronization

extension MemoryMappedVectorStore {
    /// Takes the file into use: the clean mark and the index area go, durably, before anything else changes.
    ///
    /// Read ``readLiveBitmap()`` before. Required once after opening; `create`d files need it too.
    package func beginWriting() throws(JadeError) {
        try changing { (state) throws(JadeError) in
            if state.isWriting { return }
            if state.header.isClean || headerCopiesDiffer {
                state.header.isClean = false
                state.header.indexOffset = 0
                state.header.indexLength = 0
                try storeHeaderOrFail(state.header, &state)
            }
            // Whatever stands behind the last block must be zeros when the file grows over it again: a head of all
            // zeros is an empty slot.
            try file.shrink(to: layout.dataEnd(capacity: state.header.capacity))
            state.isWriting = true
        }
    }

    /// Makes room for ordinals below `slots`, in doubling steps unless `exactly` says that no more will come.
    /// `resourceExhausted` when the disk is full, with the file as it was; `tooLarge` beyond the limit of a shard.
    package func reserve(slots: Int, exactly: Bool = false) throws(JadeError) {
        if slots <= capacity { return }
        guard slots <= Limits.maximumVectorsPerShard else {
            throw .tooLarge("\(slots) vectors in one shard, the limit is \(Limits.maximumVectorsPerShard)")
        }
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            let wanted = exactly ? slots : grownCapacity(from: state.header.capacity, atLeast: slots)
            var header = state.header
            do throws(JadeError) {
                try file.grow(to: layout.dataEnd(capacity: wanted))
                header.capacity = wanted
            } catch {
                // A disk or reservation too full for a generous step may still hold what is needed now.
                guard error.code == .resourceExhausted, wanted > slots else { throw error }
                try file.grow(to: layout.dataEnd(capacity: slots))
                header.capacity = slots
            }
            try storeHeaderOrFail(header, &state)
            state.header = header
            slotCapacity.store(header.capacity, ordering: .releasing)
        }
    }

    private func grownCapacity(from capacity: Int, atLeast slots: Int) -> Int {
        let current = layout.dataEnd(capacity: capacity)
        let step = min(max(current, Limits.vectorFileMinimumGrowthBytes), Limits.vectorFileGrowthBytes)
        let fitting = (current + step - VectorFileLayout.dataOffset) / layout.stride
        return min(max(slots, fitting), Limits.maximumVectorsPerShard)
    }

    /// Writes one row. Redoing it with the same arguments gives the same row.
    ///
    /// `values` holds as many finite components as the dimension. The slot must have been reserved and nobody may be
    /// reading it: it is new, or free since before the last checkpoint. Not durable until ``sync(ordinals:)`` or a
    /// checkpoint.
    package func write(
        ordinal: Int, id: VectorID, sequence: UInt64, values: UnsafeBufferPointer<Float>
    ) throws(JadeError) {
        try write(ordinal: ordinal, id: id, sequence: sequence, values: UnsafeRawBufferPointer(values))
    }

    /// The same from the little-endian bytes of the f32 components, at any alignment, as a log record holds them.
    package func write(
        ordinal: Int, id: VectorID, sequence: UInt64, values: UnsafeRawBufferPointer
    ) throws(JadeError) {
        guard values.count == 4 * dimension else {
            throw .invalidArgument("vector \"\(id)\" has \(values.count) bytes of values, \"\(path)\" expects \(4 * dimension)")
        }
        let head = try head(of: ordinal)
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            state.header.slotsUsed = max(state.header.slotsUsed, ordinal + 1)
        }
        var text = id.text
        let idBytes = text.utf8.count
        var flags: BlockFlags = id.isInteger ? [.occupied, .integerID] : .occupied
        var link: UInt64 = 0
        if idBytes > BlockHead.inlineIDBytes {
            link = try overflow.append(Array(text.utf8), ordinal: ordinal, sequence: sequence)
            flags.insert(.overflowID)
        }
        // Inside the block: the head's offsets end at 64 and values plus padding at the stride.
        codec.encode(unaligned: values.baseAddress!, into: head.values)
        let stored = layout.valueBytes
        let padding = layout.stride - VectorFileLayout.headBytes - stored
        (head.values + stored).initializeMemory(as: UInt8.self, repeating: 0, count: padding)
        text.withUTF8 { utf8 in
            storeID(
                UnsafeRawBufferPointer(utf8), head, isInteger: id.isInteger, sequence,
                UnsafeRawBufferPointer(start: head.values, count: stored))
        }
        head.store(UInt16(idBytes), at: BlockHead.idLengthOffset)
        head.store(UInt32(dimension), at: BlockHead.dimensionOffset)
        head.store(sequence, at: BlockHead.sequenceOffset)
        head.store(link, at: BlockHead.linkOffset)
        head.storeFlags(flags)
    }

    private func storeID(
        _ id: UnsafeRawBufferPointer, _ head: BlockHead, isInteger: Bool, _ sequence: UInt64, _ values: UnsafeRawBufferPointer
    ) {
        let inline = min(id.count, BlockHead.inlineIDBytes)
        let place = head.address + BlockHead.idOffset
        place.copyMemory(from: id.baseAddress!, byteCount: inline)
        (place + inline).initializeMemory(as: UInt8.self, repeating: 0, count: BlockHead.inlineIDBytes - inline)
        let checksum = blockChecksum(id: id, isInteger: isInteger, dimension: dimension, sequence: sequence, values: values)
        head.store(checksum, at: BlockHead.checksumOffset)
    }

    /// The head of a slot that exists.
    func head(of ordinal: Int) throws(JadeError) -> BlockHead {
        guard ordinal >= 0, ordinal < capacity else {
            throw .internal("ordinal \(ordinal) of \"\(path)\", which has room for \(capacity)")
        }
        return BlockHead(address: file.base + layout.offset(of: ordinal))
    }

    /// Runs a change under the writer's lock, unless an earlier one has lost touch with the disk.
    func changing<Value>(_ body: (inout State) throws(JadeError) -> Value) throws(JadeError) -> Value {
        let result: Result<Value, JadeError> = state.withLock { state in
            if let failure = state.failure {
                return .failure(.unavailable("\"\(path)\" takes no writes after a failed sync: \(failure.message)"))
            }
            do throws(JadeError) { return .success(try body(&state)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    func requireWriting(_ state: State) throws(JadeError) {
        if !state.isWriting { throw .internal("\"\(path)\" is written to before beginWriting or after finish") }
    }
}
