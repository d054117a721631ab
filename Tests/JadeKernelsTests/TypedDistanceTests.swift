import JadeCore
import JadeKernels
import Testing

/// The pairs that have a kernel, but for codes, which `CodeTests` measures.
let typedPairs: [(DistanceFamily, VectorType)] = DistanceFamily.allCases.flatMap { family in
    VectorType.allCases.filter { $0 != .sq8 && $0 != .sq4 && (family == .hamming || family == .jaccard) == ($0 == .b1) }.map { (family, $0) }
}

@Suite("Distances over every type")
struct TypedDistanceTests {
    @Test("every pair that has a meaning has a kernel, and no other", arguments: hostLevels)
    func pairs(level: KernelLevel) {
        let kernels = Kernels.at(level)
        for (family, type) in typedPairs { #expect(kernels.distance(family, of: type) != nil, "\(family) over \(type)") }
        for family in [DistanceFamily.l2sq, .dot, .ndot] {
            #expect(kernels.distance(family, of: .sq8) != nil && kernels.distance(family, of: .sq4) != nil)
        }
        #expect(kernels.distance(.hamming, of: .f32) == nil && kernels.distance(.cosine, of: .b1) == nil)
        #expect(kernels.distance(.l1, of: .sq8) == nil)
    }

    @Test("every shape is right at every dimension, up to a guard page", arguments: hostLevels, typedPairs)
    func shapes(level: KernelLevel, pair: (DistanceFamily, VectorType)) throws {
        let (family, type) = pair
        var random = SeededRandom(seed: 20)
        let kernel = try #require(Kernels.at(level).distance(family, of: type))
        for dimension in raggedDimensions + [100, 511, 1000] where dimension > 0 {
            let stride = type.byteCount(dimension: dimension), count = 5
            let query = TypedReference.vector(type, dimension, &random)
            let rows = (0..<count).map { _ in TypedReference.vector(type, dimension, &random) }
            let ordinals = (0..<UInt32(count)).reversed() as [UInt32]
            let (many, gathered, single) = GuardedMemory.with { memory in
                let (query, base, space) = (memory.copy(query), memory.copy(rows.flatMap(\.self)), [Float](repeating: 0, count: count))
                let (first, second) = (memory.copy(space), memory.copy(space))
                kernel.many(query, base, stride, count, dimension, first)
                kernel.gather(query, base, stride, memory.copy(ordinals), count, dimension, second)
                return (
                    (0..<count).map { first[$0] }, (0..<count).map { second[$0] },
                    (0..<count).map { kernel.one(query, base + $0 * stride, dimension) }
                )
            }
            #expect(many == single && gathered == many.reversed(), "dimension \(dimension)")
            for (row, got) in zip(rows, many) {
                let want = TypedReference.distance(family, type, query, row, dimension)
                #expect(want.accepts(got), "dimension \(dimension): \(got), expected \(want.value)")
            }
        }
    }

    @Test("bits behind the last component do not count", arguments: hostLevels)
    func padding(level: KernelLevel) throws {
        let kernel = try #require(Kernels.at(level).distance(.hamming, of: .b1))
        for dimension in 1..<600 {
            let zeros = [UInt8](repeating: 0, count: (dimension + 7) / 8), ones = [UInt8](repeating: 255, count: zeros.count)
            #expect(kernel.one(zeros, ones, dimension) == Float(dimension))
        }
    }

    @Test("the largest sums of bytes are exact", arguments: hostLevels)
    func largest(level: KernelLevel) throws {
        let dimension = Limits.maximumDimension
        let low = [Int8](repeating: -128, count: dimension), high = [Int8](repeating: 127, count: dimension)
        let kernels = Kernels.at(level)
        #expect(try #require(kernels.distance(.l2sq, of: .i8)).one(low, high, dimension) == 65025 * 65536)
        #expect(try #require(kernels.distance(.dot, of: .i8)).one(low, low, dimension) == 16384 * 65536)
        let full = [UInt8](repeating: 255, count: dimension)
        #expect(try #require(kernels.distance(.dot, of: .u8)).one(full, full, dimension) == 65025 * 65536)
        #expect(try #require(kernels.distance(.cosine, of: .u8)).one(full, full, dimension) == 0)
    }

    @Test("NaN and infinity in 16-bit floats", arguments: hostLevels, [VectorType.f16, .bf16])
    func unusual(level: KernelLevel, type: VectorType) throws {
        let (one, infinity): (UInt16, UInt16) = type == .f16 ? (0x3C00, 0x7C00) : (0x3F80, 0x7F80)
        for family in [DistanceFamily.l2sq, .dot, .cosine, .l1] {
            let kernel = try #require(Kernels.at(level).distance(family, of: type))
            for dimension in [1, 8, 17, 33, 65] {
                let plain = [UInt16](repeating: one, count: dimension)
                var broken = plain
                broken[dimension / 2] = infinity + 1
                #expect(kernel.one(plain, broken, dimension).isNaN && kernel.one(broken, plain, dimension).isNaN)
                broken[dimension / 2] = infinity
                let far = kernel.one(plain, broken, dimension)
                #expect(family == .cosine ? far.isNaN : far == .infinity)
            }
        }
    }
}
