package import JadeCore
package import JadeKernels

/// A trained quantizer of any kind. It never changes and may be used by any number of threads.
///
/// Distances between a query and codes come from a ``PreparedQuery``. They are internal distances of the metric (`Metric`), near
/// those of the vectors that were encoded.
package enum Quantizer: Sendable {
    case scalar(ScalarQuantizer)
    case product(ProductQuantizer)
    case binary(BinaryQuantizer)

    package var metric: Metric {
        switch self {
        case .scalar(let quantizer): quantizer.metric
        case .product(let quantizer): quantizer.metric
        case .binary(let quantizer): quantizer.metric
        }
    }

    package var dimension: Int {
        switch self {
        case .scalar(let quantizer): quantizer.dimension
        case .product(let quantizer): quantizer.dimension
        case .binary(let quantizer): quantizer.dimension
        }
    }

    /// Bytes of one code, a multiple of 4. Codes must start at multiples of 4.
    package var codeBytes: Int {
        switch self {
        case .scalar(let quantizer): quantizer.codeBytes
        case .product(let quantizer): quantizer.codeBytes
        case .binary(let quantizer): quantizer.codeBytes
        }
    }

    /// Writes the code of a row.
    ///
    /// - Parameter scale: for cosine what brings the row to length 1 (`RowSource.scales`); else 1.
    package func encode(_ row: UnsafePointer<Float>, scale: Float, into code: UnsafeMutableRawPointer) {
        switch self {
        case .scalar(let quantizer): quantizer.encode(row, scale: scale, into: code)
        case .product(let quantizer): quantizer.encode(row, scale: scale, into: code)
        case .binary(let quantizer): quantizer.encode(row, scale: scale, into: code)
        }
    }

    /// The vector that a code stands for.
    package func decode(_ code: UnsafeRawPointer, into row: UnsafeMutablePointer<Float>) {
        switch self {
        case .scalar(let quantizer): quantizer.decode(code, into: row)
        case .product(let quantizer): quantizer.decode(code, into: row)
        case .binary(let quantizer): quantizer.decode(code, into: row)
        }
    }

    package var codebook: Codebook {
        switch self {
        case .scalar(let quantizer): quantizer.codebook
        case .product(let quantizer): quantizer.codebook
        case .binary(let quantizer): quantizer.codebook
        }
    }

    /// The quantizer that a codebook describes; `corrupted` if it describes none.
    package init(_ codebook: Codebook, file: String, kernels: Kernels) throws(JadeError) {
        switch codebook.kind {
        case .scalar: self = .scalar(try ScalarQuantizer(codebook, file: file, kernels: kernels))
        case .product: self = .product(try ProductQuantizer(codebook, file: file, kernels: kernels))
        case .binary: self = .binary(try BinaryQuantizer(codebook, file: file, kernels: kernels))
        case .centroids: throw .corrupted(file: file, offset: 8, expected: "a quantizer", found: "centroids")
        }
    }
}
