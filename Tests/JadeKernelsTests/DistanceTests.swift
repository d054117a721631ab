import JadeCore
import JadeKernels
import Testing

@Suite("Distances")
struct DistanceTests {
    @Test("one is within the stated tolerance at every dimension and start", arguments: hostLevels, ElementType.float32.metrics)
    func oneIsExactEnough(level: KernelLevel, metric: Metric) {
        var random = SeededRandom(seed: 1)
        let kernel = Kernels.at(level).distance(for: metric)
        for dimension in raggedDimensions {
            for offset in [0, 1, 3, 7, 13] {
                let a = random.vector(dimension + offset), b = random.vector(dimension + 2 * offset)
                let want = Reference.distance(metric, Array(a[offset...]), Array(b[(2 * offset)...]))
                let got = a.withUnsafeBufferPointer { a in
                    b.withUnsafeBufferPointer { b in
                        kernel.distance(.init(rebasing: a[offset...]), .init(rebasing: b[(2 * offset)...]))
                    }
                }
                #expect(Reference.isClose(got, want), "dimension \(dimension), offset \(offset): \(got), expected \(want.value)")
            }
        }
    }

    @Test("the plain dot product has the opposite sign of the distance", arguments: hostLevels)
    func dotProduct(level: KernelLevel) {
        var random = SeededRandom(seed: 2)
        let kernels = Kernels.at(level)
        for dimension in raggedDimensions {
            let a = random.vector(dimension), b = random.vector(dimension)
            #expect(kernels.dotProduct.distance(a, b) == -kernels.distance(for: .dot).distance(a, b))
        }
        #expect(kernels.dotProduct.distance([1, 2, 3], [4, 5, 6]) == 32)
    }

    @Test("many and gather give the bits that one gives", arguments: hostLevels, ElementType.float32.metrics)
    func shapesAgree(level: KernelLevel, metric: Metric) {
        var random = SeededRandom(seed: 3)
        let kernel = Kernels.at(level).distance(for: metric)
        for dimension in raggedDimensions where dimension > 0 {
            for count in [0, 1, 2, 3, 4, 5, 8, 11] {
                let rows = Rows(count: max(count, 1), dimension: dimension, padding: count % 3, random: &random)
                let query = random.vector(dimension)
                let ordinals = (0..<count).map { _ in UInt32.random(in: 0..<UInt32(rows.count), using: &random) }
                let single = (0..<rows.count).map { kernel.distance(query, rows[$0]) }
                #expect(rows.many(kernel, query, count).map(\.bitPattern) == single.prefix(count).map(\.bitPattern))
                #expect(
                    rows.gather(kernel, query, ordinals).map(\.bitPattern) == ordinals.map { single[Int($0)].bitPattern },
                    "dimension \(dimension), ordinals \(ordinals)")
            }
        }
    }

    @Test("a distance does not depend on the order of its vectors", arguments: hostLevels, ElementType.float32.metrics)
    func isSymmetric(level: KernelLevel, metric: Metric) {
        var random = SeededRandom(seed: 4)
        let kernel = Kernels.at(level).distance(for: metric)
        for dimension in raggedDimensions {
            let a = random.vector(dimension), b = random.vector(dimension)
            #expect(kernel.distance(a, b).bitPattern == kernel.distance(b, a).bitPattern)
        }
    }
}

/// Rows of equal dimension with a gap of `padding` numbers behind each.
struct Rows {
    let count: Int
    let dimension: Int
    let stride: Int
    private let values: [Float]

    init(count: Int, dimension: Int, padding: Int, random: inout SeededRandom) {
        self.count = count
        self.dimension = dimension
        stride = dimension + padding
        values = random.vector(count * stride)
    }

    subscript(row: Int) -> [Float] { Array(values[(row * stride)..<(row * stride + dimension)]) }

    func many(_ kernel: DistanceKernel, _ query: [Float], _ rows: Int) -> [Float] {
        checkedOutput(rows) { kernel.many(query, values, stride * 4, rows, dimension, $0) }
    }

    func gather(_ kernel: DistanceKernel, _ query: [Float], _ ordinals: [UInt32]) -> [Float] {
        checkedOutput(ordinals.count) { kernel.gather(query, values, stride * 4, ordinals, ordinals.count, dimension, $0) }
    }

    /// What `body` writes, after a check that it writes `count` numbers and none behind.
    private func checkedOutput(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
        var out = [Float](repeating: -777, count: count + 4)
        out.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
        #expect(out[count...].allSatisfy { $0 == -777 }, "wrote behind \(count) results")
        return Array(out[..<count])
    }
}
