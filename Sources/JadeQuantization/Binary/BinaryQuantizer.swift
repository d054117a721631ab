package import JadeCore
package import JadeKernels

/// RaBitQ codes of 1 to 8 bits a component (`jade_rabitq.h`): rows are moved by the mean of all rows and rotated; estimates of
/// distances come with a bound of their error.
package struct BinaryQuantizer: Sendable {
    package let metric: Metric
    package let dimension: Int
    package let code: RaBitQCode
    /// Bytes of a code, a multiple of 4.
    package let codeBytes: Int
    let rotationSeed: UInt64
    let mean: FloatMatrix
    /// The mean, rotated: what `ndot` needs.
    let rotatedMean: FloatMatrix
    let rotation: Rotation
    let kernels: Kernels

    init(metric: Metric, code: RaBitQCode, rotationSeed: UInt64, mean: FloatMatrix, kernels: Kernels) {
        (self.metric, self.code, self.rotationSeed, self.mean, self.kernels) = (metric, code, rotationSeed, mean, kernels)
        dimension = mean.dimension
        codeBytes = code.byteCount(dimension: mean.dimension)
        guard let rotation = Rotation.seeded(max(rotationSeed, 1), dimension: mean.dimension) else {
            preconditionFailure("only seed 0 stands for no rotation")
        }
        self.rotation = rotation
        rotatedMean = FloatMatrix(mean.values, dimension: mean.dimension)
        rotation.apply(rotatedMean.base, kernels: kernels)
    }

    /// Takes the mean of the points, which for a cosine index must have length 1.
    package static func train(
        _ points: FloatMatrix, code: RaBitQCode, metric: Metric, seed: UInt64 = 0x4A41_4445, kernels: Kernels
    ) -> BinaryQuantizer {
        BinaryQuantizer(metric: metric, code: code, rotationSeed: seed, mean: points.mean, kernels: kernels)
    }

    var space: RaBitQSpace {
        RaBitQSpace(
            code, metric == .dot ? .ndot : .l2sq, dimension: dimension, center: metric == .dot ? UnsafePointer(rotatedMean.base) : nil)
    }

    /// Moves and rotates a row or a query.
    func arrange(_ row: UnsafePointer<Float>, scale: Float, into out: UnsafeMutablePointer<Float>) {
        for index in 0..<dimension { out[index] = row[index] * scale - mean.base[index] }
        rotation.apply(out, kernels: kernels)
    }

    /// Writes the code of a row at `code`, a multiple of 4.
    package func encode(_ row: UnsafePointer<Float>, scale: Float, into code: UnsafeMutableRawPointer) {
        withUnsafeTemporaryAllocation(of: Float.self, capacity: dimension) { buffer in
            guard let arranged = buffer.baseAddress else { return }
            arrange(row, scale: scale, into: arranged)
            kernels.encode(space, arranged, into: code)
        }
    }

    /// The vector whose products with queries are the estimates that the code gives: the row's direction, not its length.
    package func decode(_ code: UnsafeRawPointer, into row: UnsafeMutablePointer<Float>) {
        let factor = code.load(fromByteOffset: 4, as: Float.self) * (metric == .dot ? -1 : -0.5)
        let bytes = (code + 16).assumingMemoryBound(to: UInt8.self)
        for index in 0..<dimension {
            let value = Float(self.code.component(index, of: bytes)) - Float(1 << self.code.bits - 1) / 2
            row[index] = factor * value
        }
        rotation.applyInverse(row, kernels: kernels)
        for index in 0..<dimension { row[index] += mean.base[index] }
    }
}

extension BinaryQuantizer {
    package var codebook: Codebook {
        Codebook(kind: .binary, metric: metric, dimension: dimension, bits: code.bits, seed: rotationSeed, values: mean.values)
    }

    /// - Throws: `corrupted` if the codebook is no binary quantizer's.
    package init(_ codebook: Codebook, file: String, kernels: Kernels) throws(JadeError) {
        try codebook.require(
            codebook.kind == .binary && codebook.seed != 0 && codebook.values.count == codebook.dimension, "a binary quantizer", file: file)
        guard let code = RaBitQCode.allCases.first(where: { $0.bits == codebook.bits }) else {
            throw .corrupted(file: file, offset: 20, expected: "1 to 8 bits", found: "\(codebook.bits)")
        }
        self.init(
            metric: codebook.metric, code: code, rotationSeed: codebook.seed,
            mean: FloatMatrix(codebook.values, dimension: codebook.dimension), kernels: kernels)
    }
}
