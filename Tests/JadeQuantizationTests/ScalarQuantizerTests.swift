import JadeCore
import JadeKernels
import JadeQuantization
import JadeTestSupport
import Testing

@Suite("Scalar quantizer")
struct ScalarQuantizerTests {
    static let cases = Metric.ofProducts.flatMap { metric in ScalarQuantizer.Bits.allCases.map { (metric, $0) } }

    @Test("distances to codes are those to the vectors they stand for", arguments: cases)
    func distances(metric: Metric, bits: ScalarQuantizer.Bits) throws {
        let coded = try CodedVectors(metric: metric, dimension: 50) {
            .scalar(ScalarQuantizer.train($0, bits: bits, metric: metric, kernels: $1))
        }
        coded.checkDistances(tolerance: 1e-4)
    }

    @Test("rescoring a few candidates finds the nearest", arguments: cases)
    func recall(metric: Metric, bits: ScalarQuantizer.Bits) throws {
        let coded = try CodedVectors(metric: metric, dimension: 50) {
            .scalar(ScalarQuantizer.train($0, bits: bits, metric: metric, kernels: $1))
        }
        #expect(coded.recall(of: 10, among: bits == .eight ? 12 : 40) >= 0.97)
    }

    @Test("what all rows have in common costs no precision")
    func commonPart() throws {
        var random = SeededRandom(seed: 2)
        let rows = (0..<500).flatMap { _ in (0..<32).map { Float($0 * 1000) + random.normal() } }
        let quantizer = ScalarQuantizer.train(FloatMatrix(rows, dimension: 32), bits: .four, metric: .euclidean, kernels: try Kernels.selected())
        var code = [UInt32](repeating: 0, count: quantizer.codeBytes / 4)
        var decoded = [Float](repeating: 0, count: 32)
        for row in stride(from: 0, to: 500, by: 50) {
            let values = Array(rows[row * 32..<(row + 1) * 32])
            quantizer.encode(values, scale: 1, into: &code)
            quantizer.decode(code, into: &decoded)
            for (value, near) in zip(values, decoded) { #expect(abs(value - near) < 1.5) }
        }
    }
}
