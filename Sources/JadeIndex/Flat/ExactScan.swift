package import JadeCore
package import JadeKernels

/// No structure at all: a search compares with every row. The oracle of all other indexes, and a shard's scan of rows that its
/// index does not hold yet.
package struct ExactScan: Sendable {
    package let rows: RowSource
    /// Codes for searches of many queries, empty until somebody extends them.
    package let codes: RowCodes
    let distance: RowDistance
    let kernels: Kernels
    let contexts = SearchContextPool()

    package init(rows: RowSource, kernels: Kernels) {
        self.rows = rows
        self.kernels = kernels
        codes = RowCodes(rows: rows)
        distance = RowDistance(rows: rows, kernels: kernels)
    }

    /// Rows scored between two looks at the results: their distances stay in the nearest cache.
    static let block = 256

    /// The `k` closest visible rows of a range of ordinals, closest first, ties by ordinal.
    ///
    /// Complexity: one distance per row of the range.
    package func search(
        _ query: UnsafeRawPointer, k: Int, in range: Range<Int>, _ visibility: Visibility, hidesRows: Bool
    ) -> [Neighbor] {
        contexts.withContext { context in
            let scale = distance.scale(of: query)
            context.results.reset(capacity: k)
            for start in Swift.stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
                let count = min(Self.block, range.upperBound - start)
                distance.scan(query, scale: scale, first: UInt32(start), count: count, into: context.distances)
                for index in 0..<count where context.distances[index] <= context.results.worstDistance {
                    let ordinal = UInt32(start + index)
                    if hidesRows, !visibility.contains(ordinal) { continue }
                    _ = context.results.insert(CandidatePool.key(distance: context.distances[index], ordinal: ordinal))
                }
            }
            return Self.take(context.results)
        }
    }

    /// The `k` closest visible rows among those that `visibility.allowed` holds.
    ///
    /// Complexity: one distance per allowed row, and a word of the bitmap for every 64.
    package func searchAllowed(
        _ query: UnsafeRawPointer, k: Int, in range: Range<Int>, _ visibility: Visibility
    ) -> [Neighbor] {
        contexts.withContext { context in
            let scale = distance.scale(of: query)
            context.results.reset(capacity: k)
            forEachAllowedBlock(in: range, visibility, context) { score($0, query, scale, context) }
            return Self.take(context.results)
        }
    }

    /// Puts the visible rows among those allowed into the context's ordinals, some at a time, and has `body` look at so many.
    @inline(__always)
    func forEachAllowedBlock(
        in range: Range<Int>, _ visibility: Visibility, _ context: SearchContext, _ body: (Int) -> Void
    ) {
        guard let allowed = visibility.allowed, !range.isEmpty else { return }
        var pending = 0
        let lastWord = min((range.upperBound - 1) >> 6, visibility.allowedWords - 1)
        var word = range.lowerBound >> 6
        while word <= lastWord {
            var bits = allowed[word]
            while bits != 0 {
                let ordinal = UInt32(word << 6 + bits.trailingZeroBitCount)
                bits &= bits &- 1
                guard range.contains(Int(ordinal)), visibility.contains(ordinal) else { continue }
                context.ordinals[pending] = ordinal
                pending += 1
                if pending == Self.block {
                    body(pending)
                    pending = 0
                }
            }
            word += 1
        }
        if pending > 0 { body(pending) }
    }

    /// The `k` closest visible rows of a list.
    ///
    /// Complexity: one distance per visible row of the list.
    package func search(
        _ query: UnsafeRawPointer, k: Int, among ordinals: [UInt32], _ visibility: Visibility
    ) -> [Neighbor] {
        guard !ordinals.isEmpty else { return [] }
        return contexts.withContext { context in
            let scale = distance.scale(of: query)
            context.results.reset(capacity: k)
            var pending = 0
            for ordinal in ordinals where visibility.contains(ordinal) {
                context.ordinals[pending] = ordinal
                pending += 1
                if pending == Self.block {
                    score(pending, query, scale, context)
                    pending = 0
                }
            }
            if pending > 0 { score(pending, query, scale, context) }
            return Self.take(context.results)
        }
    }

    /// Scores the first `count` ordinals of the context.
    private func score(_ count: Int, _ query: UnsafeRawPointer, _ scale: Float, _ context: SearchContext) {
        distance.gather(query, scale: scale, context.ordinals, count: count, into: context.distances)
        for index in 0..<count where context.distances[index] <= context.results.worstDistance {
            _ = context.results.insert(
                CandidatePool.key(distance: context.distances[index], ordinal: context.ordinals[index]))
        }
    }

    /// Distances from the query to the rows named, in their order.
    package func distances(_ query: UnsafeRawPointer, to ordinals: [UInt32]) -> [Float] {
        let scale = distance.scale(of: query)
        return [Float](unsafeUninitializedCapacity: ordinals.count) { out, initialized in
            if let base = out.baseAddress {
                distance.gather(query, scale: scale, ordinals, count: ordinals.count, into: base)
            }
            initialized = ordinals.count
        }
    }

    private static func take(_ results: CandidatePool) -> [Neighbor] {
        (0..<results.count).map { results.neighbor($0) }
    }
}
