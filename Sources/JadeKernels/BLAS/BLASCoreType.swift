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
    /// With AVX-512 it is SkylakeX on Intel and AMD alike. Measured, GFLOP/s of one thread at k = 768: Emerald Rapids 143,
    /// as Cooperlake 142, as Haswell 77; Zen 4 101, as Cooperlake 98, as Zen 74.
    static func best(for processor: jade_cpu, level: KernelLevel) -> BLASCoreType? {
        switch level {
        case .avx512, .avx512vnni, .zen4, .sapphire: .skylakeX
        case .avx2: processor.vendorName == "AuthenticAMD" ? .zen : .haswell
        case .serial, .neon, .neondot: nil
        }
    }
}
