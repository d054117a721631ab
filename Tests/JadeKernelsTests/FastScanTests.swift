import JadeCore
import JadeKernels
import Testing

@Suite("The fast scan over blocks of 4-bit codes")
struct FastScanTests {
    /// Rows of codes, their blocks, and tables of floats of some queries.
    private struct Scene {
        let subspaces: Int
        let count: Int
        let rows: [[UInt8]]
        let blocks: [UInt8]
        let tables: [[Float]]

        init(subspaces: Int, count: Int, queries: Int, random: inout SeededRandom) {
            let bytes = PQCode.pq4.byteCount(subspaces: subspaces)
            let rows = (0..<count).map { _ in
                var row = random.bytes(bytes)
                if subspaces % 2 == 1 { row[bytes - 1] &= 15 }
                return row
            }
            var blocks = [UInt8](repeating: 0xFF, count: FastScanBlocks.byteCount(count: count, subspaces: subspaces))
            FastScanBlocks.pack(
                rows: rows.flatMap { $0 }, strideBytes: bytes, count: count, subspaces: subspaces, into: &blocks)
            (self.subspaces, self.count, self.rows, self.blocks) = (subspaces, count, rows, blocks)
            tables = (0..<queries).map { _ in random.vector(16 * subspaces) }
        }

        func exact(_ query: Int, _ row: Int) -> Double {
            (0..<subspaces).reduce(0.0) { $0 + Double(tables[query][16 * $1 + PQTests.code(rows[row], .pq4, $1)]) }
        }

        /// Runs `body` with blocks that end at an unreadable page.
        func with(_ level: KernelLevel, _ body: (borrowing FastScanTables, FastScanBlocks) -> Void) {
            let scan = FastScanTables(count: tables.count, subspaces: subspaces, kernels: .at(level))
            for (query, table) in tables.enumerated() { scan.set(query, table: table) }
            GuardedMemory.with { body(scan, FastScanBlocks($0.copy(blocks), subspaces: subspaces, count: count)) }
        }
    }

    static let sizes = [(1, 1), (2, 31), (3, 33), (16, 32), (17, 100), (32, 257), (48, 64), (300, 40)]

    @Test("sums give distances near those of the table of floats", arguments: hostLevels)
    func distances(level: KernelLevel) {
        var random = SeededRandom(seed: 33)
        for (subspaces, count) in Self.sizes {
            let scene = Scene(subspaces: subspaces, count: count, queries: 2, random: &random)
            scene.with(level) { tables, blocks in
                var sums = [UInt16](repeating: 0, count: count)
                tables.sums(1, blocks, into: &sums)
                for row in 0..<count {
                    let got = Double(tables.bias(1)) + Double(tables.scale(1)) * Double(sums[row])
                    #expect(abs(got - scene.exact(1, row)) <= Double(tables.scale(1)) * Double(subspaces) * 0.5001 + 1e-4)
                }
            }
        }
    }

    @Test("what passes a limit is found, in order", arguments: hostLevels)
    func passing(level: KernelLevel) {
        var random = SeededRandom(seed: 34)
        for (subspaces, count) in Self.sizes {
            let scene = Scene(subspaces: subspaces, count: count, queries: 1, random: &random)
            scene.with(level) { tables, blocks in
                var sums = [UInt16](repeating: 0, count: count), keys = [UInt64](repeating: 0, count: count)
                tables.sums(0, blocks, into: &sums)
                let limit = UInt32(sums.sorted()[count / 3])
                let found = tables.passing(0, blocks, limit: limit, firstRow: 1000, into: &keys)
                let wanted = sums.enumerated().filter { $0.element <= limit }.map { UInt64($0.element) << 32 | UInt64(1000 + $0.offset) }
                #expect(Array(keys[..<found]) == wanted)
            }
        }
    }

    @Test("a batch selects what its queries alone would, at every level alike", arguments: hostLevels)
    func search(level: KernelLevel) {
        var random = SeededRandom(seed: 35)
        for (subspaces, count) in Self.sizes {
            let scene = Scene(subspaces: subspaces, count: count, queries: 6, random: &random)
            let ordinals = (0..<UInt32(count)).map { 7 * $0 + 3 }
            scene.with(level) { tables, blocks in
                var whole = TopKBatch(count: 6, capacity: 5), parts = TopKBatch(count: 6, capacity: 5)
                tables.search(blocks, ordinals: ordinals, firstOrdinal: 0, into: whole)
                for query in 0..<6 { tables.search(blocks, queries: query..<query + 1, ordinals: ordinals, firstOrdinal: 0, into: parts) }
                for query in 0..<6 {
                    var sums = [UInt16](repeating: 0, count: count)
                    tables.sums(query, blocks, into: &sums)
                    var wanted = TopK(capacity: 5, kernels: .serial)
                    for row in 0..<count {
                        let distance = Double(tables.bias(query)) + Double(tables.scale(query)) * Double(sums[row])
                        wanted.offer(distance: Float(distance), ordinal: ordinals[row])
                    }
                    let list = wanted.takeSorted()
                    #expect(whole.takeSorted(query) == list && parts.takeSorted(query) == list, "query \(query) of \(subspaces)")
                }
            }
        }
    }

    @Test("single rows are written and read")
    func rows() {
        var random = SeededRandom(seed: 36)
        let scene = Scene(subspaces: 5, count: 70, queries: 0, random: &random)
        var blocks = [UInt8](repeating: 0xFF, count: scene.blocks.count), row: [UInt8] = [0, 0, 0]
        for number in 0..<96 { FastScanBlocks.write(row: number, codes: [0, 0, 0], subspaces: 5, into: &blocks) }
        for number in (0..<70).reversed() {
            FastScanBlocks.write(row: number, codes: scene.rows[number], subspaces: 5, into: &blocks)
        }
        #expect(blocks == scene.blocks)
        GuardedMemory.with {
            let view = FastScanBlocks($0.copy(blocks), subspaces: 5, count: 70)
            for number in 0..<70 {
                view.read(row: number, into: &row)
                #expect(row == scene.rows[number])
            }
        }
    }

    @Test("a table that is not finite selects nothing", arguments: hostLevels)
    func notFinite(level: KernelLevel) {
        let tables = FastScanTables(count: 1, subspaces: 1, kernels: .at(level))
        var selections = TopKBatch(count: 1, capacity: 3)
        tables.set(0, table: [.nan] + [Float](repeating: 1, count: 15))
        GuardedMemory.with {
            let blocks = FastScanBlocks($0.copy([UInt8](repeating: 0, count: 16)), subspaces: 1, count: 9)
            tables.search(blocks, ordinals: nil, firstOrdinal: 0, into: selections)
        }
        #expect(tables.bias(0).isNaN && selections.takeSorted(0).isEmpty)
    }
}
