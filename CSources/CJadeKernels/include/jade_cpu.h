/// What this processor and operating system can run.
#pragma once

#include "jade_base.h"

/// X(name, bit): the features that kernels ask for, or will. A vector feature counts only if the system saves its registers.
/// `fastbf16` is no flag of the processor: its products of bf16 are faster than those of f32.
#define JADE_CPU_FEATURES(X)                                                                                           \
    X(sse42, 0) X(popcnt, 1) X(pclmul, 2) X(avx, 3) X(avx2, 4) X(fma, 5) X(f16c, 6) X(bmi2, 7)                         \
    X(avx512f, 8) X(avx512bw, 9) X(avx512dq, 10) X(avx512vl, 11) X(avx512vnni, 12) X(avx512vbmi, 13)                   \
    X(avx512vpopcntdq, 14) X(avx512bf16, 15) X(avx512fp16, 16) X(avxvnni, 17) X(vpclmulqdq, 18)                        \
    X(amxtile, 19) X(amxint8, 20) X(amxbf16, 21) X(fastbf16, 22)                                                                       \
    X(neon, 32) X(crc32, 33) X(dotprod, 34) X(fp16, 35) X(i8mm, 36) X(bf16, 37) X(sve, 38)

#define JADE_CPU_FEATURE_CONSTANT(name, bit) static const uint64_t JADE_CPU_##name = UINT64_C(1) << (bit);
JADE_CPU_FEATURES(JADE_CPU_FEATURE_CONSTANT)
#undef JADE_CPU_FEATURE_CONSTANT

struct jade_cpu {
    /// `JADE_CPU_…` bits.
    uint64_t features;
    /// As the processor names itself: `AuthenticAMD`, `GenuineIntel`; empty where it does not say.
    char vendor[16];
    char brand[64];
    /// Display family and model of x86 (extended parts added); 0 elsewhere.
    uint32_t family;
    uint32_t model;
};

/// Asks the processor anew; cheap enough for start-up, not for hot paths.
struct jade_cpu jade_cpu_detect(void);

/// The name of feature bit `bit`, or NULL if the bit has none.
const char *JADE_NULLABLE jade_cpu_feature_name(uint32_t bit);
