import JadeCore
import JadeKernels
import Testing

@Suite("RaBitQ codes and their estimates")
struct RaBitQTests {
    /// Rows of codes of random residuals, whole words so that they are aligned, and a query.
    private struct Scene {
        let space: RaBitQSpace
        let residuals: [[Float]]
        let query: [Float]
        let rows: [UInt32]

        init(_ space: RaBitQSpace, rows count: Int, level: KernelLevel, random: inout SeededRandom) {
            let residuals = (0..<count).map { _ in random.vector(space.dimension) }
            var rows = [UInt32](repeating: .max, count: count * space.byteCount / 4)
            rows.withUnsafeMutableBytes { bytes in
                for (number, residual) in residuals.enumerated() {
                    Kernels.at(level).encode(space, residual, into: bytes.baseAddress! + number * space.byteCount)
                }
            }
            (self.space, self.residuals, self.rows) = (space, residuals, rows)
            query = random.vector(space.dimension)
        }

        func estimates(_ level: KernelLevel, bits: Int) -> (out: [Float], lower: [Float]) {
            let query = RaBitQQuery(space.code, dimension: space.dimension, bits: bits, kernels: .at(level))
            query.set(self.query, in: space)
            var out = [Float](repeating: 0, count: residuals.count), lower = out, gathered = out
            GuardedMemory.with {
                let base = UnsafeRawPointer($0.copy(rows)), ordinals = (0..<UInt32(out.count)).reversed() as [UInt32]
                query.many(base, strideBytes: space.byteCount, count: out.count, out: &out, lower: &lower)
                query.gather(base, strideBytes: space.byteCount, ordinals: ordinals, count: out.count, out: &gathered)
            }
            #expect(Array(gathered.reversed()) == out)
            return (out, lower)
        }

        func exact(_ row: Int, center: [Float]) -> Double {
            let x = residuals[row]
            if space.family == .l2sq { return Reference.distance(.euclidean, x, query).value }
            return -zip(zip(x, query), center).reduce(0.0) { $0 + Double($1.0.0 + $1.1) * Double($1.0.1 + $1.1) }
        }
    }

    @Test("estimates are near the distances, and the bounds hold", arguments: hostLevels, RaBitQCode.allCases)
    func estimates(level: KernelLevel, code: RaBitQCode) {
        for family in [DistanceFamily.l2sq, .ndot] { check(family, code, level) }
    }

    private func check(_ family: DistanceFamily, _ code: RaBitQCode, _ level: KernelLevel) {
        var random = SeededRandom(seed: 37)
        // The spread of the estimate of a product relative to the lengths, times the square root of the dimension.
        let spread = [0.8, 0.45, 0.24, 0.12, 0.07, 0.045, 0.03, 0.02][code.bits - 1]
        for dimension in [64, 100, 128, 129, 384, 768] {
            let center = random.vector(dimension)
            center.withUnsafeBufferPointer { center in
                let space = RaBitQSpace(code, family, dimension: dimension, center: center.baseAddress)
                let scene = Scene(space, rows: 50, level: level, random: &random)
                let (out, lower) = scene.estimates(level, bits: 6)
                let norm = Double(dimension) / 3 * (family == .l2sq ? 2 : 1)
                var below = 0
                for row in 0..<50 {
                    let want = scene.exact(row, center: Array(center))
                    #expect(abs(Double(out[row]) - want) <= 5 * spread * norm / Double(dimension).squareRoot(), "\(dimension)")
                    below += want < Double(lower[row]) ? 1 : 0
                    #expect(lower[row] <= out[row])
                }
                // Of more bits the error of the query, which is beside the bound, is as large.
                if code.bits < 6 { #expect(below <= 9, "\(below) of 50 below their bounds at dimension \(dimension)") }
            }
        }
    }

    @Test("more bits of a query are nearer to more bits", arguments: hostLevels)
    func queryBits(level: KernelLevel) {
        var random = SeededRandom(seed: 38)
        let space = RaBitQSpace(.rabitq1, .l2sq, dimension: 256)
        let scene = Scene(space, rows: 40, level: level, random: &random)
        let best = scene.estimates(level, bits: 8).out
        let errors = [1, 2, 4, 6].map { bits in
            zip(scene.estimates(level, bits: bits).out, best).reduce(0) { $0 + abs($1.0 - $1.1) }
        }
        #expect(errors == errors.sorted(by: >), "\(errors)")
    }

    @Test("levels agree, the centre has no direction, and what is not finite has no distance", arguments: hostLevels, RaBitQCode.allCases)
    func edges(level: KernelLevel, code: RaBitQCode) {
        var random = SeededRandom(seed: 39)
        for dimension in [0, 1, 2, 63, 65, 200] {
            let scene = Scene(RaBitQSpace(code, .l2sq, dimension: dimension), rows: 9, level: .serial, random: &random)
            let (mine, plain) = (scene.estimates(level, bits: 4).out, scene.estimates(.serial, bits: 4).out)
            #expect(zip(mine, plain).allSatisfy { abs($0 - $1) <= 1e-3 * (1 + abs($1)) }, "dimension \(dimension)")
        }
        let space = RaBitQSpace(code, .l2sq, dimension: 3)
        let query = RaBitQQuery(code, dimension: 3, kernels: .at(level))
        for (row, want) in [([0, 0, 0], Float(14)), ([0, .nan, 0], .nan), ([.infinity, 1, 1], .nan)] as [([Float], Float)] {
            var bytes = [UInt32](repeating: 0, count: space.byteCount / 4), out: Float = 0
            Kernels.at(level).encode(space, row, into: &bytes)
            query.set([1, 2, 3], in: space)
            query.many(bytes, strideBytes: space.byteCount, count: 1, out: &out)
            #expect(want.isNaN ? out.isNaN : abs(out - want) < 1e-3)
            query.set([1, .nan, 3], in: space)
            query.many(bytes, strideBytes: space.byteCount, count: 1, out: &out)
            #expect(out.isNaN)
        }
    }
}
