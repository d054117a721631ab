/// Any bytes as two vectors and as candidates: no level may read outside, and all levels must agree about selection and
/// checksum exactly.
#include "CJadeKernels.h"
#include <stdlib.h>
#include <string.h>

static void try_level(const struct jade_kernels *kernels, const float *a, const float *b, size_t dimension)
{
    kernels->l2sq_f32_one(a, b, dimension);
    kernels->dot_f32_one(a, b, dimension);
    kernels->cosine_f32_one(a, b, dimension);
}

static size_t select_from(const struct jade_kernels *kernels, const float *distances, size_t count, jade_topk_key *keys)
{
    struct jade_topk state = {keys, 0, 8, __builtin_inff()};
    kernels->topk_f32_select(&state, distances, NULL, 0, count);
    jade_topk_sort(&state);
    return state.count;
}

static const struct jade_kernels *levels[JADE_LEVEL_COUNT];

int LLVMFuzzerInitialize(int *count, char ***arguments)
{
    (void)count, (void)arguments;
    for (uint32_t level = 0; level < JADE_LEVEL_COUNT; level++) levels[level] = jade_kernels_for(level);
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t count = size / 4, dimension = count / 2;
    // Exactly as large as needed, so that the address sanitizer sees one float too far.
    float *numbers = malloc(count * 4 + 1), *a = malloc(dimension * 4 + 1), *b = malloc(dimension * 4 + 1);
    memcpy(numbers, data, count * 4);
    memcpy(a, data, dimension * 4);
    memcpy(b, data + dimension * 4, dimension * 4);
    jade_topk_key want[8], got[8];
    size_t kept = select_from(levels[0], numbers, count, want);
    for (size_t level = 1; level < JADE_LEVEL_COUNT; level++) {
        const struct jade_kernels *kernels = levels[level];
        if (!kernels) continue;
        try_level(kernels, a, b, dimension);
        if (select_from(kernels, numbers, count, got) != kept || memcmp(want, got, kept * sizeof *want)) abort();
        if (kernels->crc32c_update(0, data, size) != levels[0]->crc32c_update(0, data, size)) abort();
    }
    free(numbers);
    free(a);
    free(b);
    return 0;
}
