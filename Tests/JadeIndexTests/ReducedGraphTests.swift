import JadeCore
import JadeIO
import JadeIndex
import JadeKernels
import JadeTestSupport
import Testing

/// Vectors of 16 directions in 64 dimensions, far from zero in another and of very different lengths where only angles are compared.
private struct ReducibleVectors {
    static let dimension = 64
    static let latent = 16
    let metric: Metric
    let rows: [[Float]]
    let queries: [[Float]]
    /// All rows for each query, nearest first.
    private let orders: [[Int]]

    init(_ metric: Metric, _ reduction: IndexSettings.Reduction, count: Int, queries: Int = 40, seed: UInt64 = 81) {
        var random = SeededRandom(seed: seed)
        self.metric = metric
        let inner = TestVectors(count: count, queries: queries, dimension: Self.latent, seed: seed)
        let axes = (0...Self.latent).map { _ in (0..<Self.dimension).map { _ in random.normal() } }
        func vector(_ values: [Float]) -> [Float] {
            var full = [Float](repeating: 0, count: Self.dimension)
            switch reduction {
            case .none: break
            case .truncate: for index in 0..<Self.latent { full[index] = values[index] }
            case .pca:
                // A common part is lost to products with it, but not to their order.
                full = axes[0].map { $0 * (metric == .cosine ? 1 : 10) }
                for (axis, length) in zip(axes[1...], values) { for index in full.indices { full[index] += length * axis[index] / 8 } }
            }
            let scale = metric == .cosine ? Float.random(in: 0.05...20, using: &random) : 1
            return full.map { ($0 + 0.02 * random.normal()) * scale }
        }
        let rows = (0..<count).map { vector(inner.row($0)) }
        let queries = (0..<queries).map { vector(inner.query($0)) }
        (self.rows, self.queries) = (rows, queries)
        orders = queries.map { query in
            rows.indices.map { (referenceDistance(metric, query, rows[$0]), $0) }.sorted { $0 < $1 }.map(\.1)
        }
    }

    /// Share of the exact nearest ten that are found; rows for which `hidden` is true do not exist.
    func recall(_ index: AcceleratedIndex, rescore: Bool = true, hidden: (Int) -> Bool = { _ in false }) throws -> Double {
        var found = 0
        for (query, order) in zip(queries, orders) {
            let nearest = Set(order.filter { !hidden($0) }.prefix(10).map { UInt32($0) })
            found += try index.search(query, topK: 10, efSearch: 150, rescore: rescore).count { nearest.contains($0.ordinal) }
        }
        return Double(found) / Double(10 * queries.count)
    }
}

@Suite("Graph searched by fewer dimensions")
struct ReducedGraphTests {
    static let reductions: [IndexSettings.Reduction] = [.pca, .truncate]

    private func settings(
        _ reduction: IndexSettings.Reduction, _ quantization: IndexSettings.Quantization = .none, to dimension: Int = 20,
        oversampling: Double? = nil
    ) -> IndexSettings {
        IndexSettings(
            m: 16, efConstruction: 120, quantization: quantization, reduction: reduction, reducedDimension: dimension,
            oversampling: oversampling)
    }

    private func index(_ vectors: ReducibleVectors, _ settings: IndexSettings, count: Int? = nil) throws -> AcceleratedIndex {
        let index = try AcceleratedIndex(dimension: ReducibleVectors.dimension, metric: vectors.metric, settings: settings)
        _ = try index.add(rows: Array(vectors.rows[..<(count ?? vectors.rows.count)].joined()), threads: 2)
        return index
    }

