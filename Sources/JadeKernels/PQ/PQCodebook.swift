internal import CJadeKernels

/// How a subspace's centroid is numbered.
package enum PQCode: String, Sendable, Hashable, CaseIterable {
    /// One of 256, a byte a subspace.
    case pq8
    /// One of 16: subspace j in byte j / 2, in its lower half if j is even.
    case pq4

    /// Centroids of a subspace.
    package var centroids: Int { self == .pq8 ? Int(JADE_PQ8_CENTROIDS) : Int(JADE_PQ4_CENTROIDS) }

    /// Bytes of a row of codes.
    package func byteCount(subspaces: Int) -> Int {
        self == .pq8 ? jade_pq8_bytes(subspaces) : jade_pq4_bytes(subspaces)
    }
}

/// The centroids of product quantization, wherever they lie: in memory that outlives this value.
///
/// Component i of centroid c of subspace j is at `(j * subDimension + i) * code.centroids + c`. Vectors have
/// `subspaces * subDimension` components; a vector of fewer is filled up with zeros first.
///
/// `@unchecked`: the centroids are not written while a codebook refers to them.
package struct PQCodebook: @unchecked Sendable {
    package let code: PQCode
    package let subspaces: Int
    package let subDimension: Int
    package let centroids: UnsafePointer<Float>

    package init(_ code: PQCode, centroids: UnsafePointer<Float>, subspaces: Int, subDimension: Int) {
        precondition(subspaces >= 0 && subDimension >= 0, "\(subspaces) subspaces of \(subDimension) components")
        (self.code, self.centroids, self.subspaces, self.subDimension) = (code, centroids, subspaces, subDimension)
    }

    /// Components of a vector.
    package var dimension: Int { subspaces * subDimension }

    /// Floats in ``centroids``.
    package var floatCount: Int { dimension * code.centroids }

    /// Floats in a query's table.
    package var tableCount: Int { subspaces * code.centroids }

    var quantizer: jade_pq { jade_pq(centroids: centroids, subspaces: subspaces, sub_dimension: subDimension) }
}

extension Kernels {
    /// The codes of `count` rows of f32: to the nearest centroid, the smaller number between equals.
    /// O(count · dimension · centroids).
    package func encode(
        _ codebook: PQCodebook, rows: UnsafeRawPointer, strideBytes: Int, count: Int, into codes: UnsafeMutableRawPointer,
        codesStrideBytes: Int
    ) {
        withUnsafePointer(to: codebook.quantizer) { quantizer in
            switch codebook.code {
            case .pq8: table.pointee.f32_to_pq8_rows(quantizer, rows, strideBytes, count, codes, codesStrideBytes)
            case .pq4: table.pointee.f32_to_pq4_rows(quantizer, rows, strideBytes, count, codes, codesStrideBytes)
            }
        }
    }

    /// The centroids that a row of codes names, ``PQCodebook/dimension`` floats.
    package func decode(_ codebook: PQCodebook, codes: UnsafeRawPointer, to out: UnsafeMutablePointer<Float>) {
        withUnsafePointer(to: codebook.quantizer) { quantizer in
            switch codebook.code {
            case .pq8: table.pointee.pq8_to_f32_row(quantizer, codes, out)
            case .pq4: table.pointee.pq4_to_f32_row(quantizer, codes, out)
            }
        }
    }

    /// The distances, `l2sq` or `ndot`, of a query's pieces from all centroids: ``PQCodebook/tableCount`` floats, those of a
    /// subspace side by side. O(dimension · centroids).
    package func makeTable(
        _ family: DistanceFamily, _ codebook: PQCodebook, query: UnsafePointer<Float>, into out: UnsafeMutablePointer<Float>
    ) {
        withUnsafePointer(to: codebook.quantizer) { quantizer in
            switch (codebook.code, family) {
            case (.pq8, .l2sq): table.pointee.table_pq8_l2sq(quantizer, query, out)
            case (.pq8, .ndot): table.pointee.table_pq8_ndot(quantizer, query, out)
            case (.pq4, .l2sq): table.pointee.table_pq4_l2sq(quantizer, query, out)
            case (.pq4, .ndot): table.pointee.table_pq4_ndot(quantizer, query, out)
            default: preconditionFailure("product codes measure l2sq and ndot, not \(family)")
            }
        }
    }
}
