/// How far apart two vectors are.
///
/// Inside the engine every metric becomes a *distance* (smaller is closer); at every door it is shown as a *score* in
/// the metric's own sense (``score(fromDistance:)``).
public enum Metric: String, Sendable, Hashable, CaseIterable, Codable {
    /// Distance `1 - a·b / (|a| |b|)`, score the cosine itself. A zero vector has distance 1 to everything.
    case cosine
    /// Distance the squared Euclidean distance, score its square root.
    case euclidean
    /// Distance `-a·b`, score the dot product.
    case dot
    /// Distance and score the sum of absolute differences.
    case manhattan
    /// Distance and score the number of bits that differ.
    case hamming
    /// Distance and score one minus the share of common bits among those that either has; 0 when neither has any.
    case jaccard

    /// Whether a larger score is a closer vector.
    public var largerIsCloser: Bool { self == .cosine || self == .dot }

    /// The score that users see for an internal distance.
    public func score(fromDistance distance: Float) -> Float {
        switch self {
        case .cosine: 1 - distance
        case .euclidean: max(distance, 0).squareRoot()
        case .dot: -distance
        case .manhattan, .hamming, .jaccard: distance
        }
    }

    /// Whether a score is as close as another, or closer.
    public func isWithin(_ score: Float, _ bound: Float) -> Bool { largerIsCloser ? score >= bound : score <= bound }

    /// The internal distance of a score; the inverse of ``score(fromDistance:)``.
    public func distance(fromScore score: Float) -> Float {
        switch self {
        case .cosine: 1 - score
        case .euclidean: score * score
        case .dot: -score
        case .manhattan, .hamming, .jaccard: score
        }
    }
}
