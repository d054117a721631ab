package import JadeCore
import JadeIO
import Synchronization

extension MemoryMappedVectorStore {
    /// Marks rows as deleted; their values stay readable, for a graph that still walks over them. Part of a checkpoint:
    /// until it is written, the log and the metadata say what is deleted.
    package func markDeleted(_ ordinals: some Sequence<Int>) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            for ordinal in ordinals where !isHollow(ordinal, state) {
                let head = try head(of: ordinal)
                // One that never reached the disk is empty, and stays so.
                guard let flags = try flags(of: head, ordinal) else { continue }
                if !flags.contains(.free) {
                    head.storeFlags(flags.union(.deleted))
                } else if !state.listedSlots.contains(UInt32(ordinal)) {
                    // Of a free list that is not trusted: nobody knows what it holds.
                    head.storeEmpty()
                }
            }
        }
    }

    /// Gives slots back: deleted if they were not yet, chained into the free list by the next checkpoint, and given out after
    /// it. Releasing a free slot again changes nothing.
    ///
    /// Nobody may read them any more, and their deaths must be part of a complete checkpoint, whatever is on the disk of the heads
    /// that change here.
    package func release(_ ordinals: some Sequence<Int>) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            for ordinal in ordinals where !isHollow(ordinal, state) {
                let head = try head(of: ordinal)
                let flags = try flags(of: head, ordinal) ?? []
                guard state.listedSlots.insert(UInt32(ordinal)).inserted else { continue }
                markFree(head, flags, &state)
                state.releasedSlots.append(UInt32(ordinal))
            }
        }
    }

    /// A slot to write again, or nil when none is free. The caller writes it, or gives it back by ``release(_:)`` after
    /// writing; one that is never written is found again by ``setFreeSlots(_:)``.
    ///
    /// The last checkpoint has stored that it is free: until another has stored its row, nothing of what it holds counts, so
    /// that a row may reach the disk in any pieces.
    package func takeFreeSlot() throws(JadeError) -> Int? {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            if state.freeSlots.isEmpty, !refill(&state) { return nil }
            guard let slot = state.freeSlots.popLast().map(Int.init) else { return nil }
            state.chainedSlots = min(state.chainedSlots, state.freeSlots.count)
            // Its head says that it is free until it is written: whatever moment the machine stops at, nobody takes it for a row.
            state.listedSlots.remove(UInt32(slot))
            return slot
        }
    }

    /// A slot that was taken but never reached the disk is empty: it gets a head so that the chain can stand.
    private func markFree(_ head: BlockHead, _ flags: BlockFlags, _ state: inout State) {
        if flags.contains(.overflowID) { state.freedIDBytes += head.idLength }
        head.store(UInt32(dimension), at: BlockHead.dimensionOffset)
        head.storeFlags(flags.union([.occupied, .deleted, .free]).subtracting(.overflowID))
    }

    /// The slots that ``takeFreeSlot()`` can give, but for hollow ones.
    package var freeSlots: [UInt32] { state.withLock { $0.freeSlots } }

    /// How many it can give, hollow ones included.
    package var freeSlotCount: Int {
        state.withLock { $0.freeSlots.count + $0.hollowExtents.count * layout.extentSlots }
    }

    /// The slots of extents without blocks, in order.
    package var hollowSlots: [Range<UInt32>] {
        let extents = state.withLock { $0.hollowExtents.sorted() }
        return extents.map { UInt32($0 * layout.extentSlots)..<UInt32(($0 + 1) * layout.extentSlots) }
    }

    /// Replaces the free list by what recovery found: after a crash the chain on disk may lead through reused slots. A
    /// cleanly closed file brings its list along.
    package func setFreeSlots(_ ordinals: [Int]) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            let ordinals = ordinals.filter { !isHollow($0, state) }
            for ordinal in ordinals {
                let head = try head(of: ordinal)
                markFree(head, try flags(of: head, ordinal) ?? [], &state)
                state.header.slotsUsed = max(state.header.slotsUsed, ordinal + 1)
            }
            state.freeSlots = ordinals.map { UInt32($0) }
            state.releasedSlots = []
            state.listedSlots = Set(state.freeSlots)
            state.chainedSlots = 0
        }
    }

    /// The free list as the last checkpoint chained it, first block first. Only meaningful right after a checkpoint and
    /// in a cleanly closed file. Corrupted when the chain leaves the file, meets a row, or is not as long as the header
    /// says (which a circle isn't either).
    package func freeList() throws(JadeError) -> [UInt32] {
        let header = header
        var list: [UInt32] = []
        var next = header.freeListOffset
        var source = 20
        while next != 0 {
            guard list.count < header.freeCount else {
                throw .corrupted(file: path, offset: source, expected: "the end of \(header.freeCount) free blocks", found: "\(next)")
            }
            guard let ordinal = layout.ordinal(at: next), ordinal < header.capacity else {
                throw .corrupted(file: path, offset: source, expected: "a block's offset", found: "\(next)")
            }
            let head = try head(of: ordinal)
            guard let flags = try flags(of: head, ordinal), flags.contains(.free) else {
                throw corrupted(ordinal, BlockHead.flagsOffset, expected: "a free block", found: hexadecimal(head.flagsWord))
            }
            list.append(UInt32(ordinal))
            source = layout.offset(of: ordinal) + BlockHead.linkOffset
            next = head.link
        }
        guard list.count == header.freeCount else {
            throw .corrupted(file: path, offset: source, expected: "\(header.freeCount) free blocks", found: "\(list.count)")
        }
        return list
    }

    /// Links what was released since the last checkpoint. Blocks below ``State/chainedSlots`` keep their links, so that
    /// a checkpoint touches only what changed. From the sync on that follows, all of them may be written.
    func chainFreeSlots(_ state: inout State) {
        state.freeSlots += state.releasedSlots
        state.releasedSlots = []
        for index in state.chainedSlots..<state.freeSlots.count {
            let below = index == 0 ? 0 : UInt64(layout.offset(of: Int(state.freeSlots[index - 1])))
            // Free slots come from `release` and `setFreeSlots`, which have checked them against the capacity.
            BlockHead(address: file.base + layout.offset(of: Int(state.freeSlots[index])))
                .store(below, at: BlockHead.linkOffset)
        }
        state.chainedSlots = state.freeSlots.count
    }
}
