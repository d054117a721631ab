import JadeCore
import JadeIndex
import JadeTestSupport
import Testing

@Suite("Graph over codes")
struct CodesTests {
    static let codes: [IndexSettings.Quantization] = [.sq8, .sq4]
    /// The graph is built by the rows and only searched by these.
    static let traversalCodes: [IndexSettings.Quantization] = [.pq, .rabitq, .rabitq4, .rabitq8]

    private func oversampling(_ quantization: IndexSettings.Quantization, _ metric: Metric) -> Double {
        switch quantization {
        case .none, .sq8, .rabitq8: 2
        case .sq4, .rabitq4: 6
        // A product errs with the lengths of the vectors, a distance with what lies between them: of ten rows nearest by product, an exact
        // look at all codes (another library's, of rows like these) has 0.95 to 0.97 among its best 100, all of those nearest by distance.
        case .pq: metric == .dot ? 20 : 10
        case .rabitq: 20
        }
    }

    private func index(
        _ vectors: TestVectors, _ metric: Metric, _ quantization: IndexSettings.Quantization, rescore: Bool = true
    ) throws -> AcceleratedIndex {
        let settings = IndexSettings(
            m: 16, efConstruction: 120, quantization: quantization, rescore: rescore,
            oversampling: oversampling(quantization, metric))
        let index = try AcceleratedIndex(dimension: vectors.dimension, metric: metric, settings: settings)
        _ = try index.add(rows: vectors.rows, threads: 2)
        return index
    }

