internal import CJadeKernels

/// Codes with an unbiased estimate of the distance and a bound of its error; `jade_rabitq.h` says how they are made and laid out.
package enum RaBitQCode: String, Sendable, Hashable, CaseIterable {
    /// One bit a component, the query in 1 to 8 planes of bits.
    case rabitq1
    /// Four bits a component.
    case rabitq4
    /// Eight bits a component.
    case rabitq8

    /// Bytes of a row, at a multiple of 4: a head of 16, then the codes.
    package func byteCount(dimension: Int) -> Int {
        switch self {
        case .rabitq1: jade_rabitq1_bytes(dimension)
        case .rabitq4: jade_rabitq4_bytes(dimension)
        case .rabitq8: jade_rabitq8_bytes(dimension)
        }
    }

    func queryByteCount(dimension: Int, bits: Int) -> Int {
        switch self {
        case .rabitq1: jade_rabitq1_query_bytes(dimension, UInt32(bits))
        case .rabitq4: jade_rabitq4_query_bytes(dimension)
        case .rabitq8: jade_rabitq8_query_bytes(dimension)
        }
    }
}

/// What rows and queries of one list have in common.
///
/// Vectors are given as residuals: moved by the centre, then rotated. For `l2sq` nothing else is needed; for `ndot` the rotated
/// centre is, unless it is zero.
///
/// `@unchecked`: the centre is not written while a space refers to it.
package struct RaBitQSpace: @unchecked Sendable {
    /// How many standard deviations the bound keeps clear of the estimate; the authors' choice.
    package static let epsilon: Float = 1.9

    package let code: RaBitQCode
    package let dimension: Int
    package let family: DistanceFamily
    package let center: UnsafePointer<Float>?
    package let epsilon: Float

    /// `family` is `l2sq` or `ndot`; `center`, the rotated centre, outlives this value.
    package init(
        _ code: RaBitQCode, _ family: DistanceFamily, dimension: Int, center: UnsafePointer<Float>? = nil,
        epsilon: Float = RaBitQSpace.epsilon
    ) {
        precondition(family == .l2sq || family == .ndot, "binary codes measure l2sq and ndot, not \(family)")
        precondition(dimension >= 0, "\(dimension) dimensions")
        (self.code, self.family, self.dimension) = (code, family, dimension)
        (self.center, self.epsilon) = (center, epsilon)
    }

    /// Bytes of a row.
    package var byteCount: Int { code.byteCount(dimension: dimension) }

    var space: jade_rabitq {
        jade_rabitq(
            dimension: dimension, metric: family == .l2sq ? JADE_RABITQ_L2SQ : JADE_RABITQ_NDOT, center: center, epsilon: epsilon)
    }
}

extension Kernels {
    /// The row, ``RaBitQSpace/byteCount`` bytes at a multiple of 4, of a moved and rotated vector. O(dimension) for one bit; for
    /// more, that times the number of scales tried.
    package func encode(_ space: RaBitQSpace, _ residual: UnsafePointer<Float>, into row: UnsafeMutableRawPointer) {
        withUnsafePointer(to: space.space) { pointer in
            switch space.code {
            case .rabitq1: table.pointee.f32_to_rabitq1_row(pointer, residual, row)
            case .rabitq4: table.pointee.f32_to_rabitq4_row(pointer, residual, row)
            case .rabitq8: table.pointee.f32_to_rabitq8_row(pointer, residual, row)
            }
        }
    }
}
