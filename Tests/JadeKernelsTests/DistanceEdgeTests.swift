import JadeCore
import JadeKernels
import Testing

@Suite("Distances of unusual numbers")
struct DistanceEdgeTests {
    @Test("NaN anywhere in either vector gives NaN", arguments: hostLevels, ElementType.float32.metrics)
    func notANumber(level: KernelLevel, metric: Metric) {
        let kernel = Kernels.at(level).distance(for: metric)
        for dimension in [1, 7, 17, 33, 129] {
            let plain = [Float](repeating: 0.5, count: dimension)
            for place in 0..<dimension {
                var broken = plain
                broken[place] = .nan
                #expect(kernel.distance(plain, broken).isNaN, "dimension \(dimension), place \(place)")
                #expect(kernel.distance(broken, plain).isNaN, "dimension \(dimension), place \(place)")
            }
        }
    }

    @Test("infinities follow IEEE 754", arguments: hostLevels)
    func infinities(level: KernelLevel) {
        let kernels = Kernels.at(level)
        for dimension in [1, 9, 16, 65] {
            let one = [Float](repeating: 1, count: dimension)
            var infinite = one
            infinite[dimension - 1] = .infinity
            #expect(kernels.distance(for: .euclidean).distance(one, infinite) == .infinity)
            #expect(kernels.distance(for: .euclidean).distance(infinite, infinite).isNaN)
            #expect(kernels.distance(for: .dot).distance(one, infinite) == -.infinity)
            #expect(kernels.distance(for: .dot).distance([Float](repeating: 0, count: dimension), infinite).isNaN)
            #expect(kernels.distance(for: .cosine).distance(one, infinite).isNaN)
        }
    }

    @Test("sums beyond the range are infinite", arguments: hostLevels)
    func overflow(level: KernelLevel) {
        let large = [Float](repeating: 3e38, count: 33), opposite = [Float](repeating: -3e38, count: 33)
        #expect(Kernels.at(level).distance(for: .euclidean).distance(large, opposite) == .infinity)
        #expect(Kernels.at(level).distance(for: .dot).distance(large, opposite) == .infinity)
    }

    @Test("denormal numbers count as what they are", arguments: hostLevels)
    func denormals(level: KernelLevel) {
        let kernels = Kernels.at(level)
        let tiny = [Float](repeating: .leastNonzeroMagnitude, count: 33), one = [Float](repeating: 1, count: 33)
        #expect(kernels.dotProduct.distance(tiny, one) == 33 * Float.leastNonzeroMagnitude)
        #expect(kernels.distance(for: .euclidean).distance(tiny, tiny) == 0)
        #expect(kernels.distance(for: .cosine).distance(tiny, one) == 1)
    }

    @Test("no components and zero vectors", arguments: hostLevels)
    func nothing(level: KernelLevel) {
        let kernels = Kernels.at(level)
        #expect(kernels.distance(for: .euclidean).distance([], []) == 0)
        #expect(kernels.distance(for: .dot).distance([], []) == 0)
        #expect(kernels.distance(for: .cosine).distance([], []) == 1)
        for dimension in [1, 16, 31] {
            let zero = [Float](repeating: 0, count: dimension), one = [Float](repeating: 1, count: dimension)
            #expect(kernels.distance(for: .cosine).distance(zero, one) == 1)
            #expect(kernels.distance(for: .cosine).distance(one, zero) == 1)
            #expect(kernels.distance(for: .cosine).distance(zero, zero) == 1)
        }
    }

    @Test("cosine is exactly 0 to itself, 2 to the opposite, and free of scale", arguments: hostLevels)
    func cosine(level: KernelLevel) {
        var random = SeededRandom(seed: 5)
        let kernel = Kernels.at(level).distance(for: .cosine)
        for dimension in raggedDimensions where dimension > 0 {
            let a = random.vector(dimension)
            #expect(kernel.distance(a, a) == 0)
            #expect(kernel.distance(a, a.map { -$0 }) == 2)
            #expect(kernel.distance(a, a.map { $0 * 1e15 }) < 2e-6)
            #expect(kernel.distance(a.map { $0 * 1e-15 }, a.map { $0 * 1e15 }) < 2e-6)
        }
    }
}
