/// Vectors as real ones are: clusters, each in a subspace of few dimensions, with a little noise in all.
package struct TestVectors: Sendable {
    package let dimension: Int
    package let rows: [Float]
    package let queries: [Float]

    package var count: Int { rows.count / dimension }
    package var queryCount: Int { queries.count / dimension }

    package init(count: Int, queries queryCount: Int, dimension: Int, clusters: Int = 20, seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let intrinsic = min(12, dimension)
        let centers = (0..<clusters * dimension).map { _ in random.normal() * 2 }
        let axes = (0..<clusters * intrinsic * dimension).map { _ in random.normal() }
        func vector() -> [Float] {
            let cluster = Int.random(in: 0..<clusters, using: &random)
            var values = Array(centers[cluster * dimension..<(cluster + 1) * dimension])
            for axis in 0..<intrinsic {
                let length = random.normal() / Float(axis + 1)
                let start = (cluster * intrinsic + axis) * dimension
                for index in 0..<dimension { values[index] += length * axes[start + index] }
            }
            for index in 0..<dimension { values[index] += 0.05 * random.normal() }
            return values
        }
        self.dimension = dimension
        rows = (0..<count).flatMap { _ in vector() }
        queries = (0..<queryCount).flatMap { _ in vector() }
    }

    package func row(_ index: Int) -> [Float] { Array(rows[index * dimension..<(index + 1) * dimension]) }
    package func query(_ index: Int) -> [Float] { Array(queries[index * dimension..<(index + 1) * dimension]) }
}

extension SeededRandom {
    /// Roughly normal, mean 0, deviation 1.
    package mutating func normal() -> Float {
        (0..<6).reduce(Float(0)) { sum, _ in sum + Float.random(in: -1...1, using: &self) } / 1.414
    }
}
