internal import JadeCore

extension Neighbor {
    /// Closest first, ties by ordinal: the one order of results.
    @inline(__always)
    package var key: UInt64 { CandidatePool.key(distance: distance, ordinal: ordinal) }
}
