internal import JadeCore
internal import JadeIO
internal import JadeKernels

/// First centroids: each next point is drawn with a chance that grows with its squared distance from those drawn before.
struct KMeansSeeding {
    let points: FloatMatrix
    let random: SeededRandomSource
    let kernels: Kernels

    /// Points looked at for each cluster. Drawing from all of them costs more than the passes that follow and helps little.
    private static let pointsPerCluster = 32
    private static let block = 1024

    func choose(_ clusters: Int) throws(JadeError) -> FloatMatrix {
        let limit = clusters * Self.pointsPerCluster
        let sample = points.count > limit ? points.gathering(random.sample(limit, below: points.count)) : points
        let kernel = kernels.distance(for: .euclidean)
        var nearest = [Float](repeating: .infinity, count: sample.count)
        var scratch = [Float](repeating: 0, count: Self.block)
        var sums = [Double](repeating: 0, count: (sample.count + Self.block - 1) / Self.block)
        let centroids = FloatMatrix(count: clusters, dimension: points.dimension)
        var next = random.index(below: sample.count)
        for cluster in 0..<clusters {
            let centroid = centroids.row(cluster)
            centroid.update(from: sample.row(next), count: points.dimension)
            for block in sums.indices {
                let start = block * Self.block
                let size = min(Self.block, sample.count - start)
                kernel.many(centroid, sample.row(start), sample.strideBytes, size, points.dimension, &scratch)
                var sum = 0.0
                for index in 0..<size {
                    let distance = min(nearest[start + index], scratch[index])
                    nearest[start + index] = distance
                    sum += Double(distance)
                }
                sums[block] = sum
            }
            next = try draw(nearest, sums)
        }
        return centroids
    }

    /// A point drawn by its distance; any when all lie on centroids.
    private func draw(_ nearest: [Float], _ sums: [Double]) throws(JadeError) -> Int {
        let total = sums.reduce(0, +)
        guard total.isFinite else { throw .invalidArgument("training points must be finite and not too long to be measured") }
        var left = random.fraction() * total
        guard total > 0, let block = sums.firstIndex(where: { left -= $0; return left < 0 }) else {
            return random.index(below: nearest.count)
        }
        left += sums[block]
        let range = block * Self.block..<min((block + 1) * Self.block, nearest.count)
        return range.first { left -= Double(nearest[$0]); return left < 0 } ?? range.upperBound - 1
    }
}
