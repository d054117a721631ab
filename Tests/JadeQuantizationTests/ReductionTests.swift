import JadeCore
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Testing

@Suite("Reduction")
struct ReductionTests {
    private static let dimension = 48
    private static let latent = 6

    /// Points that differ in six directions and lie far from zero in another.
    private func points(_ count: Int, seed: UInt64 = 71) -> [[Float]] {
        var random = SeededRandom(seed: seed)
        let axes = (0...Self.latent).map { _ in (0..<Self.dimension).map { _ in random.normal() } }
        return (0..<count).map { _ in
            var values = axes[0].map { $0 * 3 }
            for axis in axes[1...] {
                let length = random.normal()
                for index in values.indices { values[index] += length * axis[index] }
            }
            for index in values.indices { values[index] += 0.01 * random.normal() }
            return values
        }
    }

    private func matrix(_ points: [[Float]], _ metric: Metric) -> FloatMatrix {
        let rows = metric == .cosine ? points.map(unit) : points
        return FloatMatrix(rows.flatMap { $0 }, dimension: rows[0].count)
    }

    private func unit(_ values: [Float]) -> [Float] {
        let length = dot(values, values).squareRoot()
        return length > 0 ? values.map { $0 / Float(length) } : values
    }

    private func dot(_ left: [Float], _ right: [Float]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    private func axes(_ reduction: Reduction) throws -> [[Float]] {
        let matrix = try #require(reduction.axes)
        return (0..<matrix.count).map { row in (0..<matrix.dimension).map { matrix.row(row)[$0] } }
    }

    private func shadow(_ reduction: Reduction, _ values: [Float]) -> [Float] {
        var out = [Float](repeating: .nan, count: reduction.reduced)
        reduction.apply(values, into: &out)
        return out
    }

    private func principal(_ points: [[Float]], to reduced: Int, _ metric: Metric, threads: Int = 1) throws -> Reduction {
        .principal(
            matrix(points, metric), to: reduced, metric: metric, kernels: try Kernels.selected(), workers: .system(threads))
    }

    private func requireOrthonormal(_ axes: [[Float]]) {
        for (index, axis) in axes.enumerated() {
            for other in 0...index {
                let product = dot(axis, axes[other])
                #expect(abs(product - (other == index ? 1 : 0)) < 1e-4, "axes \(index) and \(other): \(product)")
            }
        }
    }

    @Test(
        "principal axes are orthonormal and keep what the points differ in, wherever these lie and however long they are",
        arguments: [Metric.euclidean, .dot], [Float(1), 1e18])
    func variation(metric: Metric, length: Float) throws {
        let points = points(500).map { $0.map { $0 * length } }
        let axes = try axes(principal(points, to: Self.latent, metric))
        requireOrthonormal(axes)
        let mean = (0..<Self.dimension).map { index in points.reduce(Float(0)) { $0 + $1[index] } / Float(points.count) }
        var (kept, all) = (0.0, 0.0)
        for point in points {
            let moved = zip(point, mean).map { $0 - $1 }
            for axis in axes { kept += dot(axis, moved) * dot(axis, moved) }
            all += dot(moved, moved)
        }
        // Five directions of the six and the way to the mean would keep five sixths.
        #expect(kept >= 0.999 * all, "\(kept / all)")
    }

    @Test("for cosine the mean is a direction too")
    func directions() throws {
        let points = points(500)
        // One axis too few: the mean is not the one that goes, since it is most of every point.
        for (reduced, least) in [(Self.latent + 1, 0.999), (Self.latent, 0.9)] {
            let axes = try axes(principal(points, to: reduced, .cosine))
            requireOrthonormal(axes)
            let kept = points.map(unit).reduce(0) { sum, point in axes.reduce(sum) { $0 + dot($1, point) * dot($1, point) } }
            #expect(kept >= least * Double(points.count), "\(kept) of \(points.count) by \(reduced) axes")
        }
    }

    @Test("distances between shadows are those of the vectors, those of products but for a number of the query's own")
    func distances() throws {
        let points = points(500)
        let queries = self.points(20, seed: 71).suffix(5)
        let near = try principal(points, to: Self.latent, .euclidean)
        let products = try principal(points, to: Self.latent, .dot)
        let angles = try principal(points, to: Self.latent + 1, .cosine)
        for query in queries {
            let base = dot(query, points[0]) - dot(shadow(products, query), shadow(products, points[0]))
            for point in points.prefix(50) {
                let moved = zip(query, point).map { $0 - $1 }
                let shadows = zip(shadow(near, query), shadow(near, point)).map { $0 - $1 }
                #expect(abs(dot(moved, moved) - dot(shadows, shadows)) < 0.05 + 1e-3 * dot(moved, moved))
                let lost = dot(query, point) - dot(shadow(products, query), shadow(products, point)) - base
                #expect(abs(lost) < 1e-3 * abs(dot(query, point)) + 2, "\(lost)")
                let angle = dot(unit(query), unit(point)) - dot(shadow(angles, query), shadow(angles, point))
                #expect(abs(angle) < 1e-3)
                #expect(abs(dot(shadow(angles, point), shadow(angles, point)) - 1) < 1e-5)
            }
        }
    }

    @Test("the same points give the same bits on any number of threads", arguments: Metric.ofProducts)
    func threads(metric: Metric) throws {
        let points = points(300)
        let one = try principal(points, to: 20, metric)
        for threads in [1, 2, 5] {
            #expect(try axes(principal(points, to: 20, metric, threads: threads)) == axes(one))
        }
        let matrix = matrix(points, metric)
        #expect(one.applied(to: matrix, workers: .system(3)).values == points.flatMap { shadow(one, metric == .cosine ? unit($0) : $0) })
    }

    @Test("fewer points than axes, points all alike and very large ones have axes as well", arguments: Metric.ofProducts)
    func degenerate(metric: Metric) throws {
        let alike = [[Float]](repeating: points(1)[0], count: 40)
        let zeros = [[Float]](repeating: [Float](repeating: 0, count: 8), count: 5)
        let large = points(200).map { $0.map { $0 * 1e17 } }
        for (points, reduced) in [(points(9), 30), (alike, 4), (zeros, 8), (points(60), Self.dimension), (large, 6)] {
            requireOrthonormal(try axes(principal(points, to: reduced, metric)))
        }
        let spread = try axes(principal(large, to: 6, .euclidean))
        #expect(spread == (try axes(principal(large, to: 6, .euclidean, threads: 2))))
    }

    @Test("truncation keeps the first components, for cosine at length 1, and zeros as zeros")
    func truncation() throws {
        let kernels = try Kernels.selected()
        let near = Reduction.truncation(to: 3, of: 5, metric: .euclidean, kernels: kernels)
        #expect(shadow(near, [1, 2, 3, 4, 5]) == [1, 2, 3])
        let angles = Reduction.truncation(to: 2, of: 5, metric: .cosine, kernels: kernels)
        #expect(zip(shadow(angles, [30, 40, 1, 1, 1]), [0.6, 0.8]).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(shadow(angles, [0, 0, 1, 1, 1]) == [0, 0])
    }
}
