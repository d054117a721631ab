package import JadeCore
package import JadeKernels

/// Codes of 8 or 4 bits a component, each row between bounds of its own after the mean of all rows is taken off ("LVQ": Aguerrebere
/// and others, "Similarity search in the blink of an eye with compressed indices", 2023, arXiv:2304.04759).
///
/// A code is a row of type sq8 or sq4 (`jade_codes.h`). For cosine rows are brought to length 1 first. A row's bounds are its least
/// and largest component: cutting outliers off for finer steps gained no recall with any real vectors that were tried, at 4 bits either.
package struct ScalarQuantizer: Sendable {
    package enum Bits: Int, Sendable, CaseIterable { case four = 4, eight = 8 }

    package let bits: Bits
    package let metric: Metric
    package let dimension: Int
    /// Bytes of a code, rounded up to the alignment that codes need.
    package let codeBytes: Int
    let mean: FloatMatrix
    let kernels: Kernels
    let kernel: TypedDistanceKernel

    init(bits: Bits, metric: Metric, mean: FloatMatrix, kernels: Kernels) {
        let type: VectorType = bits == .eight ? .sq8 : .sq4
        (self.bits, self.metric, self.mean, self.kernels) = (bits, metric, mean, kernels)
        dimension = mean.dimension
        codeBytes = (type.byteCount(dimension: mean.dimension) + 3) / 4 * 4
        guard let kernel = kernels.distance(metric == .dot ? .ndot : .l2sq, of: type) else {
            preconditionFailure("codes have kernels for l2sq and ndot at every level")
        }
        self.kernel = kernel
    }

    /// Takes the mean of the points, which for a cosine index must have length 1. O(points · dimension).
    package static func train(_ points: FloatMatrix, bits: Bits, metric: Metric, kernels: Kernels) -> ScalarQuantizer {
        ScalarQuantizer(bits: bits, metric: metric, mean: points.mean, kernels: kernels)
    }

    /// Writes the code of a row at `code`, a multiple of 4.
    ///
    /// - Parameter scale: what makes the row one of length 1 for cosine; 1 for other metrics.
    package func encode(_ row: UnsafePointer<Float>, scale: Float, into code: UnsafeMutableRawPointer) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { buffer in
            guard let centred = buffer.baseAddress else { return }
            for index in 0..<dimension { centred[index] = row[index] * scale - mean.base[index] }
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
}

extension ScalarQuantizer {
    package var codebook: Codebook {
        Codebook(kind: .scalar, metric: metric, dimension: dimension, bits: bits.rawValue, values: mean.values)
    }

    /// - Throws: `corrupted` if the codebook is no scalar quantizer's.
    package init(_ codebook: Codebook, file: String, kernels: Kernels) throws(JadeError) {
        try codebook.require(
            codebook.kind == .scalar && codebook.values.count == codebook.dimension, "a scalar quantizer", file: file)
        guard let bits = Bits(rawValue: codebook.bits) else {
            throw .corrupted(file: file, offset: 20, expected: "4 or 8 bits", found: "\(codebook.bits)")
        }
        self.init(
            bits: bits, metric: codebook.metric, mean: FloatMatrix(codebook.values, dimension: codebook.dimension), kernels: kernels)
    }
}
