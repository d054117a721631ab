package import JadeCore
package import JadeKernels

/// Codes of 8 or 4 bits a component, each row between bounds of its own after the mean of all rows is taken off ("LVQ": Aguerrebere
/// and others, "Similarity search in the blink of an eye with compressed indices", 2023, arXiv:2304.04759).
///
/// A code is a row of type sq8 or sq4 (`jade_codes.h`). For cosine rows are brought to length 1 first.
package struct ScalarQuantizer: Sendable {
    package enum Bits: Int, Sendable, CaseIterable { case four = 4, eight = 8 }

    package let bits: Bits
    package let metric: Metric
    package let dimension: Int
    /// Bytes of a code, rounded up to the alignment that codes need.
    package let codeBytes: Int
    /// The part of its own range that a row's bounds span: components beyond are cut off. Below 1 where a few outliers would
    /// make the steps of all others wide.
    package let span: Float
    let mean: FloatMatrix
    let kernels: Kernels
    let kernel: TypedDistanceKernel

    init(bits: Bits, metric: Metric, span: Float, mean: FloatMatrix, kernels: Kernels) {
        let type: VectorType = bits == .eight ? .sq8 : .sq4
        (self.bits, self.metric, self.span, self.mean, self.kernels) = (bits, metric, span, mean, kernels)
        dimension = mean.dimension
        codeBytes = (type.byteCount(dimension: mean.dimension) + 3) / 4 * 4
        guard let kernel = kernels.distance(metric == .euclidean ? .l2sq : .ndot, of: type) else {
            preconditionFailure("codes have kernels for l2sq and ndot at every level")
        }
        self.kernel = kernel
    }

    /// Takes the mean of the points, and the span with which they are encoded best. Points of a cosine index must have length 1.
    ///
    /// Complexity: two passes over the points for the mean, seven over a thousand of them for the span.
    package static func train(_ points: FloatMatrix, bits: Bits, metric: Metric, kernels: Kernels) -> ScalarQuantizer {
        let mean = FloatMatrix(count: 1, dimension: points.dimension)
        var sums = [Double](repeating: 0, count: points.dimension)
        for point in 0..<points.count {
            for index in 0..<points.dimension { sums[index] += Double(points.row(point)[index]) }
        }
        for index in 0..<points.dimension { mean.base[index] = Float(sums[index] / Double(max(points.count, 1))) }
        let spans: [Float] = bits == .eight ? [1] : [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7]
        let step = max(points.count / 1000, 1)
        var best = ScalarQuantizer(bits: bits, metric: metric, span: 1, mean: mean, kernels: kernels)
        guard spans.count > 1 else { return best }
        var least = Double.infinity
        for span in spans {
            let tried = ScalarQuantizer(bits: bits, metric: metric, span: span, mean: mean, kernels: kernels)
            let error = stride(from: 0, to: points.count, by: step).reduce(0.0) { $0 + tried.error(of: points.row($1)) }
            if error < least { (best, least) = (tried, error) }
        }
        return best
    }

    /// Writes the code of a row at `code`, a multiple of 4.
    ///
    /// - Parameter scale: what makes the row one of length 1 for cosine; 1 for other metrics.
    package func encode(_ row: UnsafePointer<Float>, scale: Float, into code: UnsafeMutableRawPointer) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { buffer in
            guard let centred = buffer.baseAddress else { return }
            for index in 0..<dimension { centred[index] = row[index] * scale - mean.base[index] }
            if span < 1 { cut(centred) }
            switch bits {
            case .eight: kernels.encode(centred, dimension: dimension, toSQ8: code)
            case .four: kernels.encode(centred, dimension: dimension, toSQ4: code)
            }
        }
    }

    /// The vector that a code stands for; of length 1 or near it for cosine.
    package func decode(_ code: UnsafeRawPointer, into row: UnsafeMutablePointer<Float>) {
        switch bits {
        case .eight: kernels.decode(sq8: code, dimension: dimension, to: row)
        case .four: kernels.decode(sq4: code, dimension: dimension, to: row)
        }
        for index in 0..<dimension { row[index] += mean.base[index] }
    }

    private func cut(_ row: UnsafeMutablePointer<Float>) {
        var (least, largest) = (row[0], row[0])
        for index in 0..<dimension {
            least = min(least, row[index])
            largest = max(largest, row[index])
        }
        let slack = (largest - least) * (1 - span) / 2
        for index in 0..<dimension { row[index] = min(max(row[index], least + slack), largest - slack) }
    }

    private func error(of row: UnsafePointer<Float>) -> Double {
        let code = UnsafeMutableRawPointer.allocate(byteCount: codeBytes, alignment: 4)
        let decoded = UnsafeMutablePointer<Float>.allocate(capacity: dimension)
        defer {
            code.deallocate()
            decoded.deallocate()
        }
        encode(row, scale: 1, into: code)
        decode(code, into: decoded)
        return (0..<dimension).reduce(0.0) { $0 + Double((row[$1] - decoded[$1]) * (row[$1] - decoded[$1])) }
    }
}

extension ScalarQuantizer {
    package var codebook: Codebook {
        Codebook(kind: .scalar, metric: metric, dimension: dimension, bits: bits.rawValue, values: mean.values + [span])
    }

    /// - Throws: `corrupted` if the codebook is no scalar quantizer's.
    package init(_ codebook: Codebook, file: String, kernels: Kernels) throws(JadeError) {
        let span = codebook.values.last ?? 0
        try codebook.require(
            codebook.kind == .scalar && codebook.values.count == codebook.dimension + 1 && span > 0 && span <= 1,
            "a scalar quantizer", file: file)
        guard let bits = Bits(rawValue: codebook.bits) else {
            throw .corrupted(file: file, offset: 20, expected: "4 or 8 bits", found: "\(codebook.bits)")
        }
        self.init(
            bits: bits, metric: codebook.metric, span: span,
            mean: FloatMatrix(codebook.values.dropLast(), dimension: codebook.dimension), kernels: kernels)
    }
}
