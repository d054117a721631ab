import JadeCore
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Testing

@Suite("Product quantizer")
struct ProductQuantizerTests {
    static let cases = Metric.ofProducts.flatMap { metric in PQCode.allCases.map { (metric, $0) } }

    private func coded(_ metric: Metric, _ code: PQCode, subspaces: Int, rotated: Bool = false, threads: Int = 1) throws -> CodedVectors {
        var training = ProductTraining(code, subspaces: subspaces)
        training.rotationSeed = rotated ? 5 : 0
        return try CodedVectors(metric: metric, dimension: 50) {
            .product(try training.train($0, metric: metric, kernels: $1, workers: .system(threads)))
        }
    }

    @Test("distances to codes are those to the vectors they stand for, whatever is left of the last piece", arguments: cases)
    func distances(metric: Metric, code: PQCode) throws {
        for subspaces in [1, 7, 25, 50] { try coded(metric, code, subspaces: subspaces).checkDistances(tolerance: 1e-4) }
        try coded(metric, code, subspaces: 13, rotated: true).checkDistances(tolerance: 1e-4)
    }

    @Test("rescoring some candidates finds the nearest", arguments: cases)
    func recall(metric: Metric, code: PQCode) throws {
        let found = try coded(metric, code, subspaces: 25).recall(of: 10, among: code == .pq8 ? 30 : 80)
        #expect(found >= 0.95)
    }

    @Test("a rotation evens out components of unequal spread")
    func rotation() throws {
        var random = SeededRandom(seed: 31)
        let rows = (0..<3000).flatMap { _ in (0..<32).map { random.normal() * ($0 < 4 ? 10 : 0.1) } }
        func error(_ seed: UInt64) throws -> Double {
            var training = ProductTraining(.pq4, subspaces: 8)
            training.rotationSeed = seed
            let quantizer = try training.train(
                FloatMatrix(rows, dimension: 32), metric: .euclidean, kernels: try Kernels.selected(), workers: .system(1))
            var code = [UInt32](repeating: 0, count: quantizer.codeBytes / 4)
            var near = [Float](repeating: 0, count: 32)
            return (0..<100).reduce(0.0) { sum, row in
                quantizer.encode(Array(rows[row * 32..<row * 32 + 32]), scale: 1, into: &code)
                quantizer.decode(code, into: &near)
                return (0..<32).reduce(sum) { $0 + Double((rows[row * 32 + $1] - near[$1]) * (rows[row * 32 + $1] - near[$1])) }
            }
        }
        #expect(try error(7) < 0.8 * error(0))
    }

    @Test("the number of threads changes nothing")
    func repeatable() throws {
        let alone = try coded(.euclidean, .pq4, subspaces: 10).quantizer.codebook
        #expect(try coded(.euclidean, .pq4, subspaces: 10, threads: 4).quantizer.codebook == alone)
    }

    @Test("codes are the same after the codebook comes back from its bytes", arguments: PQCode.allCases)
    func reload(code: PQCode) throws {
        let coded = try coded(.dot, code, subspaces: 9, rotated: true)
        let back = try Quantizer(try Codebook(coded.quantizer.codebook.encoded(), file: "book"), file: "book", kernels: coded.kernels)
        for row in 0..<50 {
            var (first, second) = ([UInt32](repeating: 0, count: back.codeBytes / 4), [UInt32](repeating: 1, count: back.codeBytes / 4))
            coded.quantizer.encode(coded.vectors.row(row), scale: 1, into: &first)
            back.encode(coded.vectors.row(row), scale: 1, into: &second)
            #expect(first == second)
        }
    }

    @Test("what cannot be trained is refused")
    func badInput() throws {
        let points = FloatMatrix([Float](repeating: 1, count: 40), dimension: 4)
        let kernels = try Kernels.selected()
        #expect(throws: JadeError.self) {
            try ProductTraining(.pq4, subspaces: 5).train(points, metric: .dot, kernels: kernels, workers: .system(1))
        }
        #expect(throws: JadeError.invalidArgument("10 points cannot make 16 clusters")) {
            try ProductTraining(.pq4, subspaces: 2).train(points, metric: .dot, kernels: kernels, workers: .system(1))
        }
        let more = FloatMatrix(TestVectors(count: 300, queries: 0, dimension: 4, seed: 3).rows, dimension: 4)
        let error = #expect(throws: JadeError.self) {
            try ProductTraining(.pq4, subspaces: 2).train(
                more, metric: .dot, kernels: kernels, workers: .system(1), watch: TrainingWatch { _ in false })
        }
        #expect(error?.code == .cancelled)
    }
}
