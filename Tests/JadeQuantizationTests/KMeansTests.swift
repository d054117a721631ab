import JadeCore
import JadeIO
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Synchronization
import Testing

@Suite("k-means")
struct KMeansTests {
    let kernels: Kernels
    init() throws { kernels = try Kernels.selected() }

    private func points(_ count: Int, _ dimension: Int, clusters: Int = 20, seed: UInt64 = 1) -> FloatMatrix {
        FloatMatrix(TestVectors(count: count, queries: 0, dimension: dimension, clusters: clusters, seed: seed).rows, dimension: dimension)
    }

    private func train(
        _ settings: KMeans, _ points: FloatMatrix, threads: Int = 1, watch: TrainingWatch = .none
    ) throws -> Clustering {
        try settings.train(points, kernels: kernels, workers: .system(threads), watch: watch)
    }

    private func squaredDistance(_ centroid: UnsafePointer<Float>, _ point: [Float]) -> Double {
        var sum = 0.0
        for (index, value) in point.enumerated() { sum += Double((centroid[index] - value) * (centroid[index] - value)) }
        return sum
    }

    @Test("clusters that lie apart are found, one centroid each")
    func separated() throws {
        var random = SeededRandom(seed: 3)
        let centres: [[Float]] = (0..<12).map { number in
            (0..<6).map { (axis: Int) -> Float in Float((number >> (axis % 4)) & 1) * 100 + Float(number * axis) }
        }
        let rows: [Float] = (0..<1200).flatMap { (point: Int) -> [Float] in centres[point % 12].map { $0 + random.normal() } }
        let found = try train(KMeans(clusters: 12), FloatMatrix(rows, dimension: 6))
        #expect(found.sizes == Array(repeating: 100, count: 12))
        #expect(found.error < 6 * 1.2)
        for centre in centres {
            let closest = (0..<12).map { squaredDistance(found.centroids.row($0), centre) }.min()
            #expect(try #require(closest) < 1)
        }
    }

    @Test("any number of threads gives the same centroids, another seed others")
    func repeatable() throws {
        let points = points(9000, 24)
        let settings = KMeans(clusters: 40)
        let alone = try train(settings, points)
        for threads in [2, 4] { #expect(try train(settings, points, threads: threads).centroids.values == alone.centroids.values) }
        var other = settings
        other.seed = 99
        #expect(try train(other, points).centroids.values != alone.centroids.values)
    }

    @Test("every pass makes the error smaller, and the last is the result's")
    func descent() throws {
        let errors = Mutex<[Double]>([])
        let watch = TrainingWatch { progress in
            if let error = progress.error { errors.withLock { $0.append(error) } }
            return true
        }
        var settings = KMeans(clusters: 64)
        settings.iterations = 60
        let found = try train(settings, points(12_000, 16), watch: watch)
        let seen = errors.withLock { $0 }
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 * 1.000001 >= $1 })
        #expect(seen.last == found.error && seen.count == found.iterations)
        #expect(found.iterations < 60)
        // The points' own spread around the centres they were made from.
        #expect(found.error < seen[0] * 0.9)
    }

    @Test("the error is that of the centroids returned")
    func statedError() throws {
        let points = points(2000, 10)
        let found = try train(KMeans(clusters: 17), points)
        var sum = 0.0
        var sizes = [Int](repeating: 0, count: 17)
        for point in 0..<points.count {
            let values = Array(UnsafeBufferPointer(start: points.row(point), count: 10))
            let distances = (0..<17).map { squaredDistance(found.centroids.row($0), values) }
            let least = try #require(distances.min())
            sum += least
            sizes[try #require(distances.firstIndex(of: least))] += 1
        }
        #expect(abs(sum / 2000 - found.error) < 1e-4 * found.error)
        #expect(zip(sizes, found.sizes).allSatisfy { abs($0 - $1) <= 2 })
    }

    @Test("no cluster stays empty while others could be split")
    func emptyClusters() throws {
        // Nine points in ten are the same one: seeding draws it many times over.
        var random = SeededRandom(seed: 5)
        let rows = (0..<3000).flatMap { point in (0..<8).map { _ in point % 10 == 0 ? random.normal() : Float(7) } }
        let found = try train(KMeans(clusters: 50), FloatMatrix(rows, dimension: 8))
        #expect(found.sizes.allSatisfy { $0 > 0 })
        let same = try train(KMeans(clusters: 5), FloatMatrix([Float](repeating: 2, count: 400), dimension: 4))
        #expect(same.error == 0 && same.centroids.values.allSatisfy { $0 == 2 })
    }

    @Test("balanced training evens the sizes out")
    func balanced() throws {
        // One dense blob of 90 % of the points among wide ones.
        var random = SeededRandom(seed: 6)
        let rows = (0..<10_000).flatMap { point in (0..<8).map { _ in random.normal() * (point % 10 == 0 ? 30 : 0.3) } }
        let points = FloatMatrix(rows, dimension: 8)
        var settings = KMeans(clusters: 100)
        let plain = try train(settings, points)
        settings.largestShare = 2
        let even = try train(settings, points)
        #expect(even.imbalance < plain.imbalance / 2)
        #expect(even.sizes.reduce(0, +) == 10_000)
        #expect(even.imbalance >= 1)
    }

    @Test("spherical centroids have length 1")
    func spherical() throws {
        let points = points(3000, 12)
        for index in 0..<points.count { kernels.normalize(points.row(index), dimension: 12, into: points.row(index)) }
        var settings = KMeans(clusters: 30)
        settings.isSpherical = true
        let found = try train(settings, points)
        for cluster in 0..<30 {
            let squared = squaredDistance(found.centroids.row(cluster), [Float](repeating: 0, count: 12))
            #expect(abs(squared - 1) < 1e-5)
        }
    }

    @Test("whoever looks on can stop it")
    func cancelled() throws {
        let watch = TrainingWatch { $0.stage != .clustering || $0.done < 2 }
        let error = #expect(throws: JadeError.self) { try train(KMeans(clusters: 8), points(500, 4), watch: watch) }
        #expect(error?.code == .cancelled)
    }

    @Test("what cannot be clustered is refused with its numbers")
    func badInput() throws {
        #expect(throws: JadeError.invalidArgument("3 points cannot make 4 clusters")) {
            try train(KMeans(clusters: 4), FloatMatrix([Float](repeating: 1, count: 6), dimension: 2))
        }
        #expect(throws: JadeError.self) { try train(KMeans(clusters: 0), points(10, 2)) }
        #expect(throws: JadeError.self) { try train(KMeans(clusters: 2), FloatMatrix([1, .nan, 2, 3, 4, 5], dimension: 2)) }
    }

    @Test("sampling draws different numbers in order, each as often as others")
    func sampling() {
        let random = SeededRandomSource(seed: 8)
        var drawn = [Int](repeating: 0, count: 20)
        for _ in 0..<2000 {
            let sample = random.sample(5, below: 20)
            #expect(sample.count == 5 && zip(sample, sample.dropFirst()).allSatisfy { $0 < $1 })
            for number in sample { drawn[number] += 1 }
        }
        #expect(drawn.allSatisfy { (400...600).contains($0) })
        #expect(random.sample(9, below: 4) == [0, 1, 2, 3])
    }
}
