package import JadeCore
import JadeIO
import Synchronization

extension MemoryMappedVectorStore {
    /// Empties slots of which nobody knows what they hold, once the log has written its rows again after a crash.
    ///
    /// These are the free ones, whose values may be those of any row, the ones behind all rows, and rows younger than the checkpoint
    /// that the log does not have: nobody was promised them, and any part of them may be missing. What stays is whole, as it was at
    /// the checkpoint or as the log has written it, so that a checksum that fails from now on is damage.
    ///
    /// - Parameters:
    ///   - end: slots below it have been given out.
    ///   - checkpoint: the sequence number of the checkpoint that the log was applied to.
    ///   - isVouchedFor: whether a slot's row lives, or the log wrote it.
    ///
    /// Complexity: a look at the head of each other slot.
    package func emptyUnknownSlots(
        below end: Int, since checkpoint: UInt64, isVouchedFor: (Int) -> Bool
    ) throws(JadeError) {
        try changing { (state) throws(JadeError) in
            try requireWriting(state)
            // A file that was closed has a list: what the log has written may be on it.
            (state.freeSlots, state.releasedSlots, state.listedSlots, state.chainedSlots) = ([], [], [], 0)
            for ordinal in 0..<min(end, state.header.capacity) where !isHollow(ordinal, state) && !isVouchedFor(ordinal) {
                let head = try head(of: ordinal)
                // A head that no writer stores is damage, which stays to be seen.
                guard let flags = BlockFlags(word: head.flagsWord) else { continue }
                if flags.contains(.free) || head.sequence > checkpoint { head.storeEmpty() }
            }
        }
        try emptySlots(from: end)
    }

    /// Looks only where the file has data: behind the rows there is hardly any.
    private func emptySlots(from end: Int) throws(JadeError) {
        var ordinal = end
        while ordinal < capacity {
            let extent = ordinal / layout.extentSlots
            let next = min((extent + 1) * layout.extentSlots, capacity)
            if try file.hasData(layout.offset(of: ordinal)..<layout.offset(of: next)) {
                for slot in ordinal..<next {
                    let head = try head(of: slot)
                    if head.flagsWord != 0 { head.storeEmpty() }
                }
            }
            ordinal = next
        }
    }
}
