/// Matrix products: OpenBLAS where it can be opened, the kernels of this package where not (``report`` says which).
///
/// OpenBLAS is opened at run time instead of linked, because it decides in its own start-up for which processor it
/// computes, and older versions take a processor they do not know for a very old one. So the processor is named to it
/// first (``BLASCoreType``), unless the user has done so.
package struct BLAS: Sendable {
    package let report: BLASReport
    private let sgemm: SGEMM?
    private let dot: DistanceKernel

    /// The one of this process, opened at first use. Opening sets environment variables, so ask once at start, before
    /// other threads run.
    package static let shared = BLAS(libraries: defaultLibraries, kernels: .selectedOrSerial)

    static let defaultLibraries = ["libopenblas.so.0", "libopenblas.so"]

    /// Opens the first of `libraries` that is there; an empty list computes with `kernels`.
    package init(libraries: [String], kernels: Kernels) {
        dot = kernels.dotProduct
        (sgemm, report) = openBLAS(libraries: libraries, kernels: kernels)
    }

    /// C = A Bᵀ, all row-major: every row of A against every row of B.
    ///
    /// - Parameters:
    ///   - a: `m` rows of `k` numbers, `lda` numbers apart.
    ///   - b: `n` rows of `k` numbers, `ldb` numbers apart.
    ///   - c: receives `m` rows of `n` numbers, `ldc` numbers apart; what it held is not read.
    ///
    /// 2 m n k operations. For one or two rows of A the `many` shape of a kernel is as fast.
    package func matrixTimesTransposed(
        a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int, c: UnsafeMutablePointer<Float>, ldc: Int,
        m: Int, n: Int, k: Int
    ) {
        precondition(m >= 0 && n >= 0 && k >= 0 && lda >= k && ldb >= k && ldc >= n, "matrix shapes do not fit")
        guard m > 0, n > 0 else { return }
        if let sgemm, k > 0, max(m, n, k, lda, ldb, ldc) <= Int(Int32.max) {
            let (rowMajor, plain, transposed) = (CInt(101), CInt(111), CInt(112))
            sgemm(
                rowMajor, plain, transposed, CInt(m), CInt(n), CInt(k), 1, a, CInt(lda), b, CInt(ldb), 0, c, CInt(ldc))
        } else {
            for row in 0..<m {
                dot.many(a + row * lda, b, ldb * MemoryLayout<Float>.stride, n, k, c + row * ldc)
            }
        }
    }
}

/// `cblas_sgemm`, whose integers are 32 bits wide: order, transpose A, transpose B, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc.
typealias SGEMM =
    @convention(c) (
        CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>, CInt, UnsafePointer<Float>, CInt, Float,
        UnsafeMutablePointer<Float>, CInt
    ) -> Void