    @Test("it finds what an exact search finds, with exact scores", arguments: Metric.ofProducts, codes + traversalCodes)
    func recallOfCodes(metric: Metric, quantization: IndexSettings.Quantization) throws {
        let vectors = TestVectors(count: 4_000, queries: 50, dimension: 50, seed: 51)
        let index = try index(vectors, metric, quantization)
        #expect(try recall(vectors, index, efSearch: 120) >= 0.97)
        for query in 0..<20 {
            let values = vectors.query(query)
            let matches = try index.search(values, topK: 10, efSearch: 120)
            let exact = try index.search(values, topK: 4_000, exact: true)
            for match in matches { #expect(exact.contains(match), "a score that no exact search gives") }
        }
    }

    @Test("without rescoring, scores are near the exact ones and the order nearly theirs", arguments: Metric.ofProducts, codes)
    func unrescored(metric: Metric, quantization: IndexSettings.Quantization) throws {
        let vectors = TestVectors(count: 3_000, queries: 40, dimension: 64, seed: 52)
        let index = try index(vectors, metric, quantization, rescore: false)
        #expect(try recall(vectors, index, efSearch: 120) >= (quantization == .sq8 ? 0.9 : 0.6))
        for query in 0..<10 {
            let values = vectors.query(query)
            let exact = Dictionary(
                uniqueKeysWithValues: try index.search(values, topK: 3_000, exact: true).map { ($0.ordinal, $0.score) })
            let spread = abs(exact.values.max()! - exact.values.min()!)
            for match in try index.search(values, topK: 10, efSearch: 120) {
                let wrong = abs(match.score - exact[match.ordinal]!)
                #expect(wrong <= spread * (quantization == .sq8 ? 0.02 : 0.15), "\(match.score) for \(exact[match.ordinal]!)")
            }
        }
    }

    @Test("codes take about as many bytes as they promise", arguments: [(IndexSettings.Quantization.sq8, 1.0), (.sq4, 0.5)])
    func memory(quantization: IndexSettings.Quantization, bytesPerComponent: Double) throws {
        let vectors = TestVectors(count: 1_000, queries: 1, dimension: 128, seed: 53)
        let with = try index(vectors, .euclidean, quantization).memoryBytes
        let without = try index(vectors, .euclidean, .none).memoryBytes
        let perRow = Double(with - without) / 1_000
        #expect(perRow >= 128 * bytesPerComponent)
        #expect(perRow <= 128 * bytesPerComponent * 1.3)
    }

    @Test("short codes are what searches read, and take what they promise", arguments: zip(traversalCodes, [32, 32, 80, 144]))
    func traversal(quantization: IndexSettings.Quantization, bytes: Int) throws {
        let vectors = TestVectors(count: 3_000, queries: 40, dimension: 128, seed: 57)
        let coded = try index(vectors, .euclidean, quantization, rescore: false)
        let plain = try index(vectors, .euclidean, .none)
        // Graphs of several threads differ in a few upper layers.
        #expect(abs(Double(coded.memoryBytes - plain.memoryBytes) / 3_000 - Double(bytes)) < 2)
        let (byCodes, byRows) = (try recall(vectors, coded, efSearch: 120), try recall(vectors, plain, efSearch: 120))
        #expect(byCodes >= (quantization == .rabitq ? 0.3 : 0.6) && byCodes < byRows)
        // Few rows have none, and are compared themselves.
        let few = try AcceleratedIndex(
            dimension: 128, metric: .euclidean, settings: IndexSettings(quantization: quantization, rescore: false))
        _ = try few.add(rows: Array(vectors.rows[..<(500 * 128)]))
        #expect(try few.search(vectors.row(7), topK: 1, efSearch: 100).first?.score == 0)
        // A part is removed, its slots coded anew, and filters pass rows over.
        for ordinal in 0..<1_000 { coded.remove(UInt32(ordinal)) }
        coded.compact(threads: 2)
        let best = try coded.search(vectors.query(0), topK: 20, efSearch: 100, rescore: true)
        #expect(best.count == 20 && best.allSatisfy { $0.ordinal >= 1_000 })
    }

    @Test("a graph whose many rows were linked by codes is as good as one linked by rows, and keeps none", arguments: Metric.ofProducts)
    func draft(metric: Metric) throws {
        let count = HNSWIndex.draftedRows + 1_000
        let vectors = TestVectors(count: count, queries: 100, dimension: 40, seed: 58)
        let settings = IndexSettings(m: 12, efConstruction: 100)
        let drafted = try AcceleratedIndex(dimension: 40, metric: metric, settings: settings)
        _ = try drafted.add(rows: Array(vectors.rows[..<(500 * 40)]))
        _ = try drafted.add(rows: Array(vectors.rows[(500 * 40)...]), threads: 2)
        let plain = try AcceleratedIndex(dimension: 40, metric: metric, settings: settings)
        for start in stride(from: 0, to: count, by: 4_000) {
            _ = try plain.add(rows: Array(vectors.rows[(start * 40)..<(min(start + 4_000, count) * 40)]), threads: 2)
        }
        #expect(drafted.count == count && abs(drafted.memoryBytes - plain.memoryBytes) < count)
        for ef in [20, 60, 200] {
            #expect(try recall(vectors, drafted, efSearch: ef) >= recall(vectors, plain, efSearch: ef) - 0.01)
        }
        let values = vectors.query(0)
        let exact = try drafted.search(values, topK: count, exact: true)
        for match in try drafted.search(values, topK: 10, efSearch: 100) { #expect(exact.contains(match), "a score that no exact search gives") }
    }

    @Test("rows added one by one are found as well", arguments: codes)
    func oneByOne(quantization: IndexSettings.Quantization) throws {
        let vectors = TestVectors(count: 1_500, queries: 30, dimension: 24, seed: 54)
        let settings = IndexSettings(m: 12, efConstruction: 80, quantization: quantization, oversampling: 4)
        let index = try AcceleratedIndex(dimension: 24, metric: .euclidean, settings: settings)
        for row in 0..<1_500 { try index.add(vectors.row(row)) }
        #expect(try recall(vectors, index, efSearch: 100) >= 0.97)
    }

    @Test("zero rows and rows all alike are coded", arguments: Metric.ofProducts, codes)
    func degenerate(metric: Metric, quantization: IndexSettings.Quantization) throws {
        let settings = IndexSettings(m: 4, efConstruction: 20, quantization: quantization)
        let index = try AcceleratedIndex(dimension: 3, metric: metric, settings: settings)
        for _ in 0..<20 { try index.add([0, 0, 0]) }
        for _ in 0..<20 { try index.add([5, 5, 5]) }
        #expect(try index.search([5, 5, 5], topK: 40, efSearch: 80).count == 40)
        #expect(try index.search([5, 5, 5], topK: 1, efSearch: 80).first?.ordinal ?? 0 >= 20)
    }
}
