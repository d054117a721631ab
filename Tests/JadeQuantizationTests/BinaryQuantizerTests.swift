import JadeCore
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Testing

@Suite("Binary quantizer")
struct BinaryQuantizerTests {
    static let cases = Metric.ofProducts.flatMap { metric in RaBitQCode.allCases.map { (metric, $0) } }

    private func coded(_ metric: Metric, _ code: RaBitQCode) throws -> CodedVectors {
        try CodedVectors(metric: metric, dimension: 100) { .binary(BinaryQuantizer.train($0, code: code, metric: metric, kernels: $1)) }
    }

    @Test("rescoring some candidates finds the nearest", arguments: cases)
    func recall(metric: Metric, code: RaBitQCode) throws {
        let candidates = [120, 60, 30, 20, 16, 14, 12, 12][code.bits - 1]
        #expect(try coded(metric, code).recall(of: 10, among: candidates) >= 0.95)
    }

    @Test("estimates are near the distances and on neither side of them", arguments: cases)
    func estimates(metric: Metric, code: RaBitQCode) throws {
        let coded = try coded(metric, code)
        var (sum, squares, scale) = (0.0, 0.0, 0.0)
        for query in 0..<10 {
            let (many, gathered) = coded.distances(query)
            #expect(many == gathered)
            for row in 0..<coded.vectors.count {
                let values = coded.vectors.row(row)
                let factor = CodedVectors.scale(values, metric)
                let exact = coded.reference(query, values.map { $0 * factor })
                let error = Double(many[row]) - exact
                sum += error
                squares += error * error
                scale += metric == .dot ? coded.productOfLengths(query, row) : exact * exact
            }
        }
        let count = Double(10 * coded.vectors.count)
        let (mean, deviation, size) = (sum / count, (squares / count).squareRoot(), (scale / count).squareRoot())
        let allowed = [0.1, 0.05, 0.03, 0.02, 0.012, 0.01, 0.01, 0.01][code.bits - 1]
        #expect(deviation < allowed * size, "deviation \(deviation) of \(size)")
        #expect(abs(mean) < 0.5 * deviation, "mean \(mean), deviation \(deviation)")
    }

    @Test("a decoded vector lies in the row's direction from the mean", arguments: RaBitQCode.allCases)
    func decoding(code: RaBitQCode) throws {
        let coded = try coded(.euclidean, code)
        let mean = coded.quantizer.codebook.values
        for row in stride(from: 0, to: coded.vectors.count, by: 97) {
            let (exact, near) = (zip(coded.vectors.row(row), mean).map { $0 - $1 }, zip(coded.decoded(row), mean).map { $0 - $1 })
            let product = zip(exact, near).reduce(Float(0)) { $0 + $1.0 * $1.1 }
            let lengths = [exact, near].map { $0.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot() }
            #expect(product / (lengths[0] * lengths[1]) > [0.7, 0.9, 0.97, 0.99, 0.998, 0.9993, 0.9998, 0.9999][code.bits - 1])
        }
    }

    @Test("codes are the same after the codebook comes back from its bytes", arguments: RaBitQCode.allCases)
    func reload(code: RaBitQCode) throws {
        let coded = try coded(.cosine, code)
        let back = try Quantizer(try Codebook(coded.quantizer.codebook.encoded(), file: "book"), file: "book", kernels: coded.kernels)
        for row in 0..<50 {
            var (first, second) = ([UInt32](repeating: 0, count: back.codeBytes / 4), [UInt32](repeating: 1, count: back.codeBytes / 4))
            coded.quantizer.encode(coded.vectors.row(row), scale: 0.25, into: &first)
            back.encode(coded.vectors.row(row), scale: 0.25, into: &second)
            #expect(first == second)
        }
    }
}
