/// The tables are whole, and the machine's levels are what it is expected to have.
#include "check.h"

static void check_level(const struct jade_kernels *kernels)
{
#define PRESENT(kernel, shape, result, parameters) CHECK(kernels->kernel##_##shape, #kernel "_" #shape);
    JADE_KERNELS(PRESENT)
    size_t count = 0, listed = 0;
#define COUNT(kernel, shape, result, parameters) listed++;
    JADE_KERNELS(COUNT)
    for (const struct jade_kernel_origin *origin; (origin = jade_kernel_origin_at(kernels->level, count)); count++)
        CHECK(origin->kernel && origin->level, "origin %zu", count);
    CHECK(count == listed, "%zu origins of %zu kernels", count, listed);
}

int main(void)
{
    for_each_level(check_level);
    CHECK(jade_kernels_for(JADE_LEVEL_serial), "plain C is missing");
    CHECK(!jade_kernels_for(JADE_LEVEL_COUNT) && !jade_level_name(JADE_LEVEL_COUNT), "a level behind the last");
#if defined(__aarch64__)
    CHECK(jade_kernels_for(JADE_LEVEL_neon), "AArch64 without neon and crc32");
    CHECK(!jade_kernels_for(JADE_LEVEL_avx2), "x86 on AArch64");
#else
    CHECK(!jade_kernels_for(JADE_LEVEL_neon), "AArch64 elsewhere");
#endif
}
