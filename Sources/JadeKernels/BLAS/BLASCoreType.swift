internal import CJadeKernels

/// Processors that OpenBLAS has code for, of those that ours may be told as.
///
/// Only types that every OpenBLAS since 0.3.10 knows: an unknown name is answered with a guess.
enum BLASCoreType: String {
    case haswell = "Haswell"
    case zen = "Zen"
    case skylakeX = "SkylakeX"

    /// The fastest type for a processor, by the level whose kernels are used; nil where the library's own detection is
    /// left alone. A forced lower level lowers this too, so that a run without AVX-512 is one everywhere.
    ///
    /// With AVX-512, SkylakeX on Intel and AMD alike (measured: Emerald Rapids 143 to 155 GFLOP/s against 142 to 149 as
    /// Cooperlake and 77 to 80 as Haswell).
    static func best(for processor: jade_cpu, level: KernelLevel) -> BLASCoreType? {
        switch level {
        case .avx512: .skylakeX
        case .avx2: processor.vendorName == "AuthenticAMD" ? .zen : .haswell
        case .serial, .neon: nil
        }
    }
}
