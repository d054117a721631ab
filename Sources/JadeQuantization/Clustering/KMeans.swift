package import JadeCore
internal import JadeIO
package import JadeKernels

/// Lloyd's algorithm over tiles, seeded by k-means++ (Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding",
/// 2007) on a sample. The same points, settings and seed give the same centroids on any number of threads.
package struct KMeans: Sendable {
    package var clusters: Int
    /// Passes over the points at most.
    package var iterations = 20
    /// Points for each cluster: of more, a sample is taken.
    package var pointsPerCluster = 256
    /// A pass that makes the error smaller by less than this part of it is the last.
    package var tolerance = 1e-4
    /// Whether centroids are brought to length 1, for points of length 1.
    package var isSpherical = false
    /// Clusters of more than this many times the mean are split while there are passes left, and the smallest give their centroids
    /// up for it; nil splits only in place of empty ones.
    package var largestShare: Double?
    package var seed: UInt64 = 0x4A41_4445

    package init(clusters: Int) { self.clusters = clusters }

    /// Clusters the rows of `points`, which must be finite. Fewer points than clusters are refused.
    ///
    /// - Throws: `invalidArgument`, or `cancelled` when `watch` gives up.
    ///
    /// Complexity: 2 · sample · clusters · dimension operations a pass.
    package func train(
        _ points: FloatMatrix, kernels: Kernels, workers: BuildWorkers, watch: TrainingWatch = .none
    ) throws(JadeError) -> Clustering {
        try Limits.require(clusters, in: 1...Limits.maximumClusters, "number of clusters")
        try Limits.require(iterations, in: 1...Limits.maximumTrainingPasses, "number of passes")
        guard points.count >= clusters else {
            throw .invalidArgument("\(points.count) points cannot make \(clusters) clusters")
        }
        let random = SeededRandomSource(seed: seed)
        let limit = clusters * pointsPerCluster
        let sample =
            points.count > limit && limit >= clusters ? points.gathering(random.sample(limit, below: points.count)) : points
        try watch.report(.seeding, 0, of: 1)
        let centroids = try KMeansSeeding(points: sample, random: random, kernels: kernels).choose(clusters)
        var run = KMeansRun(settings: self, points: sample, centroids: centroids, random: random, kernels: kernels, workers: workers)
        return try run.perform(watch)
    }
}

extension Limits {
    /// Centroids of one clustering, and so lists of one IVF index.
    package static let maximumClusters = 1 << 20
    /// Passes of one training.
    package static let maximumTrainingPasses = 1_000
}
