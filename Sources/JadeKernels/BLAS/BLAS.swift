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
    /// 2 m n k operations. A few rows of A go through the kernels of this package, which are faster there: the library
    /// first copies B into an order of its own, and only many rows pay for that.
    package func matrixTimesTransposed(
        a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int, c: UnsafeMutablePointer<Float>, ldc: Int,
        m: Int, n: Int, k: Int
    ) {
        precondition(m >= 0 && n >= 0 && k >= 0 && lda >= k && ldb >= k && ldc >= n, "matrix shapes do not fit")
        guard let sgemm, m > Self.fewRows, n > 0, k > 0, max(m, n, lda, ldb, ldc) <= Int(Int32.max) else {
            return multiplyByKernel(a: a, lda: lda, b: b, ldb: ldb, c: c, ldc: ldc, m: m, n: n, k: k)
        }
        let (rowMajor, plain, transposed) = (CInt(101), CInt(111), CInt(112))
        sgemm(rowMajor, plain, transposed, CInt(m), CInt(n), CInt(k), 1, a, CInt(lda), b, CInt(ldb), 0, c, CInt(ldc))
    }

    /// Up to here `many` wins. Measured on Zen 4 with 16384 rows of 128, GFLOP/s of library and kernel: 1 row 8 and 34,
    /// 2 rows 15 and 34, 4 rows 25 and 32, 8 rows 42 and 34.
    private static let fewRows = 4

    /// In blocks of B that stay in the second-level cache while every row of A passes over them.
    private func multiplyByKernel(
        a: UnsafePointer<Float>, lda: Int, b: UnsafePointer<Float>, ldb: Int, c: UnsafeMutablePointer<Float>, ldc: Int,
        m: Int, n: Int, k: Int
    ) {
        let stride = ldb * MemoryLayout<Float>.stride
        let block = max(Self.cachedBytes / max(stride, 1), 16)
        for start in Swift.stride(from: 0, to: n, by: block) {
            for row in 0..<m {
                dot.many(a + row * lda, b + start * ldb, stride, min(block, n - start), k, c + row * ldc + start)
            }
        }
    }

    private static let cachedBytes = 256 * 1024
}

/// `cblas_sgemm`, whose integers are 32 bits wide: order, transpose A, transpose B, m, n, k, alpha, A, lda, B, ldb, beta, C, ldc.
typealias SGEMM =
    @convention(c) (
        CInt, CInt, CInt, CInt, CInt, CInt, Float, UnsafePointer<Float>, CInt, UnsafePointer<Float>, CInt, Float,
        UnsafeMutablePointer<Float>, CInt
    ) -> Void
