import JadeKernels
import Testing

@Suite("Bounded selection")
struct TopKTests {
    /// What a sort of everything gives.
    private func expected(_ candidates: [Neighbor], capacity: Int, limit: Float) -> [Neighbor] {
        let passing = candidates.filter { $0.distance <= limit }
        return Array(passing.sorted { ($0.distance, $0.ordinal) < ($1.distance, $1.ordinal) }.prefix(capacity))
    }

    @Test("equals a sort, ties by ordinal, whatever the blocks", arguments: hostLevels)
    func equalsSort(level: KernelLevel) {
        var random = SeededRandom(seed: 10)
        for round in 0..<300 {
            let count = Int.random(in: 0...400, using: &random), capacity = [0, 1, 2, 10, 100, 500][round % 6]
            let steps = [3, 20, 100_000][round % 3]
            let distances = (0..<count).map { _ in Float(Int.random(in: -steps...steps, using: &random)) / 7 }
            let limit = round % 4 == 0 ? Float(steps) / 14 : .infinity
            var top = TopK(capacity: capacity, limit: limit, kernels: .at(level))
            var start = 0
            while start < count {
                let block = min(Int.random(in: 1...150, using: &random), count - start)
                distances.withUnsafeBufferPointer {
                    top.select(distances: $0.baseAddress! + start, count: block, firstOrdinal: 1000 + UInt32(start))
                }
                start += block
            }
            let all = distances.enumerated().map { Neighbor(ordinal: 1000 + UInt32($0.offset), distance: $0.element) }
            #expect(top.takeSorted() == expected(all, capacity: capacity, limit: limit), "round \(round)")
        }
    }

    @Test("takes ordinals in any order", arguments: hostLevels)
    func ordinals(level: KernelLevel) {
        var random = SeededRandom(seed: 11)
        let count = 333
        let numbers = (0..<UInt32(count)).shuffled(using: &random)
        let distances = (0..<count).map { _ in Float(Int.random(in: 0...5, using: &random)) }
        var top = TopK(capacity: 50, kernels: .at(level))
        top.select(distances: distances, ordinals: numbers, count: count)
        let all = zip(numbers, distances).map { Neighbor(ordinal: $0, distance: $1) }
        #expect(top.takeSorted() == expected(all, capacity: 50, limit: .infinity))
    }

    @Test("NaN is never taken, infinity only without a limit, -0 equals 0", arguments: hostLevels)
    func unusual(level: KernelLevel) {
        let distances: [Float] = [.nan, .infinity, 0, -.nan, -0.0, -.infinity, 1, .infinity]
        var top = TopK(capacity: 8, kernels: .at(level))
        top.select(distances: distances, count: distances.count, firstOrdinal: 0)
        #expect(top.takeSorted().map(\.ordinal) == [5, 2, 4, 6, 1, 7])
        var limited = TopK(capacity: 8, limit: 0, kernels: .at(level))
        limited.select(distances: distances, count: distances.count, firstOrdinal: 0)
        #expect(limited.takeSorted().map(\.ordinal) == [5, 2, 4])
    }

    @Test("the threshold falls as the selection fills, and it can be used again")
    func threshold() {
        var top = TopK(capacity: 2, limit: 9, kernels: .best)
        #expect(top.threshold == 9)
        top.offer(distance: 10, ordinal: 0)
        top.offer(distance: 5, ordinal: 1)
        #expect(top.count == 1 && top.threshold == 9)
        top.offer(distance: 3, ordinal: 2)
        #expect(top.threshold == 5)
        top.offer(distance: 5, ordinal: 0)
        #expect(top.takeSorted() == [Neighbor(ordinal: 2, distance: 3), Neighbor(ordinal: 0, distance: 5)])
        top.offer(distance: 8, ordinal: 7)
        #expect(top.takeSorted() == [Neighbor(ordinal: 7, distance: 8)])
    }
}
