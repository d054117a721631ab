/// From <u, v> to the distance and its bound.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/prefetch.h"

/// Rows that share the loads of the query.
#ifndef RABITQ_ROWS
#define RABITQ_ROWS 4
#endif

// Spelled out, so that rows alone and rows in fours get the same bits.
#if defined(JADE_HAS_FMA)
#define RABITQ_FMA __builtin_fmaf
#else
#define RABITQ_FMA(a, b, c) ((a) * (b) + (c))
#endif

JADE_REGION_BEGIN
JADE_INLINE void rabitq_fetch(const char *row, size_t bytes)
{
    for (size_t line = 0; line < bytes; line += CACHE_LINE) prefetch_line(row + line);
}

/// `row` is where the codes begin; the head is before them. The product may be negative for rows of more than one bit.
JADE_INLINE void rabitq_finish_one(const struct jade_rabitq_query *query, const char *row, uint32_t sum, float *out, float *lower)
{
    const struct jade_rabitq_head *head = (const struct jade_rabitq_head *)row - 1;
    const float rest = RABITQ_FMA(query->low, head->sum, -query->bias);
    const float product = RABITQ_FMA(query->step, (float)(int32_t)sum, rest);
    *out = RABITQ_FMA(head->scale, product, head->add + query->add);
    if (lower) *lower = RABITQ_FMA(-head->error, query->error, *out);
}

#if defined(__x86_64__) && defined(JADE_HAS_FMA)
JADE_INLINE void rabitq_finish_four(const struct jade_rabitq_query *query, const char *const *rows, const uint32_t *sums,
                                    float *out, float *lower)
{
    const size_t head = sizeof(struct jade_rabitq_head);
    __m128 add = _mm_loadu_ps((const float *)(rows[0] - head)), scale = _mm_loadu_ps((const float *)(rows[1] - head));
    __m128 error = _mm_loadu_ps((const float *)(rows[2] - head)), sum = _mm_loadu_ps((const float *)(rows[3] - head));
    _MM_TRANSPOSE4_PS(add, scale, error, sum);
    const __m128 integers = _mm_cvtepi32_ps(_mm_loadu_si128((const __m128i *)sums));
    const __m128 rest = _mm_fmsub_ps(_mm_set1_ps(query->low), sum, _mm_set1_ps(query->bias));
    const __m128 product = _mm_fmadd_ps(_mm_set1_ps(query->step), integers, rest);
    const __m128 distance = _mm_fmadd_ps(scale, product, _mm_add_ps(add, _mm_set1_ps(query->add)));
    _mm_storeu_ps(out, distance);
    if (lower) _mm_storeu_ps(lower, _mm_fnmadd_ps(error, _mm_set1_ps(query->error), distance));
}
#endif

JADE_INLINE void rabitq_finish(const struct jade_rabitq_query *query, const char *const *rows, const uint32_t *sums,
                               const size_t count, float *out, float *lower)
{
    size_t r = 0;
#if defined(__x86_64__) && defined(JADE_HAS_FMA)
    for (; r + 4 <= count; r += 4) rabitq_finish_four(query, rows + r, sums + r, out + r, lower ? lower + r : NULL);
#endif
    for (; r < count; r++) rabitq_finish_one(query, rows[r], sums[r], out + r, lower ? lower + r : NULL);
}
JADE_REGION_END
