package import JadeIO

/// Rows of `Float` one behind the other, the first at a multiple of 64 bytes: training points, centroids, codebooks.
///
/// `@unchecked`: written by whoever makes it, each row by one thread, and only read once it is handed on.
package final class FloatMatrix: @unchecked Sendable {
    package let count: Int
    package let dimension: Int
    package let base: UnsafeMutablePointer<Float>

    /// `count` rows of zeros.
    package init(count: Int, dimension: Int) {
        precondition(count >= 0 && dimension >= 0, "\(count) rows of \(dimension) dimensions")
        (self.count, self.dimension) = (count, dimension)
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count * dimension, 1) * 4, alignment: 64)
        base = raw.bindMemory(to: Float.self, capacity: max(count * dimension, 1))
        base.initialize(repeating: 0, count: max(count * dimension, 1))
    }

    package convenience init(_ values: some Collection<Float>, dimension: Int) {
        precondition(values.count % max(dimension, 1) == 0, "\(values.count) numbers are no rows of \(dimension)")
        self.init(count: values.count / max(dimension, 1), dimension: dimension)
        for (index, value) in values.enumerated() { base[index] = value }
    }

    deinit { base.deallocate() }

    package var strideBytes: Int { dimension * MemoryLayout<Float>.stride }
    package var byteCount: Int { count * strideBytes }

    @inline(__always)
    package func row(_ index: Int) -> UnsafeMutablePointer<Float> { base + index &* dimension }

    package var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count * dimension)) }

    /// The rows that `indices` names, in that order.
    package func gathering(_ indices: [Int]) -> FloatMatrix {
        let chosen = FloatMatrix(count: indices.count, dimension: dimension)
        for (place, index) in indices.enumerated() { chosen.row(place).update(from: row(index), count: dimension) }
        return chosen
    }

    /// The mean of all rows, as a matrix of one row.
    package var mean: FloatMatrix {
        var sums = [Double](repeating: 0, count: dimension)
        for index in 0..<count {
            for component in 0..<dimension { sums[component] += Double(row(index)[component]) }
        }
        return FloatMatrix(sums.map { Float($0 / Double(max(count, 1))) }, dimension: dimension)
    }

    /// `width` components of every row, from component `first` on, with zeros for those that there are not: one subspace.
    package func columns(from first: Int, width: Int) -> FloatMatrix {
        let part = FloatMatrix(count: count, dimension: width)
        let present = min(max(dimension - first, 0), width)
        for index in 0..<count { part.row(index).update(from: row(index) + first, count: present) }
        return part
    }
}

extension RandomSource {
    /// A number below `count`, near enough to evenly for sampling.
    package func index(below count: Int) -> Int { Int(word().multipliedFullWidth(by: UInt64(count)).high) }

    /// A number in 0 ..< 1.
    package func fraction() -> Double { Double(word() >> 11) * 0x1p-53 }

    /// `wanted` different numbers below `count` in ascending order, or all of them. O(count).
    package func sample(_ wanted: Int, below count: Int) -> [Int] {
        guard wanted < count else { return Array(0..<count) }
        var chosen: [Int] = []
        chosen.reserveCapacity(wanted)
        // Each is taken with the chance that exactly as many as are still wanted come out of those that are left.
        for number in 0..<count where index(below: count - number) < wanted - chosen.count { chosen.append(number) }
        return chosen
    }
}
