internal import JadeCore
internal import JadeKernels
internal import Synchronization

extension HNSWIndex {
    /// Takes the mean of a sample before the first rows are coded, and once more when there are enough for a good one; rows coded
    /// before are coded anew. Excludes insertions.
    func trainCodes(_ count: Int, _ ordinal: (Int) -> UInt32?) {
        guard let codes, codes.sampled < Self.goodSample else { return }
        let known = (0..<UInt32(extent.load(ordering: .acquiring))).filter { graph.contains($0) }
        var sample = known
        for index in Swift.stride(from: 0, to: count, by: max(1, count / Self.largestSample)) {
            if let ordinal = ordinal(index) { sample.append(ordinal) }
        }
        guard codes.sampled == 0 || sample.count >= Self.goodSample, !sample.isEmpty else { return }
        mean(of: sample, into: codes.mean)
        codes.sampled = sample.count
        contexts.withContext { context in
            for node in known { codes.set(node, rows.row(node), scale: distance.exact.scale(ofRow: node), context.scratch) }
        }
    }

    /// Codes every node of a graph that was saved without codes.
    func codeAll() throws(JadeError) {
        guard let codes else { return }
        try codes.reserve(rows: extent.load(ordering: .acquiring))
        trainCodes(0) { _ in nil }
    }

    private func mean(of sample: [UInt32], into mean: UnsafeMutablePointer<Float>) {
        var sums = [Double](repeating: 0, count: rows.dimension)
        for ordinal in sample {
            let row = rows.row(ordinal)
            let scale = rows.metric == .cosine ? distance.exact.scale(ofRow: ordinal) : 1
            for index in sums.indices { sums[index] += Double(row[index] * scale) }
        }
        for index in sums.indices { mean[index] = Float(sums[index] / Double(sample.count)) }
    }

    private static let goodSample = 1024
    private static let largestSample = 16384
}
