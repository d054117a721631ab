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

/// The same bytes as vectors of every other type, their sums exact where they are whole.
static void try_types(const struct jade_kernels *kernels, const struct jade_kernels *plain, const uint8_t *a,
                      const uint8_t *b, size_t bytes)
{
    kernels->l2sq_f16_one((const jade_f16 *)a, (const jade_f16 *)b, bytes / 2);
    kernels->cosine_bf16_one((const jade_bf16 *)a, (const jade_bf16 *)b, bytes / 2);
    kernels->l1_f16_one((const jade_f16 *)a, (const jade_f16 *)b, bytes / 2);
    const int8_t *x = (const int8_t *)a, *y = (const int8_t *)b;
    if (kernels->l2sq_i8_one(x, y, bytes) != plain->l2sq_i8_one(x, y, bytes)) abort();
    if (kernels->dot_i8_one(x, y, bytes) != plain->dot_i8_one(x, y, bytes)) abort();
    if (kernels->cosine_i8_one(x, y, bytes) != plain->cosine_i8_one(x, y, bytes)) abort();
    if (kernels->l2sq_u8_one(a, b, bytes) != plain->l2sq_u8_one(a, b, bytes)) abort();
    if (kernels->dot_u8_one(a, b, bytes) != plain->dot_u8_one(a, b, bytes)) abort();
    if (kernels->l1_u8_one(a, b, bytes) != plain->l1_u8_one(a, b, bytes)) abort();
    for (size_t bits = bytes ? 8 * bytes - 7 : 0; bits <= 8 * bytes; bits++) {
        if (kernels->hamming_b1_one(a, b, bits) != plain->hamming_b1_one(a, b, bits)) abort();
        if (kernels->jaccard_b1_one(a, b, bits) != plain->jaccard_b1_one(a, b, bits)) abort();
    }
}

/// Any numbers become the same codes at every level.
static void try_codes(const struct jade_kernels *kernels, const struct jade_kernels *plain, const float *numbers,
                      size_t count)
{
    size_t bytes = jade_sq8_bytes(count);
    uint8_t *got = malloc(bytes), *want = malloc(bytes);
    kernels->f32_to_sq8_row(numbers, count, got);
    plain->f32_to_sq8_row(numbers, count, want);
    if (memcmp(got + 8, want + 8, count)) abort();
    kernels->l2sq_sq8_one(numbers, got, count);
    kernels->f32_to_sq4_row(numbers, count, got);
    plain->f32_to_sq4_row(numbers, count, want);
    if (memcmp(got + 8, want + 8, (count + 1) / 2)) abort();
    kernels->dot_sq4_one(numbers, got, count);
    free(got);
    free(want);
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
        try_types(kernels, levels[0], (const uint8_t *)a, (const uint8_t *)b, 4 * dimension);
        try_codes(kernels, levels[0], numbers, count);
        if (select_from(kernels, numbers, count, got) != kept || memcmp(want, got, kept * sizeof *want)) abort();
        if (kernels->crc32c_update(0, data, size) != levels[0]->crc32c_update(0, data, size)) abort();
    }
    free(numbers);
    free(a);
    free(b);
    return 0;
}
