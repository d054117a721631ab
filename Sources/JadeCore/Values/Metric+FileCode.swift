extension Metric {
    /// The metric's number in files: never renumber.
    package var fileCode: UInt32 {
        switch self {
        case .cosine: 0
        case .euclidean: 1
        case .dot: 2
        case .manhattan: 3
        case .hamming: 4
        case .jaccard: 5
        }
    }

    /// The metric that a file's number stands for.
    package init?(fileCode: UInt32) {
        guard let metric = Self.allCases.first(where: { $0.fileCode == fileCode }) else { return nil }
        self = metric
    }
}
