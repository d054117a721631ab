/// A row found by a search.
public struct Neighbor: Sendable, Hashable {
    public let ordinal: UInt32
    /// Internal distance, smaller is closer; `Metric.score(fromDistance:)` makes the score of it.
    public let distance: Float

    public init(ordinal: UInt32, distance: Float) {
        self.ordinal = ordinal
        self.distance = distance
    }

    /// Closest first, ties by ordinal: the one order of results.
    @inline(__always)
    package var key: UInt64 { CandidatePool.key(distance: distance, ordinal: ordinal) }
}
