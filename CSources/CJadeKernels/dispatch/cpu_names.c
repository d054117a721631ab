#include "../include/jade_cpu.h"

const char *jade_cpu_feature_name(uint32_t bit)
{
    switch (bit) {
#define JADE_CPU_NAME(name, bit)                                                                                       \
    case bit:                                                                                                          \
        return #name;
        JADE_CPU_FEATURES(JADE_CPU_NAME)
    default:
        return NULL;
    }
}

#if !defined(__x86_64__) && !defined(__aarch64__)
struct jade_cpu jade_cpu_detect(void)
{
    return (struct jade_cpu){0};
}
#endif
