internal import JadeCore
internal import JadeKernels

/// Learns the rotation after which a product quantizer loses least (Ge, He, Ke, Sun: "Optimized product quantization", TPAMI 2014, the
/// non-parametric form): codes are trained for the present rotation, then the rotation is turned so that the points come nearest to
/// what their codes stand for, which is the orthogonal part of a product of matrices.
struct RotationTraining {
    let training: ProductTraining
    let points: FloatMatrix
    let metric: Metric
    let kernels: Kernels
    let workers: BuildWorkers

    /// The best rotation of all passes: rows are the new axes.
    func learn(_ watch: TrainingWatch) throws(JadeError) -> FloatMatrix {
        var rotation = start()
        var best = (rotation: rotation, error: Double.infinity)
        for pass in 0..<training.rotationPasses {
            try watch.report(.rotating, pass, of: training.rotationPasses, error: best.error.isFinite ? best.error : nil)
            let quantizer = training.untrained(points, metric: metric, learned: rotation, kernels: kernels)
            let arranged = training.arrange(points, with: quantizer, workers: workers)
            try training.trainSubspaces(arranged, quantizer, passes: ProductTraining.passesWhileRotating, workers: workers)
            let (near, error) = decoded(arranged, quantizer)
            if error < best.error { best = (rotation, error) }
            let turned = near.transposed().timesTransposed(points.transposed(), kernels: kernels, workers: workers)
            rotation = turned.orthogonalPart(fallback: rotation, kernels: kernels, workers: workers)
        }
        try watch.report(.rotating, training.rotationPasses, of: training.rotationPasses, error: best.error)
        return best.rotation
    }

    /// The seeded rotation as a matrix, or none.
    private func start() -> FloatMatrix {
        let axes = FloatMatrix.identity(points.dimension)
        guard let seeded = Rotation.seeded(training.rotationSeed, dimension: points.dimension) else { return axes }
        for axis in 0..<points.dimension { seeded.apply(axes.row(axis), kernels: kernels) }
        // Rows are what became of the old axes; columns are the new ones.
        return axes.transposed()
    }

    /// What the codes of arranged points stand for, without what fills them up, and the mean squared error.
    private func decoded(_ arranged: FloatMatrix, _ quantizer: ProductQuantizer) -> (near: FloatMatrix, error: Double) {
        let near = FloatMatrix(count: points.count, dimension: points.dimension)
        workers.forEachBlock(of: 256, in: points.count) { _, rows in
            var code = [UInt8](repeating: 0, count: quantizer.codeBytes)
            var full = [Float](repeating: 0, count: quantizer.paddedDimension)
            for row in rows {
                quantizer.kernels.encode(
                    quantizer.book, rows: arranged.row(row), strideBytes: arranged.strideBytes, count: 1, into: &code,
                    codesStrideBytes: quantizer.codeBytes)
                quantizer.kernels.decode(quantizer.book, codes: code, to: &full)
                near.row(row).update(from: full, count: points.dimension)
            }
        }
        var sum = 0.0
        for row in 0..<points.count {
            for index in 0..<points.dimension {
                let difference = Double(arranged.row(row)[index] - near.row(row)[index])
                sum += difference * difference
            }
        }
        return (near, sum / Double(max(points.count, 1)))
    }
}
