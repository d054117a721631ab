internal import CJadeKernels

/// Codes with an unbiased estimate of the distance and a bound of its error; `jade_rabitq.h` says how they are made and laid out.
package enum RaBitQCode: String, Sendable, Hashable, CaseIterable {
    /// One bit a component, the query in 1 to 8 planes of bits.
    case rabitq1
    /// So many bits a component. Four and eight are scanned fastest; the others take less memory than the next of these.
    case rabitq2, rabitq3, rabitq4, rabitq5, rabitq6, rabitq7, rabitq8

    /// Bits of a component.
    package var bits: Int {
        switch self {
        case .rabitq1: 1
        case .rabitq2: 2
        case .rabitq3: 3
        case .rabitq4: 4
        case .rabitq5: 5
        case .rabitq6: 6
        case .rabitq7: 7
        case .rabitq8: 8
        }
    }

    /// Bytes of a row, at a multiple of 4: a head of 16, then the codes.
    package func byteCount(dimension: Int) -> Int {
        switch self {
        case .rabitq1: jade_rabitq1_bytes(dimension)
        case .rabitq4: jade_rabitq4_bytes(dimension)
        case .rabitq8: jade_rabitq8_bytes(dimension)
        default: jade_rabitq_mixed_bytes(dimension, bits)
        }
    }

    /// The code of one component of a row; `codes` is behind the row's head.
    package func component(_ index: Int, of codes: UnsafePointer<UInt8>) -> UInt8 {
        switch self {
        case .rabitq1: return (codes[index / 8] >> UInt8(index % 8)) & 1
        case .rabitq4: return (codes[index / 128 * 64 + index % 64] >> UInt8(index % 128 / 64 * 4)) & 15
        case .rabitq8: return codes[index]
        default:
            var part = codes + index / 128 * 16 * bits, code: UInt8 = 0
            for width in [4, 2, 1] where bits & width != 0 {
                let group = 128 / width, place = index % 128
                let shift = UInt8(place % group / 16 * width), mask = UInt8(1 << width - 1)
                code = code << UInt8(width) | (part[place / group * 16 + place % 16] >> shift & mask)
                part += 16 * width
            }
            return code
        }
    }

    func queryByteCount(dimension: Int, bits: Int) -> Int {
        switch self {
        case .rabitq1: jade_rabitq1_query_bytes(dimension, UInt32(bits))
        case .rabitq8: jade_rabitq8_query_bytes(dimension)
        default: jade_rabitq4_query_bytes(dimension)
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
        let encode = RaBitQKernels(space.code, of: self).row
        withUnsafePointer(to: space.space) { encode($0, residual, row) }
    }
}
