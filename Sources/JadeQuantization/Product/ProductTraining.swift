package import JadeCore
internal import JadeIO
package import JadeKernels

/// How a product quantizer is trained.
package struct ProductTraining: Sendable {
    package var code: PQCode
    package var subspaces: Int
    /// Of the random rotation before; 0 for none.
    package var rotationSeed: UInt64 = 0
    package var iterations = 12
    /// Training points for each centroid of a subspace.
    package var pointsPerCentroid = 256
    package var seed: UInt64 = 0x4A41_4445

    package init(_ code: PQCode, subspaces: Int) { (self.code, self.subspaces) = (code, subspaces) }

    /// Clusters the pieces of the points, which for a cosine index must have length 1; several subspaces at once.
    ///
    /// - Throws: `invalidArgument` for more subspaces than dimensions or fewer points than centroids, `cancelled`.
    ///
    /// Complexity: 2 · points · centroids · dimension operations a pass.
    package func train(
        _ points: FloatMatrix, metric: Metric, kernels: Kernels, workers: BuildWorkers, watch: TrainingWatch = .none
    ) throws(JadeError) -> ProductQuantizer {
        try Limits.require(subspaces, in: 1...points.dimension, "number of subspaces")
        let wanted = pointsPerCentroid * code.centroids
        let sample =
            points.count > wanted ? points.gathering(SeededRandomSource(seed: seed).sample(wanted, below: points.count)) : points
        let quantizer = ProductQuantizer(
            metric: metric, dimension: points.dimension, code: code, subspaces: subspaces, rotationSeed: rotationSeed,
            centroids: FloatMatrix(
                count: 1, dimension: (points.dimension + subspaces - 1) / subspaces * subspaces * code.centroids), kernels: kernels)
        let arranged = rotate(sample, with: quantizer)
        // A few subspaces between two looks at the watch.
        for first in stride(from: 0, to: subspaces, by: Self.atOnce) {
            try watch.report(.clustering, first, of: subspaces)
            let size = min(Self.atOnce, subspaces - first)
            let failures = ErrorMemory()
            workers.forEachBlock(of: 1, in: size) { number, _ in
                failures.catching { () throws(JadeError) in try trainSubspace(first + number, arranged, quantizer) }
            }
            if let error = failures.first { throw error }
        }
        try watch.report(.clustering, subspaces, of: subspaces)
        return quantizer
    }

    private static let atOnce = 16

    private func rotate(_ sample: FloatMatrix, with quantizer: ProductQuantizer) -> FloatMatrix {
        guard quantizer.rotation != nil else { return sample }
        let arranged = FloatMatrix(count: sample.count, dimension: quantizer.paddedDimension)
        for point in 0..<sample.count { quantizer.arrange(sample.row(point), scale: 1, into: arranged.row(point)) }
        return arranged
    }

    private func trainSubspace(_ subspace: Int, _ points: FloatMatrix, _ quantizer: ProductQuantizer) throws(JadeError) {
        let width = quantizer.subDimension
        var settings = KMeans(clusters: code.centroids)
        settings.iterations = iterations
        settings.seed = seed &+ UInt64(subspace) &* 0x9E37_79B9
        let found = try settings.train(
            points.columns(from: subspace * width, width: width), kernels: quantizer.kernels, workers: .system(1))
        for centroid in 0..<code.centroids {
            for index in 0..<width {
                quantizer.centroids.base[(subspace * width + index) * code.centroids + centroid] = found.centroids.row(centroid)[index]
            }
        }
    }
}
