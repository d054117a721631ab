internal import JadeCore
internal import JadeKernels

/// Some queries against rows, exactly: tiles of products, of codes where there are some, exclude what cannot be among the closest,
/// and the rest is measured row by row, with the distances and ties of ``ExactScan/search(_:k:in:_:hidesRows:)``.
struct BatchScan: ~Copyable {
    /// Rows between two looks at the distances to beat; a multiple of what every level's tiles take.
    private static let block = 192
    /// Rows of the first blocks, while there is little to beat.
    private static let firstBlock = 48
    /// Codes must exclude all but one pair in so many to pay.
    private static let worthwhile = 16
    /// Pairs that are fetched ahead of their turn, and how much of a row; the processor goes on by itself.
    private static let ahead = 6
    private static let fetchedBytes = 2048

    private let rows: RowSource
    private let distance: RowDistance
    private let kernels: Kernels
    private let bound: ScreenBound
    private let queries: UnsafePointer<Float>
    private let count: Int
    private let scales: [Float]
    private var pools: [CandidatePool]
    private let pairs: UnsafeMutablePointer<ScreenPair>
    private let rowTerms: UnsafeMutablePointer<ScreenTerms.Row>

    init(queries: UnsafePointer<Float>, count: Int, k: Int, rows: RowSource, distance: RowDistance, kernels: Kernels) {
        (self.queries, self.count, self.rows, self.distance, self.kernels) = (queries, count, rows, distance, kernels)
        bound = ScreenBound(metric: rows.metric, dimension: rows.dimension)
        scales = (0..<count).map { distance.scale(of: queries + $0 * rows.dimension) }
        pools = (0..<count).map { _ in
            var pool = CandidatePool(allocated: k)
            pool.reset(capacity: k)
            return pool
        }
        pairs = .allocate(capacity: count * Self.block)
        rowTerms = .allocate(capacity: Self.block)
    }

    deinit {
        for pool in pools { pool.deallocate() }
        pairs.deallocate()
        rowTerms.deallocate()
    }

    /// What was found, per query, closest first.
    func take() -> [[Neighbor]] { pools.map { pool in (0..<pool.count).map { pool.neighbor($0) } } }

    /// A side of the screen: packed queries, their terms, and what the first term is made of.
    private struct Side: ~Copyable {
        var batch: QueryBatch
        var terms: ScreenTerms
        var constants: [Double]
        var steps: [Double]
    }

    /// Rows that have codes are screened by these, until they exclude too little; the others as they are.
    mutating func scan(_ range: Range<Int>, codes: RowCodes, _ visibility: Visibility, hidesRows: Bool) {
        let snapshot = codes.snapshot
        let coded = kernels.multipliesBytes ? range.clamped(to: 0..<snapshot.count) : range.lowerBound..<range.lowerBound
        var next = range.lowerBound
        if coded.lowerBound == next, !coded.isEmpty {
            next = scanCodes(coded, codes, snapshot, visibility, hidesRows)
        }
        if next < range.upperBound { scanRows(next..<range.upperBound, visibility, hidesRows) }
    }

    /// The first row that was not scanned.
    private mutating func scanCodes(
        _ range: Range<Int>, _ codes: RowCodes, _ snapshot: RowCodes.Snapshot, _ visibility: Visibility, _ hidesRows: Bool
    ) -> Int {
        var side = encodeQueries(codes, snapshot)
        var next = range.lowerBound
        var recent = (passed: 0, seen: 0)
        while next < range.upperBound {
            let place = next % RowCodes.segmentRows, segment = snapshot.segments[next / RowCodes.segmentRows]
            let size = min(blockSize(next - range.lowerBound), range.upperBound - next, RowCodes.segmentRows - place)
            let passed = side.batch.screen(
                base: segment.codes + place * codes.stride, strideBytes: codes.stride, rows: size, terms: side.terms,
                rowTerms: segment.terms + place, into: pairs)
            measure(passed, first: next, visibility, hidesRows, &side)
            next += size
            recent = (recent.passed + passed, recent.seen + size * count)
            // The first rows pass whatever they are.
            if recent.seen > 16 * Self.block * count {
                if next - range.lowerBound > 64 * Self.block, recent.passed * Self.worthwhile > recent.seen { return next }
                recent = (0, 0)
            }
        }
        return next
    }

