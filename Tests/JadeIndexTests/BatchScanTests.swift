import JadeCore
import JadeIndex
import JadeKernels
import JadeTestSupport
import Testing

@Suite("Exact searches of many queries")
struct BatchScanTests {
    /// Rows that make a bound's life hard, each in its own way.
    enum Shape: CaseIterable {
        /// As real ones are.
        case clusters
        /// Whole numbers of a byte: many equal distances.
        case bytes
        case coarse
        /// Nearly the same row over and over: codes tell none from another.
        case nearlyEqual
        /// Far from the origin, close to each other.
        case faraway
        /// One component outweighs all others, so that a step hides these.
        case outlier
        case tiny, huge
        /// Squares leave the range of f32.
        case beyond
        /// Lengths from 1e-12 to 1e12, and zeroes.
        case mixed
    }

    /// Rows of their own, as an embedding index has them.
    final class Fixture {
        let rows: UnsafeMutablePointer<Float>
        let queries: [Float]
        let scales: UnsafeMutablePointer<Float>
        let source: RowSource
        let count: Int

        init(_ shape: Shape, _ metric: Metric, count: Int, queryCount: Int, dimension: Int, kernels: Kernels, seed: UInt64) {
            var random = SeededRandom(seed: seed)
            let vectors = TestVectors(count: count, queries: queryCount, dimension: dimension, seed: seed)
            func shaped(_ values: [Float], _ number: Int) -> [Float] {
                switch shape {
                case .clusters: return values
                case .bytes: return values.map { ($0 * 20 + 100).rounded() }
                case .coarse: return values.map { $0.rounded() }
                case .nearlyEqual: return values.indices.map { 1 + Float($0) + 1e-6 * Float.random(in: -1...1, using: &random) }
                case .faraway: return values.map { 1e4 + $0 }
                case .outlier: return values.indices.map { $0 == number % dimension ? values[$0] * 1e5 : values[$0] }
                case .tiny: return values.map { $0 * 1e-25 }
                case .huge: return values.map { $0 * 1e15 }
                case .beyond: return values.map { $0 * 1e20 }
                case .mixed: return values.map { $0 * [0, 1e-12, 1, 1e6, 1e12][number % 5] }
                }
            }
            let values = UnsafeMutablePointer<Float>.allocate(capacity: count * dimension)
            let lengths = UnsafeMutablePointer<Float>.allocate(capacity: count)
            for row in 0..<count {
                for (index, value) in shaped(vectors.row(row), row).enumerated() { values[row * dimension + index] = value }
                lengths[row] = RowSource.scale(of: values + row * dimension, dimension: dimension, kernels: kernels)
            }
            // Some queries are rows, one is zero.
            var asked: [Float] = []
            for query in 0..<queryCount {
                if query == 3 {
                    asked += [Float](repeating: 0, count: dimension)
                } else if query % 4 == 1 {
                    asked += UnsafeBufferPointer(start: values + query * dimension, count: dimension)
                } else {
                    asked += shaped(vectors.query(query), query + 1)
                }
            }
            (rows, scales, queries) = (values, lengths, asked)
            source = RowSource(
                base: UnsafeRawPointer(values), stride: dimension * 4, dimension: dimension, metric: metric,
                scales: metric == .cosine ? UnsafePointer(lengths) : nil)
            self.count = count
        }

        deinit {
            rows.deallocate()
            scales.deallocate()
        }
    }

    static var everything: Visibility { Visibility(stamps: nil, sequence: 0) }

    /// Whether a batch has the answers of its queries one by one, to the bit.
    static func check(
        _ fixture: Fixture, kernels: Kernels, coded: Int, k: Int, range: Range<Int>? = nil,
        visibility: Visibility = everything, hidesRows: Bool = false, _ comment: Comment
    ) {
        let scan = ExactScan(rows: fixture.source, kernels: kernels)
        scan.codes.extend(to: coded)
        #expect(scan.codes.count == coded)
        let dimension = fixture.source.dimension, range = range ?? 0..<fixture.count
        let count = fixture.queries.count / dimension
        let answers = fixture.queries.withUnsafeBufferPointer {
            scan.searchBatch($0.baseAddress!, count: count, k: k, in: range, visibility, hidesRows: hidesRows)
        }
        #expect(answers.count == count)
        for query in 0..<count {
            let alone = fixture.queries.withUnsafeBufferPointer {
                scan.search($0.baseAddress! + query * dimension, k: k, in: range, visibility, hidesRows: hidesRows)
            }
            #expect(answers[query] == alone, comment)
        }
    }

