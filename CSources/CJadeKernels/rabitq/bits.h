/// <u, v> of rows of bits: 128 components of a row meet four planes of the query at once. Out of RABITQ_WORDS, how many words four
/// planes take; word_repeat(p), the 16 bytes at `p` as often as a word has them; and planes_totals(counts, count, out), the counts of
/// every row's four planes, each times its weight, added up.
#pragma once

#include "finish.h"

JADE_REGION_BEGIN
enum { RABITQ_PLANES = 64 };

/// Planes 0 to 3 of every chunk, or 4 to 7; `chunk_bytes` are a chunk's planes.
JADE_INLINE void rabitq1_four(const char *planes, size_t chunk_bytes, const char *const *rows, const size_t count, size_t chunks,
                              uint32_t *out)
{
    ints counts[RABITQ_ROWS][RABITQ_WORDS];
    JADE_UNROLL for (size_t r = 0; r < count; r++)
        JADE_UNROLL for (size_t w = 0; w < RABITQ_WORDS; w++) counts[r][w] = ints_zero();
    for (size_t chunk = 0; chunk < chunks; chunk++)
        JADE_UNROLL for (size_t w = 0; w < RABITQ_WORDS; w++) {
            const word plane = word_load(planes + chunk * chunk_bytes + w * WORD_BYTES);
            JADE_UNROLL for (size_t r = 0; r < count; r++)
                counts[r][w] = ints_bits(counts[r][w], word_and(plane, word_repeat(rows[r] + chunk * 16)));
        }
    planes_totals(counts, count, out);
}

JADE_INLINE void rabitq1_products(const struct jade_rabitq_query *query, const char *const *rows, const size_t count,
                                  size_t dimension, uint32_t *out)
{
    const size_t chunks = (dimension + 127) / 128;
    const char *planes = query->codes;
    if (query->bits <= 4) return rabitq1_four(planes, RABITQ_PLANES, rows, count, chunks, out);
    uint32_t upper[RABITQ_ROWS];
    rabitq1_four(planes, 2 * RABITQ_PLANES, rows, count, chunks, out);
    rabitq1_four(planes + RABITQ_PLANES, 2 * RABITQ_PLANES, rows, count, chunks, upper);
    JADE_UNROLL for (size_t r = 0; r < count; r++) out[r] += upper[r] << 4;
}
JADE_REGION_END

#define TYPE rabitq1
#define PRODUCTS rabitq1_products
#include "shapes.h"
