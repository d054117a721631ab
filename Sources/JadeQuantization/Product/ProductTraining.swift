package import JadeCore
internal import JadeIO
package import JadeKernels

/// How a product quantizer is trained.
package struct ProductTraining: Sendable {
    package var code: PQCode
    package var subspaces: Int
    /// Of the random rotation before; 0 for none.
    package var rotationSeed: UInt64 = 0
    /// Whether the rotation is learned from the points, beginning with the random one or with none. Every vector then costs
    /// dimension² operations more to encode and to ask for, and the codebook holds as many numbers.
    package var learnsRotation = false
    package var rotationPasses = 10
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
        var learned: FloatMatrix?
        if learnsRotation {
            try Limits.require(rotationPasses, in: 1...Limits.maximumTrainingPasses, "number of passes")
            guard sample.count >= code.centroids else {
                throw .invalidArgument("\(sample.count) points cannot make \(code.centroids) clusters")
            }
            let part = sample.gathering(SeededRandomSource(seed: seed).sample(Self.mostRotated, below: sample.count))
            learned = try RotationTraining(training: self, points: part, metric: metric, kernels: kernels, workers: workers).learn(watch)
        }
        let quantizer = untrained(sample, metric: metric, learned: learned, kernels: kernels)
        try trainSubspaces(arrange(sample, with: quantizer, workers: workers), quantizer, passes: iterations, workers: workers, watch)
        return quantizer
    }

    /// Points that a rotation is learned from at most, and passes of its codes between two turns.
    private static let mostRotated = 16_384
    static let passesWhileRotating = 5

    /// With centroids of zeros.
    func untrained(_ points: FloatMatrix, metric: Metric, learned: FloatMatrix?, kernels: Kernels) -> ProductQuantizer {
        let padded = (points.dimension + subspaces - 1) / subspaces * subspaces
        return ProductQuantizer(
            metric: metric, dimension: points.dimension, code: code, subspaces: subspaces, rotationSeed: learned == nil ? rotationSeed : 0,
            learned: learned, centroids: FloatMatrix(count: 1, dimension: padded * code.centroids), kernels: kernels)
    }

    func trainSubspaces(
        _ arranged: FloatMatrix, _ quantizer: ProductQuantizer, passes: Int, workers: BuildWorkers, _ watch: TrainingWatch = .none
    ) throws(JadeError) {
        // A few subspaces between two looks at the watch.
        for first in stride(from: 0, to: subspaces, by: Self.atOnce) {
            try watch.report(.clustering, first, of: subspaces)
            let size = min(Self.atOnce, subspaces - first)
            let failures = ErrorMemory()
            workers.forEachBlock(of: 1, in: size) { number, _ in
                failures.catching { () throws(JadeError) in try trainSubspace(first + number, arranged, quantizer, passes: passes) }
            }
            if let error = failures.first { throw error }
        }
        try watch.report(.clustering, subspaces, of: subspaces)
    }

    private static let atOnce = 16

    func arrange(_ points: FloatMatrix, with quantizer: ProductQuantizer, workers: BuildWorkers) -> FloatMatrix {
        guard quantizer.isRotated else { return points }
        let arranged = FloatMatrix(count: points.count, dimension: quantizer.paddedDimension)
        workers.forEachBlock(of: 256, in: points.count) { _, rows in
            for point in rows { quantizer.arrange(points.row(point), scale: 1, into: arranged.row(point)) }
        }
        return arranged
    }

    private func trainSubspace(_ subspace: Int, _ points: FloatMatrix, _ quantizer: ProductQuantizer, passes: Int) throws(JadeError) {
        let width = quantizer.subDimension
        var settings = KMeans(clusters: code.centroids)
        settings.iterations = passes
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
