internal import CJadeKernels

/// An instruction set that kernels are written for. The raw value is its name in `JADE_SIMD_LEVEL`.
package enum KernelLevel: String, Sendable, Hashable, CaseIterable {
    /// Plain C, on every processor.
    case serial
    /// x86-64 with AVX2, FMA, F16C, BMI2 and carry-less multiplication.
    case avx2
    /// Those, and AVX-512 F, BW, DQ and VL.
    case avx512
    /// Those, and AVX-512 VNNI, VPOPCNTDQ and VBMI: Ice Lake, Zen 4 and later.
    case avx512vnni
    /// Those of avx512vnni, and fast products of bf16: Zen 4 and later.
    case zen4
    /// Those of avx512vnni, and AVX-512 BF16 and FP16 and AMX with 8-bit integers and bf16: Sapphire Rapids and later.
    case sapphire
    /// AArch64 with the crc32 instructions.
    case neon
    /// That, and the dot products of bytes and the 16-bit floats of ARMv8.2.
    case neondot

    /// Its number in the C list.
    var index: UInt32 {
        switch self {
        case .serial: UInt32(JADE_LEVEL_serial.rawValue)
        case .avx2: UInt32(JADE_LEVEL_avx2.rawValue)
        case .avx512: UInt32(JADE_LEVEL_avx512.rawValue)
        case .avx512vnni: UInt32(JADE_LEVEL_avx512vnni.rawValue)
        case .zen4: UInt32(JADE_LEVEL_zen4.rawValue)
        case .sapphire: UInt32(JADE_LEVEL_sapphire.rawValue)
        case .neon: UInt32(JADE_LEVEL_neon.rawValue)
        case .neondot: UInt32(JADE_LEVEL_neondot.rawValue)
        }
    }
}
