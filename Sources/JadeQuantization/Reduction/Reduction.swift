package import JadeCore
package import JadeKernels

/// Takes vectors to fewer dimensions, rows and queries alike, so that the order of their distances changes little.
///
/// The new axes are orthonormal: what lies in them is kept as it is, products and squared distances are those of the shadows, and what
/// is lost is orthogonal to them. Nothing is taken away before, since for `dot` only rows might be moved without a change of the order.
///
/// For cosine the shadow is brought to length 1 again. Of 30,000 × 384 sentence embeddings the 20 nearest by 96 principal axes then hold
/// 0.928 of the 10 nearest, 0.905 without it; by 96 first components, of a model that was not made for that, 0.769 both ways.
package struct Reduction: Sendable {
    package let metric: Metric
    /// Components of the vectors taken.
    package let dimension: Int
    /// Components that are left.
    package let reduced: Int
    /// The axes, one a row; nil keeps the first components.
    package let axes: FloatMatrix?
    private let dot: DistanceKernel

    init(metric: Metric, dimension: Int, reduced: Int, axes: FloatMatrix?, kernels: Kernels) {
        precondition(reduced <= dimension, "\(dimension) dimensions cannot be reduced to \(reduced)")
        (self.metric, self.dimension, self.reduced, self.axes, dot) = (metric, dimension, reduced, axes, kernels.dotProduct)
    }

    /// The first components (Kusupati and others, "Matryoshka representation learning", 2022, arXiv:2205.13147).
    package static func truncation(to reduced: Int, of dimension: Int, metric: Metric, kernels: Kernels) -> Reduction {
        Reduction(metric: metric, dimension: dimension, reduced: reduced, axes: nil, kernels: kernels)
    }

    /// `vector` has ``dimension`` components, `out` gets ``reduced``. O(dimension · reduced) with axes, else O(reduced).
    package func apply(_ vector: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>) {
        if let axes {
            dot.many(vector, axes.base, axes.strideBytes, reduced, dimension, out)
        } else {
            out.update(from: vector, count: reduced)
        }
        guard metric == .cosine else { return }
        let squared = dot.one(out, out, reduced)
        let factor = squared > 0 ? 1 / squared.squareRoot() : 0
        for index in 0..<reduced { out[index] *= factor }
    }

    /// Every row of a matrix.
    package func applied(to points: FloatMatrix, workers: BuildWorkers) -> FloatMatrix {
        let shadows = FloatMatrix(count: points.count, dimension: reduced)
        workers.forEachBlock(of: 256, in: points.count) { _, rows in
            for row in rows { apply(points.row(row), into: shadows.row(row)) }
        }
        return shadows
    }
}
