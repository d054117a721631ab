public import JadeCore
internal import JadeKernels
internal import Synchronization

/// A vector index for embedding: rows in, nearest rows out, nothing else.
///
/// Rows get consecutive numbers, *ordinals*, in the order of their addition. Additions and removals exclude each
/// other; searches run beside them on any thread and see every addition that has returned.
///
/// ```swift
/// let index = try AcceleratedIndex(dimension: 384, metric: .cosine)
/// let ordinals = try index.add(rows: matrix, threads: 8)
/// let matches = try index.search(query, topK: 10)
/// ```
public final class AcceleratedIndex: Sendable {
    /// A row found, with its score in the metric's own sense.
    public struct Match: Sendable, Hashable {
        public let ordinal: UInt32
        public let score: Float
    }

    public let dimension: Int
    public let metric: Metric
    public let settings: IndexSettings
    let kernels: Kernels
    let rows: OwnedRows
    let index: any VectorIndex
    private let scan: ExactScan
    /// What writers share, one at a time.
    private struct Writing {
        /// Of the last write.
        var sequence: UInt64
        /// Removed rows that the index still leads over.
        var removed: [UInt32] = []
    }

    private let writer: Mutex<Writing>
    private let published: Atomic<UInt64>
    private let rowCount: Atomic<Int>
    private let removedCount: Atomic<Int>

    /// An empty index.
    public convenience init(dimension: Int, metric: Metric, settings: IndexSettings = IndexSettings()) throws(JadeError) {
        try Limits.require(dimension, in: 1...Limits.maximumDimension, "dimension")
        guard ElementType.float32.metrics.contains(metric) else {
            throw .invalidArgument("metric \(metric.rawValue) does not compare vectors of element type f32")
        }
        try settings.validate()
        try settings.validate(for: VectorField(dimension: dimension, metric: metric))
        let kernels = try Kernels.selected()
        let rows = try OwnedRows(dimension: dimension, metric: metric)
        let index: any VectorIndex =
            switch settings.kind {
            case .flat: FlatIndex(rows: rows.source, settings: settings, kernels: kernels)
            case .hnsw: try HNSWIndex(rows: rows.source, settings: settings, kernels: kernels)
            case .ivf: try IVFIndex(rows: rows.source, settings: settings, lists: IVFSettings(settings), kernels: kernels)
            }
        self.init(rows: rows, index: index, kernels: kernels, count: 0, removed: 0, sequence: 0)
    }

    init(rows: OwnedRows, index: any VectorIndex, kernels: Kernels, count: Int, removed: Int, sequence: UInt64) {
        dimension = rows.source.dimension
        metric = rows.source.metric
        settings = index.settings
        self.kernels = kernels
        self.rows = rows
        self.index = index
        scan = ExactScan(rows: rows.source, kernels: kernels)
        writer = Mutex(Writing(sequence: sequence))
        published = Atomic(sequence)
        rowCount = Atomic(count)
        removedCount = Atomic(removed)
    }

    /// Rows added, removed ones included: the next ordinal.
    public var rowEnd: Int { rowCount.load(ordering: .acquiring) }

    /// Rows that a search may return.
    public var count: Int { rowEnd - removedCount.load(ordering: .acquiring) }

    /// Bytes of the index beside the rows.
    public var memoryBytes: Int { index.memoryBytes + scan.codes.memoryBytes }

    /// Adds one row; its ordinal.
    @discardableResult
    public func add(_ values: [Float]) throws(JadeError) -> UInt32 {
        UInt32(try add(rows: values, threads: 1).lowerBound)
    }

    /// Adds rows that lie one after the other, `dimension` components each, by several threads; their ordinals.
    ///
    /// - Throws: `invalidArgument` for a count that is no multiple of the dimension and for components that are not finite;
    ///   then nothing is added.
    public func add(
        rows values: [Float], threads: Int = 1, progress: (@Sendable (Int) -> Void)? = nil
    ) throws(JadeError) -> Range<Int> {
        guard values.count % dimension == 0 else {
            throw .invalidArgument("\(values.count) components are no whole number of rows of \(dimension)")
        }
        let added = values.count / dimension
        for row in 0..<added { try validate(values[row * dimension..<(row + 1) * dimension]) }
        return try writer.withLock { writing throws(JadeError) in
            let range = rowEnd..<rowEnd + added
            guard range.upperBound <= Limits.maximumVectorsPerShard else {
                throw .tooLarge("the index would hold \(range.upperBound) rows, the limit is \(Limits.maximumVectorsPerShard)")
            }
            try rows.reserve(rows: range.upperBound)
            values.withUnsafeBufferPointer { buffer in
                for row in 0..<added {
                    rows.write(UInt32(range.lowerBound + row), buffer.baseAddress! + row * dimension, kernels: kernels)
                }
            }
            try index.build(range, workers: .system(threads), include: { _ in true }, progress: progress)
            try train(threads: threads)
            writing.sequence += 1
            for ordinal in range { rows.facts.markBorn(UInt32(ordinal), at: writing.sequence) }
            rowCount.store(range.upperBound, ordering: .releasing)
            published.store(writing.sequence, ordering: .releasing)
            return range
        }
    }

    /// What an IVF index has learnt; nil for another.
    public var training: TrainingStatus? { index.trainingStatus }

