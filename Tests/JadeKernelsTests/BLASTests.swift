import JadeCore
import JadeKernels
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite("Matrix products")
struct BLASTests {
    static let shapes = [
        (m: 1, n: 1, k: 1), (2, 3, 5), (4, 100, 31), (5, 17, 64), (8, 33, 128), (16, 700, 100), (33, 65, 129), (3, 5, 0), (0, 4, 4), (7, 0, 4),
    ]

    @Test("the library and the kernels of this package agree with the definition", arguments: [true, false])
    func products(usesLibrary: Bool) {
        let blas = usesLibrary ? BLAS.shared : BLAS(libraries: [], kernels: .best)
        var random = SeededRandom(seed: 14)
        for (m, n, k) in Self.shapes {
            let (lda, ldb, ldc) = (k + 3, k + 1, n + 2)
            let a = random.vector(m * lda + 1), b = random.vector(n * ldb + 1)
            var c = [Float](repeating: .nan, count: m * ldc + 1)
            for i in 0..<m { for j in n..<ldc { c[i * ldc + j] = -777 } }
            blas.matrixTimesTransposed(a: a, lda: lda, b: b, ldb: ldb, c: &c, ldc: ldc, m: m, n: n, k: k)
            for i in 0..<m {
                for j in 0..<n {
                    let left = Array(a[(i * lda)..<(i * lda + k)]), right = Array(b[(j * ldb)..<(j * ldb + k)])
                    let want = Reference.distance(.dot, left, right)
                    #expect(
                        Reference.isClose(-c[i * ldc + j], want), "\(m) x \(n) x \(k) at \(i), \(j): \(c[i * ldc + j])")
                }
                #expect(c[(i * ldc + n)..<((i + 1) * ldc)].allSatisfy { $0 == -777 }, "wrote between rows")
            }
        }
    }

    @Test("without a library the report says why")
    func missingLibrary() {
        let report = BLAS(libraries: ["libnothing-of-this-name.so.0"], kernels: .best).report
        #expect(report.library == nil && report.coreType == nil)
        #expect(report.problem?.contains("libnothing-of-this-name.so.0") == true)
    }

    @Test("the library computes for the processor it was told, in one thread")
    func coreType() async {
        await #expect(processExitsWith: .exitCode(43)) {
            unsetenv("OPENBLAS_CORETYPE")
            unsetenv("OPENBLAS_NUM_THREADS")
            unsetenv(Kernels.environmentVariable)
            let report = BLAS.shared.report
            guard report.library != nil else { exit(report.problem == nil ? 1 : 43) }
            guard report.problem == nil, report.threads == 1 else { exit(2) }
            #if arch(x86_64)
            exit(Kernels.best.level == .serial || report.origin == .detected ? 43 : 3)
            #else
            exit(report.origin == .library ? 43 : 4)
            #endif
        }
    }

    #if arch(x86_64)
    @Test("the user's own choice of processor and threads stands")
    func userCoreType() async {
        await #expect(processExitsWith: .exitCode(44)) {
            setenv("OPENBLAS_CORETYPE", "Nehalem", 1)
            setenv("OPENBLAS_NUM_THREADS", "2", 1)
            let report = BLAS.shared.report
            guard report.library != nil else { exit(report.problem == nil ? 1 : 44) }
            exit(report.origin == .environment && report.wantedCoreType == "Nehalem" && report.coreType == "Nehalem" ? 44 : 2)
        }
    }
    #endif
}
