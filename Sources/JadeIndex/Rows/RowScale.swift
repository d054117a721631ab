package import JadeCore
package import JadeKernels

/// What cosine needs of a vector beside its values: one over its length, 0 for a zero vector.
package struct RowScale: Sendable {
    private let dot: TypedDistanceKernel
    private let dimension: Int

    package init(_ rows: RowSource, kernels: Kernels) {
        dot = kernels.required(.dot, of: rows.elementType)
        dimension = rows.dimension
    }

    /// - Parameter values: in the rows' element type.
    package func callAsFunction(_ values: UnsafeRawPointer) -> Float {
        let squared = dot.one(values, values, dimension)
        return squared > 0 ? 1 / squared.squareRoot() : 0
    }
}

extension Kernels {
    /// The kernel of a pair that has one, as all of ``ElementType/metrics`` do.
    func required(_ family: DistanceFamily, of type: ElementType) -> TypedDistanceKernel {
        guard let kernel = distance(family, of: VectorType(type)) else {
            preconditionFailure("there is no distance \(family.rawValue) between vectors of \(type.name)")
        }
        return kernel
    }

    /// What rows are compared by: for cosine the dot product, which their scales turn into it.
    func rowKernel(_ metric: Metric, of type: ElementType) -> TypedDistanceKernel {
        switch metric {
        case .cosine: required(.dot, of: type)
        case .euclidean: required(.l2sq, of: type)
        case .dot: required(.ndot, of: type)
        case .manhattan: required(.l1, of: type)
        case .hamming: required(.hamming, of: type)
        case .jaccard: required(.jaccard, of: type)
        }
    }
}
