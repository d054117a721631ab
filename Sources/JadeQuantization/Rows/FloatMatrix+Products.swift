internal import JadeKernels

extension FloatMatrix {
    /// This times the transpose of `other`: every row with every row. By tiles in blocks of rows, so that the same level gives the same
    /// bits on any number of threads. O(rows · other rows · dimension).
    func timesTransposed(_ other: FloatMatrix, kernels: Kernels, workers: BuildWorkers) -> FloatMatrix {
        precondition(dimension == other.dimension, "rows of \(dimension) and of \(other.dimension)")
        let product = FloatMatrix(count: count, dimension: other.count)
        let batch = SharedBatch(
            QueryBatch(
                .f32, other.base, strideBytes: other.strideBytes, count: other.count, dimension: dimension, kernels: kernels))
        workers.forEachBlock(of: 48, in: count) { _, rows in
            batch.queries.distances(
                .ndot, base: self.row(rows.lowerBound), strideBytes: self.strideBytes, rows: rows.count,
                out: product.row(rows.lowerBound), outStride: other.count)
            for index in 0..<rows.count * other.count { product.row(rows.lowerBound)[index].negate() }
        }
        return product
    }

    func transposed() -> FloatMatrix {
        let other = FloatMatrix(count: dimension, dimension: count)
        for index in 0..<count {
            for component in 0..<dimension { other.row(component)[index] = row(index)[component] }
        }
        return other
    }

    static func identity(_ dimension: Int) -> FloatMatrix {
        let matrix = FloatMatrix(count: dimension, dimension: dimension)
        for index in 0..<dimension { matrix.row(index)[index] = 1 }
        return matrix
    }

    /// The orthogonal matrix nearest to this square one, by Newton's iteration (Higham, "Functions of Matrices", 2008, chapter 8):
    /// Z becomes Z (3 - Zᵀ Z) / 2, which takes every singular value towards 1. `fallback`, an orthogonal matrix, decides where this one
    /// has nothing to say.
    ///
    /// O(dimension³) a step; singular values down to a ten-thousandth of the largest take some thirty.
    func orthogonalPart(fallback: FloatMatrix, kernels: Kernels, workers: BuildWorkers) -> FloatMatrix {
        let size = count * dimension
        // The root of the sum of squares is not below the largest singular value.
        let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
        guard norm > 0, norm.isFinite else { return fallback }
        let scale = Float(1 / norm)
        var z = FloatMatrix(count: count, dimension: dimension)
        for index in 0..<size { z.base[index] = base[index] * scale + 1e-4 * fallback.base[index] }
        for _ in 0..<Self.mostSteps {
            let gram = z.timesTransposed(z, kernels: kernels, workers: workers)
            var distance: Float = 0
            for row in 0..<count { for column in 0..<count { distance = max(distance, abs(gram.row(row)[column] - (row == column ? 1 : 0))) } }
            if distance < 2e-6 { break }
            let cubic = gram.timesTransposed(z.transposed(), kernels: kernels, workers: workers)
            let next = FloatMatrix(count: count, dimension: dimension)
            for index in 0..<size { next.base[index] = 1.5 * z.base[index] - 0.5 * cubic.base[index] }
            z = next
        }
        return z
    }

    private static let mostSteps = 60
}

/// A batch that several threads read.
///
/// `@unchecked`: packed queries never change once they are packed.
private final class SharedBatch: @unchecked Sendable {
    let queries: QueryBatch

    init(_ queries: consuming QueryBatch) { self.queries = queries }
}