    /// Learns where that is due: an index that is embedded has nobody to do it behind its back.
    private func train(threads: Int) throws(JadeError) {
        guard index.trainingBytes != nil, let training = index.training() else { return }
        try training.learn(workers: .system(threads))
        while !(try training.advance(workers: .system(threads))) {}
    }

    /// Removes a row; false if it does not exist or was removed before.
    @discardableResult
    public func remove(_ ordinal: UInt32) -> Bool {
        writer.withLock { writing in
            guard Int(ordinal) < rowEnd, rows.facts.isAlive(ordinal) else { return false }
            writing.sequence += 1
            removedCount.wrappingAdd(1, ordering: .acquiringAndReleasing)
            rows.facts.markDead(ordinal, at: writing.sequence)
            published.store(writing.sequence, ordering: .releasing)
            writing.removed.append(ordinal)
            return true
        }
    }

    /// Takes removed rows out of the index, which until then leads over them: searches are as fast and as good afterwards as without
    /// them. Worth it once a thirtieth of the rows was removed; searches go on meanwhile, additions and removals wait.
    ///
    /// Complexity: a look at every list of neighbours, and about an insertion for each removed row.
    public func compact(threads: Int = 1) {
        writer.withLock { writing in
            guard !writing.removed.isEmpty, let removal = index.removal(of: writing.removed) else { return }
            while !removal.advance(workers: .system(threads)) {}
            writing.removed = []
        }
    }

    /// The values of a row; nil if it does not exist or was removed.
    public func values(of ordinal: UInt32) -> [Float]? {
        guard Int(ordinal) < rowEnd, rows.facts.isAlive(ordinal) else { return nil }
        return Array(UnsafeBufferPointer(start: rows.source.row(ordinal), count: dimension))
    }

    /// The `topK` closest rows, closest first, ties by ordinal; fewer only when fewer exist.
    ///
    /// - Parameters:
    ///   - efSearch: candidates the graph search keeps; nil takes the settings'.
    ///   - exact: compare with every row instead.
    ///   - nprobe: lists an IVF search looks through.
    ///   - rescore: whether what codes find is compared with the rows, `oversampling` times as many as are wanted.
    public func search(
        _ query: [Float], topK: Int, efSearch: Int? = nil, exact: Bool = false, nprobe: Int? = nil, rescore: Bool? = nil,
        oversampling: Double? = nil
    ) throws(JadeError) -> [Match] {
        try validate(query[...])
        try Limits.require(topK, in: 1...Limits.maximumTopK, "top_k")
        let effort = SearchEffort(settings, ef: efSearch, nprobe: nprobe, rescore: rescore, oversampling: oversampling)
        return query.withUnsafeBufferPointer { buffer in
            search(buffer.baseAddress!, topK: topK, effort: effort, exact: exact)
        }.map { Match(ordinal: $0.ordinal, score: metric.score(fromDistance: $0.distance)) }
    }

    package func search(_ query: UnsafePointer<Float>, topK: Int, effort: SearchEffort, exact: Bool) -> [Neighbor] {
        let removed = removedCount.load(ordering: .acquiring)
        let end = rowEnd
        let visibility = Visibility(stamps: rows.facts.stamps, sequence: published.load(ordering: .acquiring))
        let found =
            exact
            ? [] : index.search(query, k: topK, effort: effort, visibility, hidden: hiddenShare(removed), below: UInt32(end))
        // A graph may fail to reach rows; the promise of k results is kept by looking at all of them.
        if found.count == min(topK, count) { return found }
        return scan.search(query, k: topK, in: 0..<end, visibility, hidesRows: removed > 0)
    }

    /// The part of the index's rows that were removed.
    private func hiddenShare(_ removed: Int) -> Double {
        let held = index.count
        return removed == 0 ? 0 : max(0, Double(held - (rowEnd - removed)) / Double(max(held, 1)))
    }

    /// Makes codes of 8 bits of all rows, which ``exactSearch(batch:topK:)`` uses from then on: the same answers several times sooner,
    /// for `dimension` + 16 bytes a row (``memoryBytes`` counts them). Rows added later are compared as they are, until this is called
    /// again. O(rows · dimension).
    public func prepareBatchSearch() { scan.codes.extend(to: rowEnd) }

    /// Exact answers for many queries at once (`dimension` components each), through tiles of products.
    public func exactSearch(batch queries: [Float], topK: Int) throws(JadeError) -> [[Match]] {
        guard queries.count % dimension == 0 else {
            throw .invalidArgument("\(queries.count) components are no whole number of queries of \(dimension)")
        }
        try Limits.require(topK, in: 1...Limits.maximumTopK, "top_k")
        guard !queries.isEmpty else { return [] }
        for row in 0..<queries.count / dimension { try validate(queries[row * dimension..<(row + 1) * dimension]) }
        let visibility = Visibility(stamps: rows.facts.stamps, sequence: published.load(ordering: .acquiring))
        return queries.withUnsafeBufferPointer { buffer in
            scan.searchBatch(
                buffer.baseAddress!, count: queries.count / dimension, k: topK, in: 0..<rowEnd, visibility,
                hidesRows: removedCount.load(ordering: .acquiring) > 0)
        }.map { $0.map { Match(ordinal: $0.ordinal, score: metric.score(fromDistance: $0.distance)) } }
    }

    private func validate(_ values: ArraySlice<Float>) throws(JadeError) {
        guard values.count == dimension else {
            throw .invalidArgument("vector has \(values.count) dimensions, the index expects \(dimension)")
        }
        try VectorRules.validate(values)
    }
}
