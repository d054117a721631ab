package import JadeCore
import JadeIO
import Synchronization

// Disk space of rows that are gone. Slots whose extent is free as a whole leave the free list, and the extent's blocks go
// back to the disk: it reads as slots that were never written. The free list brings them back when it needs them.
extension MemoryMappedVectorStore {
    /// Gives back the disk blocks of extents in which every slot is free; how many bytes.
    ///
    /// After a checkpoint that has released the slots, and not before: until then the log may write them again. Where the
    /// file system gives nothing back the slots stay as they are.
    ///
    /// Complexity: a look at each free slot, if there are others than at the last call.
    @discardableResult
    package func giveBackSpace() throws(JadeError) -> Int {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            if state.freeSlots.count == state.consideredSlots { return 0 }
            defer { state.consideredSlots = state.freeSlots.count }
            var counts: [Int: Int] = [:]
            for slot in state.freeSlots { counts[Int(slot) / layout.extentSlots, default: 0] += 1 }
            var given: Set<Int> = []
            for extent in counts.keys.sorted() where counts[extent] == layout.extentSlots {
                do throws(JadeError) { try file.discard(layout.bytes(ofExtent: extent)) } catch { break }
                given.insert(extent)
            }
            guard !given.isEmpty else { return 0 }
            state.freeSlots.removeAll { given.contains(Int($0) / layout.extentSlots) }
            state.listedSlots = Set(state.freeSlots).union(state.releasedSlots)
            state.chainedSlots = 0
            state.hollowExtents.formUnion(given)
            return given.count * layout.extentSlots * layout.stride
        }
    }

    /// Brings the slots of a hollow extent back into the free list; false if there is none, or the disk has no room for it.
    func refill(_ state: inout State) -> Bool {
        guard let extent = state.hollowExtents.min() else { return false }
        do throws(JadeError) { try file.allocate(layout.bytes(ofExtent: extent)) } catch { return false }
        state.hollowExtents.remove(extent)
        let slots = (extent * layout.extentSlots)..<((extent + 1) * layout.extentSlots)
        for slot in slots.reversed() {
            // Below the capacity, as the extent was when it was given back.
            let head = BlockHead(address: file.base + layout.offset(of: slot))
            head.store(UInt32(dimension), at: BlockHead.dimensionOffset)
            head.storeFlags([.occupied, .deleted, .free])
            state.freeSlots.append(UInt32(slot))
            state.listedSlots.insert(UInt32(slot))
        }
        return true
    }

    /// Takes blocks for the extent of a slot that the log writes again: a power cut may have kept the log and lost the blocks.
    package func fillIn(slot: Int) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            guard isHollow(slot, state) else { return }
            try file.allocate(layout.bytes(ofExtent: slot / layout.extentSlots))
            state.hollowExtents.remove(slot / layout.extentSlots)
        }
    }

    /// Looks where a file that was opened has no blocks, and takes blocks for the rows to come: a full disk has to be met
    /// before anything is stored.
    func findHollowExtents() throws(JadeError) {
        let header = state.withLock { $0.header }
        let extents = header.slotsUsed / layout.extentSlots
        var hollow: Set<Int> = []
        for extent in 0..<extents where try !file.hasData(layout.bytes(ofExtent: extent)) { hollow.insert(extent) }
        let end = layout.dataEnd(capacity: header.capacity)
        try file.allocate(layout.offset(of: extents * layout.extentSlots)..<end)
        state.withLock { $0.hollowExtents = hollow }
    }

    /// Whether a slot lies where the file has no blocks.
    func isHollow(_ ordinal: Int, _ state: State) -> Bool { state.hollowExtents.contains(ordinal / layout.extentSlots) }
}
