internal import JadeKernels

/// When a row came and went, in sequence numbers of its shard. Zero memory is a row that never was.
package struct RowStamp {
    /// The write that made the row visible; 0 while there is none.
    package var born: UInt64
    /// The write that deleted it; 0 while it lives.
    package var died: UInt64
}

/// Which rows a search may return: those alive and unexpired at its snapshot and, with a filter, among the allowed.
///
/// The pointers must stay valid for the search; stamps may change meanwhile (atomically, to later sequence numbers, which
/// this snapshot does not see).
package struct Visibility {
    package var stamps: UnsafeMutablePointer<RowStamp>?
    package var sequence: UInt64
    /// Bitmap by ordinal, as many words as ``allowedWords``; ordinals beyond it are not allowed.
    package var allowed: UnsafePointer<UInt64>?
    package var allowedWords: Int
    /// By ordinal: when a row expires, in milliseconds since 1970, 0 for one that stays. Nil where no row does.
    package var expiries: UnsafePointer<Int64>?
    /// When expiry is judged.
    package var moment: Int64

    package init(
        stamps: UnsafeMutablePointer<RowStamp>?, sequence: UInt64, allowed: UnsafePointer<UInt64>? = nil, allowedWords: Int = 0,
        expiries: UnsafePointer<Int64>? = nil, moment: Int64 = 0
    ) {
        self.stamps = stamps
        self.sequence = sequence
        self.allowed = allowed
        self.allowedWords = allowedWords
        self.expiries = expiries
        self.moment = moment
    }

    @inline(__always)
    package func contains(_ ordinal: UInt32) -> Bool {
        if let allowed {
            let word = Int(ordinal >> 6)
            guard word < allowedWords, (allowed[word] >> UInt64(ordinal & 63)) & 1 == 1 else { return false }
        }
        guard let stamps else { return true }
        let stamp = UnsafeMutableRawPointer(stamps + Int(ordinal)).assumingMemoryBound(to: UInt64.self)
        let born = stamp.loadAcquire()
        guard born != 0, born <= sequence else { return false }
        let died = (stamp + 1).loadAcquire()
        guard died == 0 || died > sequence else { return false }
        guard let expiries else { return true }
        let expiry = expiries[Int(ordinal)]
        return expiry == 0 || expiry > moment
    }
}

extension Visibility {
    /// Allowed rows below `end` that the snapshot sees.
    ///
    /// Complexity: a look at the stamp of each allowed row.
    package func count(below end: Int) -> Int {
        guard let allowed, end > 0 else { return 0 }
        var count = 0
        for word in 0..<min((end + 63) >> 6, allowedWords) {
            var bits = allowed[word]
            while bits != 0 {
                let ordinal = word << 6 + bits.trailingZeroBitCount
                bits &= bits &- 1
                if ordinal < end, contains(UInt32(ordinal)) { count += 1 }
            }
        }
        return count
    }
}