    private mutating func scanRows(_ range: Range<Int>, _ visibility: Visibility, _ hidesRows: Bool) {
        var side = plainQueries()
        var next = range.lowerBound
        while next < range.upperBound {
            let size = min(blockSize(next - range.lowerBound), range.upperBound - next)
            for index in 0..<size { rowTerms[index] = bound.row(plainFacts(UInt32(next + index))) }
            let passed = side.batch.screen(
                base: UnsafeRawPointer(rows.row(UInt32(next))), strideBytes: rows.stride, rows: size, terms: side.terms,
                rowTerms: rowTerms, into: pairs)
            measure(passed, first: next, visibility, hidesRows, &side)
            next += size
        }
    }

    private func blockSize(_ done: Int) -> Int { done < 8 * Self.firstBlock ? Self.firstBlock : Self.block }

    /// Measures the pairs that passed and keeps the closest; what is to beat becomes less on the way.
    private mutating func measure(
        _ passed: Int, first: Int, _ visibility: Visibility, _ hidesRows: Bool, _ side: inout Side
    ) {
        for pair in 0..<passed {
            if pair &+ Self.ahead < passed { prefetchRow(UInt32(first) &+ pairs[pair &+ Self.ahead].row) }
            let query = Int(pairs[pair].query), ordinal = UInt32(first) + pairs[pair].row
            if hidesRows, !visibility.contains(ordinal) { continue }
            let value = distance.one(queries + query * rows.dimension, scale: scales[query], ordinal)
            guard value <= pools[query].worstDistance else { continue }
            guard pools[query].insert(CandidatePool.key(distance: value, ordinal: ordinal)) != nil else { continue }
            if pools[query].isFull { beat(query, &side) }
        }
    }

    @inline(__always)
    private func prefetchRow(_ ordinal: UInt32) {
        let row = UnsafeRawPointer(rows.row(ordinal))
        for offset in Swift.stride(from: 0, to: min(rows.dimension &* 4, Self.fetchedBytes), by: 64) { prefetch(row + offset) }
    }

    private func beat(_ query: Int, _ side: inout Side) {
        let first = bound.first(
            constant: side.constants[query], step: side.steps[query], worst: pools[query].worstDistance)
        side.terms.set(0, of: query, to: first)
    }

    private mutating func encodeQueries(_ codes: RowCodes, _ snapshot: RowCodes.Snapshot) -> Side {
        let encoder = RowEncoder(rows: rows, center: snapshot.center)
        let encoded = UnsafeMutablePointer<Int8>.allocate(capacity: count * codes.stride)
        defer { encoded.deallocate() }
        let facts = (0..<count).map { index in
            encoder.encodeQuery(queries + index * rows.dimension, scale: scales[index], into: encoded + index * codes.stride)
        }
        let batch = QueryBatch(
            .i8, encoded, strideBytes: codes.stride, count: count, dimension: rows.dimension, kernels: kernels)
        return side(batch, facts) { encoder.shift(self.queries + $0 * self.rows.dimension, scale: self.scales[$0]) }
    }

    private func plainQueries() -> Side {
        let batch = QueryBatch(
            .f32, queries, strideBytes: rows.dimension * MemoryLayout<Float>.stride, count: count, dimension: rows.dimension,
            kernels: kernels)
        let facts = (0..<count).map { plainFacts(queries + $0 * rows.dimension, scale: scales[$0]) }
        return side(batch, facts) { _ in 0 }
    }

    private func side(_ batch: consuming QueryBatch, _ facts: [ScreenBound.Facts], shift: (Int) -> Double) -> Side {
        let terms = ScreenTerms(count: count)
        for query in 0..<count { terms.set(query, to: bound.query(facts[query])) }
        var side = Side(
            batch: batch, terms: terms, constants: facts.indices.map { bound.constant(facts[$0], shift: shift($0)) },
            steps: facts.map(\.step))
        for query in 0..<count { beat(query, &side) }
        return side
    }

    @inline(__always)
    private func plainFacts(_ ordinal: UInt32) -> ScreenBound.Facts {
        plainFacts(rows.row(ordinal), scale: rows.scales?[Int(ordinal)] ?? 1)
    }

    /// Facts of values as they are. Cosine takes its scale for the step; where lengths leave f32 there is no step.
    private func plainFacts(_ values: UnsafePointer<Float>, scale: Float) -> ScreenBound.Facts {
        if rows.metric == .cosine { return ScreenBound.Facts(step: Double(scale), length: 1, uncentered: 1) }
        let squared = Double(distance.squaredLength(values))
        let isMeasured = rows.metric == .euclidean || (squared > 0x1p-100 && squared < 0x1p100)
        return ScreenBound.Facts(step: isMeasured ? 1 : 0, length: squared.squareRoot(), uncentered: squared.squareRoot())
    }
}