    @Test("a batch has the answers of its queries alone, with codes of all rows, of some and of none", arguments: Shape.allCases)
    func answers(shape: Shape) {
        for kernels in Kernels.available {
            for metric in Metric.ofProducts {
                for dimension in [3, 17, 100] {
                    let fixture = Fixture(
                        shape, metric, count: 700, queryCount: 21, dimension: dimension, kernels: kernels, seed: UInt64(dimension))
                    for (coded, k) in [(700, 10), (450, 1), (0, 10), (700, 800)] {
                        Self.check(
                            fixture, kernels: kernels, coded: coded, k: k,
                            "\(shape), \(metric), \(kernels.level), \(dimension), \(coded) coded, k \(k)")
                    }
                }
            }
        }
    }

    @Test("sums of magnitudes are found by tiles as they are one by one", arguments: Shape.allCases)
    func magnitudes(shape: Shape) {
        for kernels in Kernels.available {
            for dimension in [3, 17, 100] {
                let fixture = Fixture(
                    shape, .manhattan, count: 700, queryCount: 21, dimension: dimension, kernels: kernels, seed: UInt64(dimension))
                for (range, k) in [(0..<700, 10), (0..<700, 800), (0..<0, 3), (5..<699, 1)] {
                    Self.check(fixture, kernels: kernels, coded: 0, k: k, range: range, "\(shape), \(kernels.level), \(dimension), \(range), k \(k)")
                }
                let every2nd = [UInt64](repeating: 0xAAAA_AAAA_AAAA_AAAA, count: 11)
                every2nd.withUnsafeBufferPointer {
                    let visibility = Visibility(stamps: nil, sequence: 0, allowed: $0.baseAddress, allowedWords: $0.count)
                    Self.check(fixture, kernels: kernels, coded: 0, k: 10, visibility: visibility, hidesRows: true, "\(shape), filtered")
                }
            }
        }
    }

    @Test("codes that exclude too little are given up, and the answers stay", arguments: Metric.ofProducts)
    func surrender(metric: Metric) {
        let fixture = Fixture(.nearlyEqual, metric, count: 33_000, queryCount: 9, dimension: 6, kernels: .best, seed: 5)
        Self.check(fixture, kernels: .best, coded: 33_000, k: 10, "\(metric)")
    }

    @Test("hidden rows are not found, and parts of the rows can be asked", arguments: Metric.ofProducts)
    func visibility(metric: Metric) {
        let fixture = Fixture(.clusters, metric, count: 2000, queryCount: 12, dimension: 24, kernels: .best, seed: 6)
        var random = SeededRandom(seed: 7)
        let allowed = (0..<2000 / 64).map { _ in random.next() }
        allowed.withUnsafeBufferPointer {
            let visibility = Visibility(stamps: nil, sequence: 0, allowed: $0.baseAddress, allowedWords: $0.count)
            Self.check(fixture, kernels: .best, coded: 2000, k: 10, visibility: visibility, hidesRows: true, "\(metric), filtered")
        }
        for range in [0..<0, 0..<1, 5..<1999, 1500..<2000] {
            Self.check(fixture, kernels: .best, coded: 1600, k: 10, range: range, "\(metric), \(range)")
        }
    }

    @Test("codes are counted in bytes, and rows added behind them are found")
    func embedded() throws {
        let vectors = TestVectors(count: 3000, queries: 40, dimension: 48, seed: 8)
        let index = try AcceleratedIndex(dimension: 48, metric: .cosine, settings: IndexSettings(kind: .flat))
        _ = try index.add(rows: Array(vectors.rows.prefix(2000 * 48)))
        let before = index.memoryBytes
        index.prepareBatchSearch()
        #expect(index.memoryBytes - before >= 2000 * (64 + 16))
        _ = try index.add(rows: Array(vectors.rows.dropFirst(2000 * 48)))
        #expect(index.remove(17))
        let batch = try index.exactSearch(batch: vectors.queries, topK: 10)
        for query in 0..<40 { #expect(try batch[query] == index.search(vectors.query(query), topK: 10, exact: true)) }
    }
}
