/// A row found by a search, and how far it is.
public struct Neighbor: Sendable, Hashable {
    public let ordinal: UInt32
    /// Internal distance, smaller is closer; `Metric.score(fromDistance:)` makes the score of it.
    public let distance: Float

    public init(ordinal: UInt32, distance: Float) {
        self.ordinal = ordinal
        self.distance = distance
    }
}
