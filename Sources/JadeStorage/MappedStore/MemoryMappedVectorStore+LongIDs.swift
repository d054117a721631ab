package import JadeCore
import JadeIO
import Synchronization

extension MemoryMappedVectorStore {
    /// Gives back the disk blocks of `vectors.ids` that only ids of free slots stand in; how many bytes are holes then.
    ///
    /// After a checkpoint that has made the slots free, and not before: until then a machine that stops leaves rows that need their ids.
    /// An id never moves, so a page stays as long as one of its ids does.
    ///
    /// Complexity: a look at the head of every slot, once the ids of free slots are a page, a quarter of all, and a byte for each slot.
    @discardableResult
    package func giveBackIDs() throws(JadeError) -> Int {
        try changing { (state) throws(JadeError) in
            let worthALook = max(systemPageBytes, state.keptIDBytes / 4, state.header.slotsUsed)
            guard state.freedIDBytes >= worthALook, let kept = longIDs(state) else { return 0 }
            // Where the file system gives nothing back the ids stay as they are.
            guard let given = try? overflow.discard(allBut: kept) else { return 0 }
            (state.freedIDBytes, state.keptIDBytes) = (0, overflow.size - given)
            return given
        }
    }

    /// Where the ids of all slots that are not free stand; nil where a head is damaged, as its id would be missing.
    private func longIDs(_ state: State) -> [Range<UInt64>]? {
        var entries: [Range<UInt64>] = []
        for ordinal in 0..<state.header.slotsUsed where !isHollow(ordinal, state) {
            // Below the slots used, which are mapped.
            let head = BlockHead(address: file.base + layout.offset(of: ordinal))
            if head.flagsWord == 0 { continue }
            guard let flags = BlockFlags(word: head.flagsWord) else { return nil }
            guard flags.contains(.overflowID) else { continue }
            guard head.link < UInt64(overflow.size) else { return nil }
            entries.append(OverflowIDs.entry(at: head.link, idBytes: head.idLength))
        }
        return entries
    }
}
