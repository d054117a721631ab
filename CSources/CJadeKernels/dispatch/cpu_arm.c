/// Processor detection on AArch64 by what the kernel tells.
#if defined(__aarch64__)
#include "../include/jade_cpu.h"

#if defined(__linux__)
#include <sys/auxv.h>

// Bit numbers from Linux's asm/hwcap.h, part of its stable interface.
struct jade_cpu jade_cpu_detect(void)
{
    unsigned long first = getauxval(AT_HWCAP), second = getauxval(AT_HWCAP2);
    struct jade_cpu cpu = {0};
    if (first >> 1 & 1) cpu.features |= JADE_CPU_neon;
    if (first >> 7 & 1) cpu.features |= JADE_CPU_crc32;
    if (first >> 10 & 1) cpu.features |= JADE_CPU_fp16;
    if (first >> 20 & 1) cpu.features |= JADE_CPU_dotprod;
    if (first >> 22 & 1) cpu.features |= JADE_CPU_sve;
    if (second >> 13 & 1) cpu.features |= JADE_CPU_i8mm;
    if (second >> 14 & 1) cpu.features |= JADE_CPU_bf16;
    return cpu;
}
#else
// Every 64-bit Apple processor has these.
struct jade_cpu jade_cpu_detect(void)
{
    return (struct jade_cpu){.features = JADE_CPU_neon | JADE_CPU_crc32 | JADE_CPU_fp16 | JADE_CPU_dotprod};
}
#endif
#endif