    @Test("it finds what an exact search finds, with exact scores", arguments: reductions, Metric.ofProducts)
    func recall(reduction: IndexSettings.Reduction, metric: Metric) throws {
        let vectors = ReducibleVectors(metric, reduction, count: 1_500)
        for quantization in IndexSettings.Quantization.allCases {
            let coarse: Double? = [.pq, .rabitq].contains(quantization) ? 30 : quantization == .sq4 || quantization == .rabitq4 ? 8 : nil
            let index = try index(vectors, settings(reduction, quantization, oversampling: coarse))
            let recall = try vectors.recall(index)
            #expect(recall >= 0.97, "\(quantization): \(recall)")
            let query = vectors.queries[3]
            let exact = try index.search(query, topK: 1_500, exact: true)
            for match in try index.search(query, topK: 10, efSearch: 100) { #expect(exact.contains(match), "a score that no exact search gives") }
        }
    }

    @Test("the order by the dimensions left alone is nearly that of all", arguments: reductions, Metric.ofProducts)
    func unrescored(reduction: IndexSettings.Reduction, metric: Metric) throws {
        let vectors = ReducibleVectors(metric, reduction, count: 1_500)
        let enough = try vectors.recall(try index(vectors, settings(reduction)), rescore: false)
        let few = try vectors.recall(try index(vectors, settings(reduction, to: 3)), rescore: false)
        #expect(enough >= 0.9, "\(enough)")
        // They are what is read: three say too little.
        #expect(few < 0.7, "\(few)")
    }

    @Test("rows come and go after the axes were learnt", arguments: reductions, [IndexSettings.Quantization.none, .rabitq4])
    func changes(reduction: IndexSettings.Reduction, quantization: IndexSettings.Quantization) throws {
        let vectors = ReducibleVectors(.euclidean, reduction, count: 3_000)
        let index = try index(vectors, settings(reduction, quantization, oversampling: 8), count: 1_500)
        for row in 1_500..<1_600 { try index.add(vectors.rows[row]) }
        _ = try index.add(rows: Array(vectors.rows[1_600...].joined()), threads: 2)
        #expect(try vectors.recall(index) >= 0.97)
        for ordinal in 0..<1_000 { index.remove(UInt32(ordinal)) }
        #expect(try vectors.recall(index) { $0 < 1_000 } >= 0.97)
        index.compact(threads: 2)
        #expect(try vectors.recall(index) { $0 < 1_000 } >= 0.97)
    }

    @Test("too few rows to learn from are compared whole")
    func few() throws {
        let vectors = ReducibleVectors(.euclidean, .pca, count: 1_100)
        let index = try index(vectors, settings(.pca, to: 2), count: 500)
        #expect(try index.search(vectors.rows[7], topK: 1, efSearch: 100, rescore: false).first?.score == 0)
        _ = try index.add(rows: Array(vectors.rows[500...].joined()))
        let found = try index.search(vectors.queries[7], topK: 1, efSearch: 100, rescore: false)
        let exact = try index.search(vectors.queries[7], topK: 1_100, exact: true)
        #expect(!exact.contains(found[0]), "read by two dimensions")
    }

    @Test(
        "what is read takes what its dimensions promise",
        arguments: [(IndexSettings.Quantization.none, 128), (.sq8, 48), (.sq4, 32), (.rabitq4, 48 + 32), (.rabitq8, 48 + 32)])
    func memory(quantization: IndexSettings.Quantization, bytes: Int) throws {
        let vectors = ReducibleVectors(.euclidean, .pca, count: 1_200)
        let (reduced, plain) = (settings(.pca, quantization, to: 32), IndexSettings(m: 16, efConstruction: 120))
        let promised = reduced.memoryBytesPerRow(dimension: 64) - plain.memoryBytesPerRow(dimension: 64)
        #expect(promised == bytes)
        let taken = try Double(index(vectors, reduced).memoryBytes - index(vectors, plain).memoryBytes) / 1_200
        // Graphs of several threads differ in a few upper layers.
        #expect(abs(taken - Double(bytes)) < 2)
    }

    @Test("a saved graph reads rows until it has learnt again")
    func saved() throws {
        let vectors = ReducibleVectors(.dot, .pca, count: 1_500)
        let (kernels, files) = (try Kernels.selected(), LocalFileSystem())
        let directory = "/tmp/jade-graph-\(SystemRandomSource().uniqueID())"
        defer { try? files.removeTree(directory) }
        try Array(vectors.rows.joined()).withUnsafeBufferPointer { memory in
            let rows = RowSource(base: memory.baseAddress!, stride: 256, dimension: 64, metric: .dot, scales: nil)
            let settings = settings(.pca, to: 8)
            let index = try HNSWIndex(rows: rows, settings: settings, kernels: kernels)
            try index.build(0..<1_500, workers: .system(2), include: { _ in true }, progress: nil)
            try index.save(to: directory, sequence: 1, files: files, isLive: nil)
            let loaded = try HNSWIndex.load(
                from: directory, rows: rows, rowEnd: 1_500, settings: settings, kernels: kernels, files: files
            ).index
            func search(_ index: HNSWIndex) -> [Neighbor] {
                vectors.queries[0].withUnsafeBufferPointer {
                    let effort = SearchEffort(settings, ef: 200, rescore: false)
                    return index.search($0.baseAddress!, k: 10, effort: effort, Visibility(stamps: nil, sequence: .max), hidden: 0, below: .max)
                }
            }
            let (before, rough) = (search(loaded), search(index))
            #expect(before != rough)
            loaded.settle()
            #expect(search(loaded) == rough)
        }
    }

    @Test("settings that cannot be are refused with their values")
    func refusals() throws {
        func expect(_ message: String, _ settings: IndexSettings, dimension: Int = 64, metric: Metric = .euclidean) {
            #expect(throws: JadeError.invalidArgument(message)) {
                _ = try AcceleratedIndex(dimension: dimension, metric: metric, settings: settings)
            }
        }
        expect("index reduced_dimension is 1, expected 2 to 65536", settings(.pca, to: 1))
        expect("index reduced_dimension is 65, expected at most 64, the dimension", settings(.truncate, to: 65))
        expect("index reduced_dimension is 8, which is no setting of reduction none", settings(.none, to: 8))
        expect("index reduction is pca, which takes vectors of 2 to 4096 dimensions, not 4097", settings(.pca, to: 0), dimension: 4_097)
        expect("index reduction is truncate, which takes vectors of 2 to 65536 dimensions, not 1", settings(.truncate, to: 0), dimension: 1)
        expect(
            "index reduction is pca, which needs f32 vectors compared by cosine, euclidean or dot, not f32 by manhattan", settings(.pca),
            metric: .manhattan)
        for kind in [IndexSettings.Kind.flat, .ivf] {
            var other = settings(.truncate)
            other.kind = kind
            expect("index reduction is truncate, which an index of type \(kind.rawValue) does not have", other)
        }
        #expect(throws: JadeError.invalidArgument("index reduction is pca, which needs f32 vectors compared by cosine, euclidean or dot, not f16 by cosine")) {
            try DatabaseSpecification(name: "x", dimension: 64, elementType: .float16, index: settings(.pca)).validate()
        }
        _ = try AcceleratedIndex(dimension: 64, metric: .dot, settings: settings(.pca, .pq, to: 64))
        #expect(settings(.pca, to: 0).walkedDimension(of: 65) == 32 && settings(.pca, to: 0).walkedDimension(of: 2) == 2)
    }
}
