/// The little that the C tests share. They repeat the heart of the Swift tests where Swift does not go: under
/// sanitizers and on processors that only an emulator has.
#pragma once

#include "CJadeKernels.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition);                                            \
            fprintf(stderr, __VA_ARGS__);                                                                              \
            fprintf(stderr, "\n");                                                                                     \
            exit(1);                                                                                                   \
        }                                                                                                              \
    } while (0)

/// For functions that call kernels found by name, which differ only in what their pointers point to.
#if defined(__clang__)
#define CALLS_BY_NAME __attribute__((no_sanitize("function")))
#else
#define CALLS_BY_NAME
#endif

static uint64_t random_state = 42;

static inline uint64_t random_u64(void)
{
    uint64_t z = random_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/// Between -1 and 1.
static inline float random_float(void)
{
    return (float)(random_u64() >> 40) * 0x1p-23f - 1.0f;
}

/// `count` bytes that end at an unreadable page. Never freed: tests are short.
static inline void *guarded(size_t count)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), readable = (count + page - 1) / page * page;
    char *start = mmap(NULL, readable + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(start != MAP_FAILED && mprotect(start + readable, page, PROT_NONE) == 0, "no guarded memory");
    return start + readable - count;
}

/// Runs `body` for every level that this machine has; says which.
static inline void for_each_level(void (*body)(const struct jade_kernels *))
{
    for (uint32_t level = 0; level < JADE_LEVEL_COUNT; level++) {
        const struct jade_kernels *kernels = jade_kernels_for(level);
        if (!kernels) continue;
        printf("%s\n", jade_level_name(level));
        body(kernels);
    }
}
