import JadeCore
import JadeKernels
import Testing

@Suite("Many queries against many rows")
struct QueryBatchTests {
    static let shapes = [(1, 1, 1), (1, 300, 20), (3, 40, 5), (16, 48, 32), (17, 49, 33), (33, 100, 64), (70, 61, 96), (5, 200, 130)]

    /// Coarse numbers give equal distances.
    private static func vectors(_ element: QueryBatch.Element, _ count: Int, _ coarse: Bool, _ random: inout SeededRandom) -> [UInt8] {
        guard [.f32, .f16, .bf16].contains(element) else { return random.bytes(count).map { coarse ? $0 % 3 : $0 } }
        let values = (0..<count).map { _ in coarse ? Float(Int.random(in: 0...2, using: &random)) : Float.random(in: -1...1, using: &random) }
        if element == .f32 { return values.withUnsafeBytes(Array.init) }
        if element == .f16 {
            var halves = [UInt16](repeating: 0, count: count)
            Kernels.at(.serial).convert(values, count: count, toF16: &halves)
            return halves.withUnsafeBytes(Array.init)
        }
        return values.map { UInt16($0.bitPattern >> 16) }.withUnsafeBytes(Array.init)
    }

    @Test("a search has the bits and ties of every query alone", arguments: hostLevels, QueryBatch.Element.allCases)
    func search(level: KernelLevel, element: QueryBatch.Element) throws {
        var random = SeededRandom(seed: 23)
        let kernels = Kernels.at(level), type = element.type
        for (count, rows, dimension) in Self.shapes {
            for (turn, (coarse, capacity)) in [(true, 10), (false, 7), (false, 300)].enumerated() {
                let family = element.families[turn % element.families.count]
                let bytes = type.byteCount(dimension: dimension), components = element == .b1 ? bytes : dimension
                let queries = Self.vectors(element, count * components, coarse, &random)
                let base = Self.vectors(element, rows * components, coarse, &random)
                let batch = QueryBatch(element, for: family, queries, strideBytes: bytes, count: count, dimension: dimension, kernels: kernels)
                var selections = TopKBatch(count: count, capacity: capacity)
                GuardedMemory.with {
                    batch.search(family, base: $0.copy(base), strideBytes: bytes, rows: rows, firstOrdinal: 9, into: selections)
                }
                let kernel = try #require(kernels.distance(family, of: type))
                for query in 0..<count {
                    var alone = TopK(capacity: capacity, kernels: kernels)
                    var distances = [Float](repeating: 0, count: rows)
                    kernel.many(Array(queries[(query * bytes)...]), base, bytes, rows, dimension, &distances)
                    alone.select(distances: distances, count: rows, firstOrdinal: 9)
                    #expect(selections.takeSorted(query) == alone.takeSorted(), "\(count) × \(rows) × \(dimension), query \(query)")
                }
            }
        }
    }

    @Test("the matrix is as near as stated", arguments: hostLevels, QueryBatch.Element.allCases)
    func matrix(level: KernelLevel, element: QueryBatch.Element) throws {
        var random = SeededRandom(seed: 24)
        let type = element.type
        for family in element.families where family != .l2sq { try sameAsMany(family, level, element, &random) }
        guard element != .b1 else { return }
        for (count, rows, dimension) in Self.shapes {
            let bytes = type.byteCount(dimension: dimension)
            let queries = Self.vectors(element, count * dimension, false, &random)
            let base = Self.vectors(element, rows * dimension, false, &random)
            let batch = QueryBatch(element, queries, strideBytes: bytes, count: count, dimension: dimension, kernels: .at(level))
            var out = [Float](repeating: -777, count: rows * (count + 1))
            batch.distances(.l2sq, base: base, strideBytes: bytes, rows: rows, out: &out, outStride: count + 1)
            for row in 0..<rows {
                let b = Array(base[(row * bytes)..<((row + 1) * bytes)])
                for query in 0..<count {
                    let a = Array(queries[(query * bytes)..<((query + 1) * bytes)])
                    let want = TypedReference.distance(.l2sq, type, a, b, dimension)
                    let norms = TypedReference.distance(.dot, type, a, a, dimension).value + TypedReference.distance(.dot, type, b, b, dimension).value
                    let got = out[row * (count + 1) + query]
                    #expect(want.accepts(got) || (!want.isWhole && abs(Double(got) - want.value) <= Double(dimension + 16) * 0x1p-22 * norms))
                }
                #expect(out[row * (count + 1) + count] == -777)
            }
        }
    }

