// What the arithmetic units can do at most: loops that never touch memory.
#include "bench.h"
#include "jade_cpu.h"
#include "jade_peak.h"
#include <string.h>

#define CHAINS 16
#define OPAQUE(value) __asm__ volatile("" : "+x"(value))

/// Sixteen independent chains hide the latency of any instruction here.
#define CHAIN_LOOP(vector, start, step)                                                                                \
    vector sums[CHAINS];                                                                                               \
    for (int chain = 0; chain < CHAINS; chain++) sums[chain] = (start);                                                \
    for (size_t repeat = 0; repeat < repeats; repeat++)                                                                \
        _Pragma("GCC unroll 16") for (int chain = 0; chain < CHAINS; chain++)                                          \
        {                                                                                                              \
            vector *sum = &sums[chain];                                                                                \
            step;                                                                                                      \
        }                                                                                                              \
    for (int chain = 0; chain < CHAINS; chain++) OPAQUE(sums[chain]);

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("avx512f"))) static void fma_wide(size_t repeats)
{
    __m512 factor = _mm512_set1_ps(0.999f), term = _mm512_set1_ps(0.001f);
    OPAQUE(factor);
    OPAQUE(term);
    CHAIN_LOOP(__m512, _mm512_set1_ps(1), *sum = _mm512_fmadd_ps(*sum, factor, term))
}

__attribute__((target("avx2,fma"))) static void fma_avx2(size_t repeats)
{
    __m256 factor = _mm256_set1_ps(0.999f), term = _mm256_set1_ps(0.001f);
    OPAQUE(factor);
    OPAQUE(term);
    CHAIN_LOOP(__m256, _mm256_set1_ps(1), *sum = _mm256_fmadd_ps(*sum, factor, term))
}

__attribute__((target("avx512f,avx512vnni"))) static void vnni(size_t repeats)
{
    __m512i bytes = _mm512_set1_epi8(3), weights = _mm512_set1_epi8(5);
    OPAQUE(bytes);
    OPAQUE(weights);
    CHAIN_LOOP(__m512i, _mm512_setzero_si512(), *sum = _mm512_dpbusd_epi32(*sum, bytes, weights))
}

__attribute__((target("avx512f,avx512bf16"))) static void bf16(size_t repeats)
{
    __m512i halves = _mm512_set1_epi16(0x3F80);
    OPAQUE(halves);
    CHAIN_LOOP(__m512, _mm512_setzero_ps(), *sum = _mm512_dpbf16_ps(*sum, (__m512bh)halves, (__m512bh)halves))
}

__attribute__((target("avx512f,avx512vpopcntdq"))) static void popcount(size_t repeats)
{
    CHAIN_LOOP(__m512i, _mm512_set1_epi8(85), *sum = _mm512_popcnt_epi64(*sum); OPAQUE(*sum))
}

/// Operations of one instruction; a multiplication with an addition counts as one.
static const struct {
    const char *name;
    void (*run)(size_t);
    double operations;
    uint64_t needs;
} peaks[] = {
    {"fma", fma_wide, 16, JADE_CPU_avx512f},      {"fma_avx2", fma_avx2, 8, JADE_CPU_fma},
    {"vnni", vnni, 64, JADE_CPU_avx512vnni},        {"bf16", bf16, 32, JADE_CPU_avx512bf16},
    {"popcount", popcount, 512, JADE_CPU_avx512vpopcntdq},
};

double jb_peak(const char *name, size_t repeats, uint64_t *nanoseconds)
{
    if (strncmp(name, "amx_", 4) == 0) {
        const uint64_t start = jb_nanoseconds();
        const uint64_t operations = jade_amx_peak(strcmp(name, "amx_bf16") == 0, repeats);
        *nanoseconds = jb_nanoseconds() - start;
        return (double)operations;
    }
    const uint64_t features = jade_cpu_detect().features;
    for (size_t at = 0; at < sizeof peaks / sizeof *peaks; at++) {
        if (strcmp(peaks[at].name, name) != 0 || !(features & peaks[at].needs)) continue;
        const uint64_t start = jb_nanoseconds();
        peaks[at].run(repeats);
        *nanoseconds = jb_nanoseconds() - start;
        return peaks[at].operations * CHAINS * (double)repeats;
    }
    return 0;
}

#else

typedef float floats __attribute__((vector_size(16)));

static void fma_plain(size_t repeats)
{
    floats factor = {0.999f, 0.999f, 0.999f, 0.999f}, term = factor / 999;
    CHAIN_LOOP(floats, factor, *sum = *sum * factor + term)
}

double jb_peak(const char *name, size_t repeats, uint64_t *nanoseconds)
{
    if (strcmp(name, "fma") != 0) return 0;
    const uint64_t start = jb_nanoseconds();
    fma_plain(repeats);
    *nanoseconds = jb_nanoseconds() - start;
    return 4.0 * CHAINS * (double)repeats;
}
#endif
