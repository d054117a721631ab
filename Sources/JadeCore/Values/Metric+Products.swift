extension Metric {
    /// Those whose distances follow from products of vectors and their lengths: tiles, screens and codes serve these.
    package static let ofProducts: [Metric] = [.cosine, .euclidean, .dot]
}