    /// Beside what a query alone gets: exact for bits and bytes.
    private func sameAsMany(
        _ family: DistanceFamily, _ level: KernelLevel, _ element: QueryBatch.Element, _ random: inout SeededRandom
    ) throws {
        let type = element.type, kernels = Kernels.at(level), isExact = ![.f32, .f16, .bf16].contains(element)
        let kernel = try #require(kernels.distance(family, of: type))
        for (count, rows, dimension) in Self.shapes {
            let bytes = type.byteCount(dimension: dimension), components = element == .b1 ? bytes : dimension
            let queries = Self.vectors(element, count * components, false, &random)
            let base = Self.vectors(element, rows * components, false, &random)
            let batch = QueryBatch(element, for: family, queries, strideBytes: bytes, count: count, dimension: dimension, kernels: kernels)
            var out = [Float](repeating: -777, count: rows * count), want = [Float](repeating: 0, count: rows)
            batch.distances(family, base: base, strideBytes: bytes, rows: rows, out: &out, outStride: count)
            for query in 0..<count {
                kernel.many(Array(queries[(query * bytes)...]), base, bytes, rows, dimension, &want)
                for row in 0..<rows {
                    let room = isExact ? 0 : Float(dimension + 16) * 0x1p-22 * Float(dimension)
                    #expect(abs(out[row * count + query] - want[row]) <= room, "\(family), \(count) × \(rows) × \(dimension)")
                }
            }
        }
    }

    @Test("a screen names the pairs at or above their bar", arguments: hostLevels, QueryBatch.Element.allCases.filter { $0 != .b1 })
    func screen(level: KernelLevel, element: QueryBatch.Element) {
        var random = SeededRandom(seed: 26)
        for (count, rows, dimension) in Self.shapes {
            let bytes = element.type.byteCount(dimension: dimension)
            let queries = Self.vectors(element, count * dimension, true, &random)
            let base = Self.vectors(element, rows * dimension, true, &random)
            let batch = QueryBatch(element, queries, strideBytes: bytes, count: count, dimension: dimension, kernels: .at(level))
            let terms = ScreenTerms(count: count)
            // Whole numbers, so that a bar is met exactly: half of the mean product, and a NaN that all rows pass.
            for query in 0..<count { terms.set(query, to: [Float(query % 3), 1, 0, 0]) }
            let rowTerms = (0..<rows).map { ScreenTerms.Row($0 % 7 == 6 ? .nan : Float($0 % 5), Float(dimension / 2), 0, 0) }
            var pairs = [ScreenPair](repeating: ScreenPair(query: 0, row: 0), count: count * rows)
            let passed = batch.screen(base: base, strideBytes: bytes, rows: rows, terms: terms, rowTerms: rowTerms, into: &pairs)
            var want: Set<ScreenPair> = []
            for query in 0..<count {
                for row in 0..<rows {
                    let a = Array(queries[(query * bytes)..<((query + 1) * bytes)]), b = Array(base[(row * bytes)..<((row + 1) * bytes)])
                    let product = TypedReference.distance(.dot, element.type, a, b, dimension).value
                    let bar = Double(query % 3) * Double(rowTerms[row].x) + Double(dimension / 2)
                    if !(product < bar) { want.insert(ScreenPair(query: UInt32(query), row: UInt32(row))) }
                }
            }
            #expect(passed == want.count && Set(pairs.prefix(passed)) == want, "\(count) × \(rows) × \(dimension)")
        }
    }

    @Test("sorted lists merge by distance, then ordinal, each candidate once")
    func merge() {
        var random = SeededRandom(seed: 25)
        for round in 0..<200 {
            let lists = (0..<Int.random(in: 0...9, using: &random)).map { _ in
                (0..<Int.random(in: 0...20, using: &random)).map { _ in
                    Neighbor(ordinal: UInt32.random(in: 0..<40, using: &random), distance: Float(Int.random(in: -2...2, using: &random)))
                }.sorted { ($0.distance, $0.ordinal) < ($1.distance, $1.ordinal) }
            }
            let all = Set(lists.flatMap(\.self)).sorted { ($0.distance, $0.ordinal) < ($1.distance, $1.ordinal) }
            let capacity = [0, 1, 10, 100][round % 4]
            #expect(Neighbor.merge(lists, capacity: capacity) == Array(all.prefix(capacity)))
        }
    }
}
