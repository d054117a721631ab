internal import JadeCore
internal import JadeKernels

/// Which products of a query and a row exclude that the row is among the query's closest: the terms of a screen (`jade_tiles.h`), for
/// rows as they are and for rows as codes. The decision on exact screens (`docs/decisions/`) proves the bounds.
struct ScreenBound {
    let metric: Metric
    /// Room for what sums of `dimension` products in f32 lose, relative to what is added up.
    private let rounding: Double
    /// Room for the few operations of the bar itself.
    static let slack = 0x1p-18

    init(metric: Metric, dimension: Int) {
        self.metric = metric
        rounding = Double(dimension + 64) * 0x1p-21
    }

    /// What is known of a vector: that it is `step * code + rest`, where `code` is whole numbers, or itself (step 1, rest 0).
    struct Facts {
        var step = 1.0
        /// Length of the vector, of the vector before the center was taken from it, of the code and of the rest.
        var length = 0.0
        var uncentered = 0.0
        var codeLength = 0.0
        var rest = 0.0
    }

    /// Terms of a row; all NaN, so that it always passes, where they leave the range of f32.
    func row(_ facts: Facts) -> ScreenTerms.Row {
        let own =
            switch metric {
            case .euclidean: (1 - rounding) * facts.length * facts.length
            case .dot, .cosine: facts.uncentered + facts.length
            // No bound follows from products: every row passes.
            case .manhattan, .hamming, .jaccard: Double.nan
            }
        let inflated = 1 + Self.slack
        return Self.finite(1 / facts.step, own / facts.step, facts.codeLength * inflated, facts.rest / facts.step * inflated)
    }

    /// Terms of a query but the first, which depends on what is the distance to beat.
    func query(_ facts: Facts) -> SIMD4<Float> {
        let inflated = 1 + Self.slack
        let own = metric == .euclidean ? 0.5 : -rounding * facts.uncentered * inflated
        return Self.finite(
            0, own / facts.step, -facts.rest / facts.step * inflated, -facts.length / facts.step * inflated)
    }

    /// The constant of a query, from which the distance to beat is taken: its part of a distance that depends on no row. `shift` is
    /// its product with the center.
    func constant(_ facts: Facts, shift: Double) -> Double {
        switch metric {
        case .euclidean: (1 - rounding) * facts.length * facts.length
        case .dot: -shift
        case .cosine: 1 - shift
        case .manhattan, .hamming, .jaccard: .nan
        }
    }

    /// The first term of a query.
    @inline(__always)
    func first(constant: Double, step: Double, worst: Float) -> Float {
        let worst = Double(worst)
        let beaten = worst + Self.slack * (abs(worst) + abs(constant)) + 0x1p-126
        return Float((constant - beaten) / (metric == .euclidean ? 2 * step : step))
    }

    private static func finite(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> SIMD4<Float> {
        let terms = SIMD4(Float(a), Float(b), Float(c), Float(d))
        return terms.x.isFinite && terms.y.isFinite && terms.z.isFinite && terms.w.isFinite ? terms : SIMD4(repeating: .nan)
    }
}
