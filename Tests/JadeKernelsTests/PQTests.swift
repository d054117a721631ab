import JadeCore
import JadeKernels
import Testing

@Suite("Product codes, their tables and look-ups")
struct PQTests {
    static let shapes: [(subspaces: Int, subDimension: Int)] = [(1, 1), (2, 3), (7, 5), (8, 8), (9, 2), (17, 7), (33, 2), (5, 32)]

    /// The distance of a vector's piece `j` from centroid `c` as the layout of ``PQCodebook`` says, in double.
    private static func distance(_ codebook: PQCodebook, _ j: Int, _ c: Int, _ vector: [Float], _ family: DistanceFamily) -> Double {
        (0..<codebook.subDimension).reduce(0.0) { sum, i in
            let x = Double(vector[j * codebook.subDimension + i])
            let y = Double(codebook.centroids[(j * codebook.subDimension + i) * codebook.code.centroids + c])
            return sum + (family == .l2sq ? (x - y) * (x - y) : -x * y)
        }
    }

    static func code(_ codes: [UInt8], _ kind: PQCode, _ j: Int) -> Int {
        kind == .pq8 ? Int(codes[j]) : Int(codes[j / 2] >> UInt8(j % 2 * 4) & 15)
    }

    @Test("a row's codes name its nearest centroids, and decode to them", arguments: hostLevels, PQCode.allCases)
    func codes(level: KernelLevel, kind: PQCode) {
        var random = SeededRandom(seed: 31)
        for shape in Self.shapes {
            let centroids = random.vector(shape.subspaces * shape.subDimension * kind.centroids)
            centroids.withUnsafeBufferPointer { centroids in
                let codebook = PQCodebook(
                    kind, centroids: centroids.baseAddress!, subspaces: shape.subspaces, subDimension: shape.subDimension)
                let rows = (0..<6).map { _ in random.vector(codebook.dimension) }
                let bytes = kind.byteCount(subspaces: shape.subspaces)
                let all = GuardedMemory.with { memory -> [UInt8] in
                    let out = memory.bytes(rows.count * bytes)
                    Kernels.at(level).encode(
                        codebook, rows: memory.copy(rows.flatMap { $0 }), strideBytes: 4 * codebook.dimension, count: rows.count,
                        into: out.baseAddress!, codesStrideBytes: bytes)
                    return Array(out)
                }
                for (number, row) in rows.enumerated() {
                    check(codebook, row, Array(all[number * bytes..<(number + 1) * bytes]), Kernels.at(level))
                }
            }
        }
    }

    private func check(_ codebook: PQCodebook, _ row: [Float], _ codes: [UInt8], _ kernels: Kernels) {
        var decoded = [Float](repeating: 0, count: codebook.dimension)
        kernels.decode(codebook, codes: codes, to: &decoded)
        for j in 0..<codebook.subspaces {
            let code = Self.code(codes, codebook.code, j), own = Self.distance(codebook, j, code, row, .l2sq)
            let least = (0..<codebook.code.centroids).map { Self.distance(codebook, j, $0, row, .l2sq) }.min()!
            #expect(own <= least * (1 + 4e-6), "subspace \(j) of \(codebook.subspaces)")
            let first = j * codebook.subDimension
            #expect(decoded[first] == codebook.centroids[first * codebook.code.centroids + code])
        }
    }

    @Test("a table holds the distances, and a look-up sums them in every shape", arguments: hostLevels, PQCode.allCases)
    func tables(level: KernelLevel, kind: PQCode) {
        var random = SeededRandom(seed: 32)
        let kernels = Kernels.at(level), lookup = kernels.lookup(kind)
        for shape in Self.shapes {
            for family in [DistanceFamily.l2sq, .ndot] {
                let centroids = random.vector(shape.subspaces * shape.subDimension * kind.centroids)
                centroids.withUnsafeBufferPointer { centroids in
                    let codebook = PQCodebook(
                        kind, centroids: centroids.baseAddress!, subspaces: shape.subspaces, subDimension: shape.subDimension)
                    let query = random.vector(codebook.dimension), row = random.bytes(kind.byteCount(subspaces: shape.subspaces))
                    var table = [Float](repeating: 0, count: codebook.tableCount), many = [Float(0)], gathered = many
                    kernels.makeTable(family, codebook, query: query, into: &table)
                    let wanted = (0..<shape.subspaces).map { Self.distance(codebook, $0, Self.code(row, kind, $0), query, family) }
                    let one = lookup.one(table, row, shape.subspaces), magnitude = wanted.reduce(1) { $0 + abs($1) }
                    #expect(abs(Double(one) - wanted.reduce(0, +)) <= 4e-6 * magnitude * Double(shape.subDimension))
                    lookup.many(table, row, row.count, 1, shape.subspaces, &many)
                    lookup.gather(table, row, row.count, [0], 1, shape.subspaces, &gathered)
                    #expect(many == [one] && gathered == [one])
                }
            }
        }
    }
}
