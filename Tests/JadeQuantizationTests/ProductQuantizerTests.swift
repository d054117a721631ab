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

    /// Points in few directions that no piece has for itself.
    private func slanted(_ count: Int, _ dimension: Int) -> [Float] {
        var random = SeededRandom(seed: 32)
        let axes = (0..<6).map { _ in (0..<dimension).map { _ in random.normal() } }
        return (0..<count).flatMap { _ in
            let weights = axes.map { _ in random.normal() }
            return (0..<dimension).map { index in zip(axes, weights).reduce(0.05 * random.normal()) { $0 + $1.0[index] * $1.1 } }
        }
    }

    private func learned(_ rows: [Float], _ dimension: Int, threads: Int, learns: Bool = true) throws -> ProductQuantizer {
        var training = ProductTraining(.pq4, subspaces: 8)
        (training.rotationSeed, training.learnsRotation) = (7, learns)
        return try training.train(
            FloatMatrix(rows, dimension: dimension), metric: .euclidean, kernels: try Kernels.selected(), workers: .system(threads))
    }

    private func error(_ quantizer: ProductQuantizer, _ rows: [Float]) -> Double {
        let dimension = quantizer.dimension
        var code = [UInt32](repeating: 0, count: quantizer.codeBytes / 4), near = [Float](repeating: 0, count: dimension)
        return stride(from: 0, to: 300 * dimension, by: dimension).reduce(0.0) { sum, start in
            quantizer.encode(Array(rows[start..<start + dimension]), scale: 1, into: &code)
            quantizer.decode(code, into: &near)
            return (0..<dimension).reduce(sum) { $0 + Double((rows[start + $1] - near[$1]) * (rows[start + $1] - near[$1])) }
        }
    }

    @Test("a learned rotation loses less than a random one, keeps lengths, and is the same on any number of threads")
    func learnedRotation() throws {
        let dimension = 44, rows = slanted(3000, dimension)
        let quantizer = try learned(rows, dimension, threads: 1)
        #expect(quantizer.hasLearnedRotation)
        #expect(try error(quantizer, rows) < 0.6 * error(learned(rows, dimension, threads: 1, learns: false), rows))
        #expect(try learned(rows, dimension, threads: 3).codebook == quantizer.codebook)
        for start in stride(from: 0, to: 40 * dimension, by: dimension) {
            let row = Array(rows[start..<start + dimension])
            var arranged = [Float](repeating: 0, count: quantizer.paddedDimension)
            quantizer.arrange(row, scale: 1, into: &arranged)
            let lengths = [row, arranged].map { $0.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
            #expect(abs(lengths[0] - lengths[1]) < 1e-4 * lengths[0])
        }
        let back = try Quantizer(try Codebook(quantizer.codebook.encoded(), file: "book"), file: "book", kernels: try Kernels.selected())
        guard case .product(let product) = back else { return #expect(Bool(false), "another quantizer came back") }
        #expect(product.hasLearnedRotation && product.codebook == quantizer.codebook)
        #expect(error(product, rows) == error(quantizer, rows))
    }

    @Test("a rotation cannot be learned from fewer points than centroids, and the watch ends it")
    func badRotation() throws {
        let rows = slanted(100, 12)
        #expect(throws: JadeError.invalidArgument("5 points cannot make 16 clusters")) { try learned(Array(rows[..<60]), 12, threads: 1) }
        var training = ProductTraining(.pq4, subspaces: 4)
        training.learnsRotation = true
        let watch = TrainingWatch { $0.stage != .rotating || $0.done < 2 }
        #expect(throws: JadeError.self) {
            try training.train(
                FloatMatrix(rows, dimension: 12), metric: .dot, kernels: try Kernels.selected(), workers: .system(1), watch: watch)
        }
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
