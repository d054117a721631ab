/// Which levels this machine can run.
#include "../include/jade_cpu.h"
#include "tables.h"

/// A level's table, the origins of its kernels and every feature that any of its kernels uses.
struct level {
    const struct jade_kernels *kernels;
    const struct jade_kernel_origin *origins;
    uint64_t needs;
};

static struct level describe(uint32_t level)
{
    switch (level) {
    case JADE_LEVEL_serial:
        return (struct level){&jade_kernels_serial, jade_origins_serial, 0};
#if defined(__x86_64__)
    case JADE_LEVEL_avx2:
        return (struct level){&jade_kernels_avx2, jade_origins_avx2,
                              JADE_CPU_avx2 | JADE_CPU_fma | JADE_CPU_f16c | JADE_CPU_bmi2 | JADE_CPU_popcnt |
                                  JADE_CPU_sse42 | JADE_CPU_pclmul};
    case JADE_LEVEL_avx512:
        return (struct level){&jade_kernels_avx512, jade_origins_avx512,
                              describe(JADE_LEVEL_avx2).needs | JADE_CPU_avx512f | JADE_CPU_avx512bw |
                                  JADE_CPU_avx512dq | JADE_CPU_avx512vl};
    case JADE_LEVEL_avx512vnni:
        return (struct level){&jade_kernels_avx512vnni, jade_origins_avx512vnni,
                              describe(JADE_LEVEL_avx512).needs | JADE_CPU_avx512vnni | JADE_CPU_avx512vpopcntdq |
                                  JADE_CPU_avx512vbmi};
    case JADE_LEVEL_zen4:
        return (struct level){&jade_kernels_zen4, jade_origins_zen4,
                              describe(JADE_LEVEL_avx512vnni).needs | JADE_CPU_avx512bf16 | JADE_CPU_fastbf16};
    case JADE_LEVEL_sapphire:
        return (struct level){&jade_kernels_sapphire, jade_origins_sapphire,
                              describe(JADE_LEVEL_avx512vnni).needs | JADE_CPU_avx512bf16 | JADE_CPU_avx512fp16 |
                                  JADE_CPU_amxtile | JADE_CPU_amxint8 | JADE_CPU_amxbf16};
#elif defined(__aarch64__)
    case JADE_LEVEL_neon:
        return (struct level){&jade_kernels_neon, jade_origins_neon, JADE_CPU_neon | JADE_CPU_crc32};
    case JADE_LEVEL_neondot:
        return (struct level){&jade_kernels_neondot, jade_origins_neondot,
                              describe(JADE_LEVEL_neon).needs | JADE_CPU_dotprod | JADE_CPU_fp16};
#endif
    default:
        return (struct level){NULL, NULL, 0};
    }
}

static bool can_run(struct level level)
{
    return level.kernels && (jade_cpu_detect().features & level.needs) == level.needs;
}

const struct jade_kernels *jade_kernels_for(uint32_t level)
{
    struct level wanted = describe(level);
    return can_run(wanted) ? wanted.kernels : NULL;
}

const struct jade_kernels *jade_kernels_best(void)
{
    for (uint32_t level = JADE_LEVEL_COUNT; level-- > 0;) {
        const struct jade_kernels *kernels = jade_kernels_for(level);
        if (kernels) return kernels;
    }
    return &jade_kernels_serial;
}

const struct jade_kernel_origin *jade_kernel_origin_at(uint32_t level, size_t index)
{
#define JADE_COUNT(kernel, shape, result, parameters) +1
    const size_t count = JADE_KERNELS(JADE_COUNT);
    struct level wanted = describe(level);
    return can_run(wanted) && index < count ? &wanted.origins[index] : NULL;
}

#define JADE_NAME(level) #level,
static const char *const level_names[] = {JADE_LEVELS(JADE_NAME)};

const char *jade_level_name(uint32_t level)
{
    return level < JADE_LEVEL_COUNT ? level_names[level] : NULL;
}
