import JadeCore
import JadeKernels
import Testing

@Suite("Nothing is read behind the last component")
struct GuardPageTests {
    @Test("one", arguments: hostLevels, ElementType.float32.metrics)
    func one(level: KernelLevel, metric: Metric) {
        var random = SeededRandom(seed: 6)
        let kernel = Kernels.at(level).distance(for: metric)
        for dimension in raggedDimensions where dimension > 0 {
            let a = random.vector(dimension), b = random.vector(dimension)
            let guarded = GuardedMemory.with { kernel.one($0.copy(a), $0.copy(b), dimension) }
            #expect(guarded.bitPattern == kernel.distance(a, b).bitPattern)
        }
    }

    @Test("many and gather", arguments: hostLevels, ElementType.float32.metrics)
    func rows(level: KernelLevel, metric: Metric) {
        var random = SeededRandom(seed: 7)
        let kernel = Kernels.at(level).distance(for: metric)
        for dimension in raggedDimensions where dimension > 0 {
            for count in [1, 3, 4, 5, 9] {
                let values = random.vector(count * dimension), query = random.vector(dimension)
                let numbers = (0..<UInt32(count)).reversed() as [UInt32]
                let (forward, backward) = GuardedMemory.with { memory in
                    let (query, base) = (memory.copy(query), memory.copy(values))
                    let (first, second) = (memory.copy(values.prefix(count).map { $0 }), memory.copy(values.prefix(count).map { $0 }))
                    kernel.many(query, base, dimension * 4, count, dimension, first)
                    kernel.gather(query, base, dimension * 4, memory.copy(numbers), count, dimension, second)
                    return ((0..<count).map { first[$0].bitPattern }, (0..<count).map { second[$0].bitPattern })
                }
                #expect(forward == backward.reversed())
                #expect(forward[0] == kernel.distance(query, Array(values[..<dimension])).bitPattern)
            }
        }
    }

    @Test("checksum", arguments: hostLevels)
    func checksum(level: KernelLevel) {
        var random = SeededRandom(seed: 8)
        for count in [1, 7, 8, 9, 63, 383, 384, 385, 3071, 3072, 3073, 4096] {
            let bytes = random.bytes(count)
            let guarded = GuardedMemory.with {
                Kernels.at(level).crc32c(UnsafeRawBufferPointer(start: $0.copy(bytes), count: count))
            }
            #expect(guarded == CRC32C.checksum(bytes))
        }
    }

    @Test("selection", arguments: hostLevels)
    func selection(level: KernelLevel) {
        var random = SeededRandom(seed: 9)
        for count in [1, 7, 15, 16, 17, 31, 33, 63, 64, 65, 100] {
            let values = random.vector(count)
            var top = TopK(capacity: count, kernels: .at(level))
            GuardedMemory.with { top.select(distances: $0.copy(values), count: count, firstOrdinal: 0) }
            #expect(top.takeSorted().map(\.distance) == values.sorted())
        }
    }
}
