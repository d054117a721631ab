internal import JadeCore
internal import JadeIO
internal import JadeKernels

/// The passes of one k-means: assign every point, move every centroid to the mean of its points.
struct KMeansRun {
    let settings: KMeans
    let points: FloatMatrix
    private(set) var centroids: FloatMatrix
    let random: SeededRandomSource
    let kernels: Kernels
    let workers: BuildWorkers
    private let labels: LabelMemory
    private var sizes: [Int]

    init(
        settings: KMeans, points: FloatMatrix, centroids: FloatMatrix, random: SeededRandomSource, kernels: Kernels,
        workers: BuildWorkers
    ) {
        (self.settings, self.points, self.centroids, self.random) = (settings, points, centroids, random)
        (self.kernels, self.workers) = (kernels, workers)
        labels = LabelMemory(count: points.count)
        sizes = Array(repeating: 0, count: centroids.count)
    }

    mutating func perform(_ watch: TrainingWatch) throws(JadeError) -> Clustering {
        var error = assign()
        var passes = 1
        while passes < settings.iterations {
            try watch.report(.clustering, passes, of: settings.iterations, error: error)
            let order = PointsByCluster(labels, clusters: centroids.count)
            move(order)
            let splits = split(order, isLate: passes * 4 >= settings.iterations * 3)
            let before = error
            error = assign()
            passes += 1
            if splits == 0, before - error < settings.tolerance * before { break }
        }
        try watch.report(.clustering, passes, of: settings.iterations, error: error)
        return Clustering(centroids: centroids, sizes: sizes, error: error, iterations: passes)
    }

    /// Gives every point its nearest centroid; the mean squared distance.
    private mutating func assign() -> Double {
        let nearest = NearestCentroid(centroids, kernels: kernels)
        let (points, labels) = (points, labels)
        let block = NearestCentroid.blockSize(dimension: points.dimension) * 4
        workers.forEachBlock(of: block, in: points.count) { _, range in
            nearest.assign(
                points.row(range.lowerBound), strideBytes: points.strideBytes, count: range.count,
                centroids: labels.centroids + range.lowerBound, distances: labels.distances + range.lowerBound)
        }
        sizes = Array(repeating: 0, count: centroids.count)
        var sum = 0.0
        for point in 0..<points.count {
            sizes[Int(labels.centroids[point])] += 1
            sum += Double(labels.distances[point])
        }
        return sum / Double(max(points.count, 1))
    }

    /// Moves centroids to the means of their points. Each sum goes over the points in their order, whichever thread computes it.
    private func move(_ order: PointsByCluster) {
        let (points, centroids, isSpherical, kernels) = (points, centroids, settings.isSpherical, kernels)
        workers.forEachBlock(of: 16, in: centroids.count) { _, clusters in
            var sum = [Double](repeating: 0, count: points.dimension)
            for cluster in clusters {
                let members = order.members(cluster)
                guard !members.isEmpty else { continue }
                for index in sum.indices { sum[index] = 0 }
                for member in members {
                    let row = points.row(Int(member))
                    for index in 0..<points.dimension { sum[index] += Double(row[index]) }
                }
                let centroid = centroids.row(cluster)
                for index in 0..<points.dimension { centroid[index] = Float(sum[index] / Double(members.count)) }
                if isSpherical { kernels.normalize(centroid, dimension: points.dimension, into: centroid) }
            }
        }
    }

    /// Gives the centroids of empty clusters, and in a balanced training of the smallest, to the largest; how many moved.
    private func split(_ order: PointsByCluster, isLate: Bool) -> Int {
        var left = sizes
        let mean = Double(points.count) / Double(sizes.count)
        let limit = isLate ? Double.infinity : (settings.largestShare ?? .infinity) * mean
        let bySize = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
        var moved = 0
        for giver in bySize {
            guard let largest = left.indices.max(by: { (left[$0], $1) < (left[$1], $0) }), left[largest] > 1 else { break }
            guard sizes[giver] == 0 || (Double(left[largest]) > limit && Double(sizes[giver]) < mean / 2) else { break }
            halve(largest, order.members(largest), into: giver)
            left[giver] = left[largest] / 2
            left[largest] -= left[giver]
            moved += 1
        }
        return moved
    }

    /// Sets two centroids on either side of where one was, along the line to one of its points.
    private func halve(_ cluster: Int, _ members: ArraySlice<UInt32>, into other: Int) {
        guard !members.isEmpty else { return }
        let towards = points.row(Int(members[members.startIndex + random.index(below: members.count)]))
        let (kept, new) = (centroids.row(cluster), centroids.row(other))
        for index in 0..<points.dimension {
            let step = (towards[index] - kept[index]) / 2
            new[index] = kept[index] + step
            kept[index] -= step
        }
        guard settings.isSpherical else { return }
        for centroid in [kept, new] { kernels.normalize(centroid, dimension: points.dimension, into: centroid) }
    }
}

/// What the threads of an assignment write: each its own points.
///
/// `@unchecked`: no two threads write the same place, and nobody reads before all are done.
final class LabelMemory: @unchecked Sendable {
    let count: Int
    let centroids: UnsafeMutablePointer<UInt32>
    let distances: UnsafeMutablePointer<Float>

    init(count: Int) {
        self.count = count
        centroids = .allocate(capacity: max(count, 1))
        distances = .allocate(capacity: max(count, 1))
    }

    deinit {
        centroids.deallocate()
        distances.deallocate()
    }
}

/// Points in the order of their clusters, and in their own order within.
struct PointsByCluster: Sendable {
    private let starts: [Int]
    private let points: [UInt32]

    init(_ labels: LabelMemory, clusters: Int) {
        var starts = [Int](repeating: 0, count: clusters + 1)
        for point in 0..<labels.count { starts[Int(labels.centroids[point]) + 1] += 1 }
        for cluster in 0..<clusters { starts[cluster + 1] += starts[cluster] }
        var next = starts
        var points = [UInt32](repeating: 0, count: labels.count)
        for point in 0..<labels.count {
            let cluster = Int(labels.centroids[point])
            points[next[cluster]] = UInt32(point)
            next[cluster] += 1
        }
        (self.starts, self.points) = (starts, points)
    }

    func members(_ cluster: Int) -> ArraySlice<UInt32> { points[starts[cluster]..<starts[cluster + 1]] }
}
