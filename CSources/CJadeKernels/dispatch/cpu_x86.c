/// Processor detection by cpuid; bit numbers are those of Intel's and AMD's manuals.
#if defined(__x86_64__)
#include "../include/jade_cpu.h"
#include <cpuid.h>
#include <string.h>
#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

enum { EAX, EBX, ECX, EDX };

struct leaf {
    uint32_t registers[4];
};

/// All zero if the processor has no such leaf.
static struct leaf leaf_of(uint32_t number, uint32_t part)
{
    struct leaf leaf = {{0}};
    if (!__get_cpuid_count(number, part, &leaf.registers[EAX], &leaf.registers[EBX], &leaf.registers[ECX],
                           &leaf.registers[EDX]))
        return (struct leaf){{0}};
    return leaf;
}

/// What register states the operating system saves: bits of XCR0.
static uint64_t saved_states(struct leaf one)
{
    const uint32_t osxsave = 1u << 27;
    if (!(one.registers[ECX] & osxsave)) return 0;
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

/// Whether this process may use AMX's tile registers. Linux gives them to those who ask, once for all threads; asking again
/// is free of effect.
static bool may_use_tiles(void)
{
#if defined(__linux__)
    enum { ASK_PERMISSION = 0x1023, TILE_DATA = 18 };
    return syscall(SYS_arch_prctl, ASK_PERMISSION, TILE_DATA) == 0;
#else
    return false;
#endif
}

/// The leaves that hold features; each is asked once, because a virtual machine takes microseconds to answer.
enum { ONE, SEVEN, SEVEN_ONE };

/// One feature: where its bit is, and the register states without which it cannot be used.
struct feature {
    uint64_t flag;
    uint32_t leaf, which, bit;
    uint64_t states;
};

static uint64_t features_of(struct leaf one)
{
    enum { SSE = 0x2, YMM = 0x6, ZMM = 0xE6, TILE = 0x60000 };
    const struct feature features[] = {
        {JADE_CPU_sse42, ONE, ECX, 20, SSE},        {JADE_CPU_popcnt, ONE, ECX, 23, 0},
        {JADE_CPU_pclmul, ONE, ECX, 1, SSE},        {JADE_CPU_avx, ONE, ECX, 28, YMM},
        {JADE_CPU_avx2, SEVEN, EBX, 5, YMM},        {JADE_CPU_fma, ONE, ECX, 12, YMM},
        {JADE_CPU_f16c, ONE, ECX, 29, YMM},         {JADE_CPU_bmi2, SEVEN, EBX, 8, 0},
        {JADE_CPU_avx512f, SEVEN, EBX, 16, ZMM},    {JADE_CPU_avx512bw, SEVEN, EBX, 30, ZMM},
        {JADE_CPU_avx512dq, SEVEN, EBX, 17, ZMM},   {JADE_CPU_avx512vl, SEVEN, EBX, 31, ZMM},
        {JADE_CPU_avx512vnni, SEVEN, ECX, 11, ZMM}, {JADE_CPU_avx512vbmi, SEVEN, ECX, 1, ZMM},
        {JADE_CPU_avx512vpopcntdq, SEVEN, ECX, 14, ZMM}, {JADE_CPU_avx512bf16, SEVEN_ONE, EAX, 5, ZMM},
        {JADE_CPU_avx512fp16, SEVEN, EDX, 23, ZMM}, {JADE_CPU_avxvnni, SEVEN_ONE, EAX, 4, YMM},
        {JADE_CPU_vpclmulqdq, SEVEN, ECX, 10, YMM}, {JADE_CPU_amxtile, SEVEN, EDX, 24, TILE},
        {JADE_CPU_amxint8, SEVEN, EDX, 25, TILE},   {JADE_CPU_amxbf16, SEVEN, EDX, 22, TILE},
    };
    const struct leaf leaves[] = {one, leaf_of(7, 0), leaf_of(7, 1)};
    uint64_t states = saved_states(one), found = 0;
    if ((states & TILE) == TILE && !may_use_tiles()) states &= ~(uint64_t)TILE;
    for (size_t i = 0; i < sizeof features / sizeof *features; i++) {
        struct feature f = features[i];
        bool present = leaves[f.leaf].registers[f.which] >> f.bit & 1;
        if (present && (states & f.states) == f.states) found |= f.flag;
    }
    return found;
}

static void name_processor(struct jade_cpu *cpu, struct leaf one)
{
    struct leaf zero = leaf_of(0, 0);
    const uint32_t vendor[3] = {zero.registers[EBX], zero.registers[EDX], zero.registers[ECX]};
    memcpy(cpu->vendor, vendor, sizeof vendor);
    for (uint32_t part = 0; part < 3; part++) {
        struct leaf text = leaf_of(0x80000002u + part, 0);
        memcpy(cpu->brand + 16 * part, text.registers, 16);
    }
    uint32_t signature = one.registers[EAX], base_family = signature >> 8 & 15;
    cpu->family = base_family == 15 ? 15 + (signature >> 20 & 255) : base_family;
    cpu->model = (signature >> 4 & 15) | (signature >> 16 & 15) << 4;
}

struct jade_cpu jade_cpu_detect(void)
{
    struct jade_cpu cpu = {0};
    struct leaf one = leaf_of(1, 0);
    cpu.features = features_of(one);
    name_processor(&cpu, one);
    // Measured: Zen 4 multiplies twice as many bf16 as f32, Emerald Rapids half as many.
    if (cpu.features & JADE_CPU_avx512bf16 && strcmp(cpu.vendor, "AuthenticAMD") == 0) cpu.features |= JADE_CPU_fastbf16;
    return cpu;
}
#endif
