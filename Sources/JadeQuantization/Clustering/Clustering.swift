internal import JadeCore
package import JadeKernels

/// Centroids, and how well they stood for the points they came from.
package struct Clustering: Sendable {
    package let centroids: FloatMatrix
    /// Training points of each centroid.
    package let sizes: [Int]
    /// Mean squared distance of a training point from its centroid.
    package let error: Double
    package let iterations: Int

    /// How much more a scan of the list a random point lies in costs than if all were equally long: k Σ n² / (Σ n)², 1 at best.
    package var imbalance: Double { Self.imbalance(of: sizes) }

    package static func imbalance(of sizes: [Int]) -> Double {
        let total = sizes.reduce(0.0) { $0 + Double($1) }
        guard total > 0 else { return 1 }
        return sizes.reduce(0.0) { $0 + Double($1) * Double($1) } * Double(sizes.count) / (total * total)
    }
}

/// The nearest centroid of many points, by tiles: of 1,000 centroids one costs some hundredth of what it costs alone.
package struct NearestCentroid: Sendable {
    package let centroids: FloatMatrix
    private let kernels: Kernels

    package init(_ centroids: FloatMatrix, kernels: Kernels) {
        self.centroids = centroids
        self.kernels = kernels
    }

    /// Points that are packed together: as many as stay in the second-level cache beside a few centroids.
    package static func blockSize(dimension: Int) -> Int { min(max(262_144 / max(dimension * 4, 1) / 64, 1), 8) * 64 }

    /// Centroid and squared distance of `count` points that start `strideBytes` apart, ties to the smaller number. A point that is
    /// not finite has centroid 0 and distance infinity.
    package func assign(
        _ points: UnsafeRawPointer, strideBytes: Int, count: Int, centroids labels: UnsafeMutablePointer<UInt32>,
        distances: UnsafeMutablePointer<Float>
    ) {
        let block = Self.blockSize(dimension: centroids.dimension)
        for start in stride(from: 0, to: count, by: block) {
            let size = min(block, count - start)
            let batch = QueryBatch(
                .f32, points + start * strideBytes, strideBytes: strideBytes, count: size, dimension: centroids.dimension,
                kernels: kernels)
            var nearest = TopKBatch(count: size, capacity: 1)
            batch.search(
                .l2sq, base: centroids.base, strideBytes: centroids.strideBytes, rows: centroids.count, firstOrdinal: 0,
                into: nearest)
            for index in 0..<size {
                let found = nearest.takeNearest(index)
                labels[start + index] = found?.ordinal ?? 0
                distances[start + index] = found?.distance ?? .infinity
            }
        }
    }
}
