/// How the components of a stored vector are represented, as far as kernels are concerned.
package enum VectorType: String, Sendable, Hashable, CaseIterable {
    case f32, f16, bf16, i8, u8
    /// Bits, eight components a byte.
    case b1
    /// A scale and an offset, then codes of 8 or 4 bits; the query is f32.
    case sq8, sq4

    /// Bytes of a vector of `dimension` components.
    package func byteCount(dimension: Int) -> Int {
        switch self {
        case .f32: 4 * dimension
        case .f16, .bf16: 2 * dimension
        case .i8, .u8: dimension
        case .b1: (dimension + 7) / 8
        case .sq8: 8 + dimension
        case .sq4: 8 + (dimension + 1) / 2
        }
    }

    /// Bytes of a query for rows of this type.
    package func queryByteCount(dimension: Int) -> Int {
        switch self {
        case .sq8, .sq4: 4 * dimension
        default: byteCount(dimension: dimension)
        }
    }
}

/// What a distance measures. Smaller is closer, but for `dot`.
package enum DistanceFamily: String, Sendable, Hashable, CaseIterable {
    /// The sum of squared differences.
    case l2sq
    case dot
    /// Minus the dot product.
    case ndot
    case cosine
    /// The sum of absolute differences.
    case l1
    /// Bits that differ.
    case hamming
    /// One minus the share of common bits.
    case jaccard
}
