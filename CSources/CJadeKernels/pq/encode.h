/// Codes and tables out of a level's words: LANES, vec, vec_load, vec_store, vec_zero, vec_all, vec_sub, vec_fma, and the nearest
/// centroid of each lane so far: `nearest`, nearest_none(), nearest_take(so_far, distances, first), nearest_code(so_far).
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/target.h"
#include "code_rows.h"

#define PQ_(kernel, shape, level) jade_##kernel##_##shape##_##level
#define PQ__(kernel, shape, level) PQ_(kernel, shape, level)
#define PQ(kernel, shape) PQ__(kernel, shape, JADE_LEVEL)

JADE_REGION_BEGIN
/// Rows that share the loads of centroids.
enum { PQ_ROWS = 4 };

JADE_INLINE void pq_codes(const struct jade_pq *pq, const size_t centroids, const char *rows, size_t stride_bytes,
                          const size_t count, uint8_t *codes, size_t codes_stride)
{
    const size_t size = pq->sub_dimension;
    for (size_t j = 0; j < pq->subspaces; j++) {
        const float *first = pq->centroids + j * size * centroids;
        nearest found[PQ_ROWS];
        JADE_UNROLL for (size_t r = 0; r < count; r++) found[r] = nearest_none();
        for (size_t c = 0; c < centroids; c += LANES) {
            vec sums[PQ_ROWS];
            JADE_UNROLL for (size_t r = 0; r < count; r++) sums[r] = vec_zero();
            for (size_t i = 0; i < size; i++) {
                const vec centroid = vec_load(first + i * centroids + c);
                JADE_UNROLL for (size_t r = 0; r < count; r++) {
                    const float *piece = (const float *)(rows + r * stride_bytes) + j * size;
                    const vec difference = vec_sub(centroid, vec_all(piece[i]));
                    sums[r] = vec_fma(difference, difference, sums[r]);
                }
            }
            JADE_UNROLL for (size_t r = 0; r < count; r++) found[r] = nearest_take(found[r], sums[r], (uint32_t)c);
        }
        JADE_UNROLL for (size_t r = 0; r < count; r++)
            code_set(codes + r * codes_stride, centroids, j, nearest_code(found[r]));
    }
}

JADE_INLINE void pq_rows(const struct jade_pq *pq, const size_t centroids, const char *rows, size_t stride_bytes, size_t count,
                         uint8_t *codes, size_t codes_stride)
{
    size_t i = 0;
    for (; i + PQ_ROWS <= count; i += PQ_ROWS)
        pq_codes(pq, centroids, rows + i * stride_bytes, stride_bytes, PQ_ROWS, codes + i * codes_stride, codes_stride);
    for (; i < count; i++)
        pq_codes(pq, centroids, rows + i * stride_bytes, stride_bytes, 1, codes + i * codes_stride, codes_stride);
}

/// Words that share the broadcast of a component, as far as 16 centroids go.
#define PQ_WORDS(centroids) ((centroids) / LANES < 4 ? (centroids) / LANES : 4)

JADE_INLINE void pq_table(const struct jade_pq *pq, const size_t centroids, const bool is_l2sq, const float *query, float *out)
{
    const size_t size = pq->sub_dimension, words = PQ_WORDS(centroids);
    for (size_t j = 0; j < pq->subspaces; j++)
        for (size_t c = 0; c < centroids; c += words * LANES) {
            const float *first = pq->centroids + j * size * centroids + c;
            vec sums[4];
            JADE_UNROLL for (size_t w = 0; w < words; w++) sums[w] = vec_zero();
            for (size_t i = 0; i < size; i++) {
                const vec component = vec_all(is_l2sq ? query[j * size + i] : -query[j * size + i]);
                JADE_UNROLL for (size_t w = 0; w < words; w++) {
                    const vec centroid = vec_load(first + i * centroids + w * LANES), difference = vec_sub(centroid, component);
                    sums[w] = is_l2sq ? vec_fma(difference, difference, sums[w]) : vec_fma(centroid, component, sums[w]);
                }
            }
            JADE_UNROLL for (size_t w = 0; w < words; w++) vec_store(out + j * centroids + c + w * LANES, sums[w]);
        }
}

#define PQ_KERNELS(type, count_of)                                                                                     \
    void PQ(f32_to_##type, rows)(const struct jade_pq *pq, const void *rows, size_t stride_bytes, size_t count,        \
                                 void *codes, size_t codes_stride_bytes)                                               \
    {                                                                                                                  \
        pq_rows(pq, count_of, rows, stride_bytes, count, codes, codes_stride_bytes);                                   \
    }                                                                                                                  \
    void PQ(table_##type, l2sq)(const struct jade_pq *pq, const float *query, float *out)                              \
    {                                                                                                                  \
        pq_table(pq, count_of, true, query, out);                                                                      \
    }                                                                                                                  \
    void PQ(table_##type, ndot)(const struct jade_pq *pq, const float *query, float *out)                              \
    {                                                                                                                  \
        pq_table(pq, count_of, false, query, out);                                                                     \
    }
PQ_KERNELS(pq8, JADE_PQ8_CENTROIDS)
PQ_KERNELS(pq4, JADE_PQ4_CENTROIDS)
JADE_REGION_END
