/// The sum of the entries of a table that a row's codes name, several rows at once: it is bound by loads, two a code, and by the
/// latency of additions unless rows take turns.
#pragma once

#include "../shared/prefetch.h"
#include "code_rows.h"

enum { LOOKUP_ROWS = 4, LOOKUP_WORD = 8 };

/// The entries of `codes` (a word of 8 bytes, lowest first) from subspace `j` on, even and odd subspaces apart.
static inline __attribute__((always_inline)) void lookup_word(const float *table, const size_t centroids, uint64_t codes,
                                                              size_t count, float *even, float *odd)
{
    const unsigned width = centroids == JADE_PQ8_CENTROIDS ? 8 : 4;
    JADE_UNROLL for (size_t i = 0; i < count; i += 2) {
        *even += table[i * centroids + (codes & (centroids - 1))];
        codes >>= width;
        if (i + 1 < count) *odd += table[(i + 1) * centroids + (codes & (centroids - 1))];
        codes >>= width;
    }
}

static inline __attribute__((always_inline)) void lookup_rows(const float *table, const size_t centroids,
                                                              const uint8_t *const *rows, const size_t count,
                                                              size_t subspaces, float *out)
{
    const size_t codes = centroids == JADE_PQ8_CENTROIDS ? 8 : 16;
    float even[LOOKUP_ROWS] = {0}, odd[LOOKUP_ROWS] = {0};
    uint64_t word[LOOKUP_ROWS];
    size_t j = 0;
    for (; j + codes <= subspaces; j += codes) {
        JADE_UNROLL for (size_t r = 0; r < count; r++) memcpy(&word[r], rows[r] + j * LOOKUP_WORD / codes, LOOKUP_WORD);
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            lookup_word(table + j * centroids, centroids, word[r], codes, &even[r], &odd[r]);
    }
    for (; j < subspaces; j += 2)
        JADE_UNROLL for (size_t r = 0; r < count; r++) {
            even[r] += table[j * centroids + code_at(rows[r], centroids, j)];
            if (j + 1 < subspaces) odd[r] += table[(j + 1) * centroids + code_at(rows[r], centroids, j + 1)];
        }
    JADE_UNROLL for (size_t r = 0; r < count; r++) out[r] = even[r] + odd[r];
}

/// Where the next LOOKUP_ROWS of `left` rows are; those that come later are fetched meanwhile.
static inline void lookup_place(const void *base, size_t stride_bytes, const uint32_t *ordinals, size_t left,
                                const uint8_t **rows)
{
    const size_t ahead = 4 * LOOKUP_ROWS;
    for (size_t r = 0; r < LOOKUP_ROWS; r++) {
        rows[r] = (const uint8_t *)base + ordinals[r] * stride_bytes;
        if (ahead + r < left) prefetch_line((const char *)base + ordinals[ahead + r] * stride_bytes);
    }
}

#define LOOKUP_KERNELS(type, centroids)                                                                                \
    float jade_lookup_##type##_one_serial(const float *query, const void *row, size_t dimension)                       \
    {                                                                                                                  \
        const uint8_t *codes = row;                                                                                    \
        float out;                                                                                                     \
        lookup_rows(query, centroids, &codes, 1, dimension, &out);                                                     \
        return out;                                                                                                    \
    }                                                                                                                  \
    void jade_lookup_##type##_many_serial(const float *query, const void *base, size_t stride_bytes, size_t count,     \
                                          size_t dimension, float *out)                                                \
    {                                                                                                                  \
        const uint8_t *row = base;                                                                                     \
        size_t i = 0;                                                                                                  \
        for (; i + LOOKUP_ROWS <= count; i += LOOKUP_ROWS, row += LOOKUP_ROWS * stride_bytes) {                        \
            const uint8_t *rows[LOOKUP_ROWS] = {row, row + stride_bytes, row + 2 * stride_bytes, row + 3 * stride_bytes};\
            lookup_rows(query, centroids, rows, LOOKUP_ROWS, dimension, out + i);                                      \
        }                                                                                                              \
        for (; i < count; i++, row += stride_bytes) lookup_rows(query, centroids, &row, 1, dimension, out + i);        \
    }                                                                                                                  \
    void jade_lookup_##type##_gather_serial(const float *query, const void *base, size_t stride_bytes,                 \
                                            const uint32_t *ordinals, size_t count, size_t dimension, float *out)      \
    {                                                                                                                  \
        const uint8_t *rows[LOOKUP_ROWS];                                                                              \
        size_t i = 0;                                                                                                  \
        for (; i + LOOKUP_ROWS <= count; i += LOOKUP_ROWS) {                                                           \
            lookup_place(base, stride_bytes, ordinals + i, count - i, rows);                                           \
            lookup_rows(query, centroids, rows, LOOKUP_ROWS, dimension, out + i);                                      \
        }                                                                                                              \
        for (; i < count; i++) {                                                                                       \
            rows[0] = (const uint8_t *)base + ordinals[i] * stride_bytes;                                              \
            lookup_rows(query, centroids, rows, 1, dimension, out + i);                                                \
        }                                                                                                              \
    }
