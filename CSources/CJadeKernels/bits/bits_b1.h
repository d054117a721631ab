/// Hamming and Jaccard distance of bits.
#pragma once

#include "../dispatch/prototypes.h"
#include "finish.h"

JADE_REGION_BEGIN
/// The first `bits` (1 to 8 * WORD_BYTES - 1); what else the last byte holds does not count.
JADE_INLINE word bits_part(const uint8_t *p, size_t bits)
{
    size_t whole = bits / 8, rest = bits % 8;
    if (rest == 0) return word_load_part(p, whole);
#define EDGE(rest) [rest] = {[0 ... WORD_BYTES - 1] = 0xFF, [WORD_BYTES] = (1u << (rest)) - 1}
    static const uint8_t edges[8][2 * WORD_BYTES] = {EDGE(1), EDGE(2), EDGE(3), EDGE(4), EDGE(5), EDGE(6), EDGE(7)};
#undef EDGE
    const word bytes = whole + 1 == WORD_BYTES ? word_load(p) : word_load_part(p, whole + 1);
    return word_and(bytes, word_load(edges[rest] + WORD_BYTES - whole));
}

typedef struct {
    ints both, either;
} overlap;

JADE_INLINE overlap overlap_zero(void) { return (overlap){ints_zero(), ints_zero()}; }
JADE_INLINE overlap overlap_add(overlap a, overlap b)
{
    return (overlap){ints_add(a.both, b.both), ints_add(a.either, b.either)};
}
JADE_INLINE overlap overlap_step(word q, word x, overlap sum)
{
    return (overlap){ints_bits(sum.both, word_and(q, x)), ints_bits(sum.either, word_or(q, x))};
}
JADE_REGION_END

#define JADE_KERNEL hamming_b1
#define SLOTS 4
#define SUM ints
#define SUM_START(row) ints_zero()
#define SUM_ADD ints_add
#define STEP(q, x, sum) ints_bits(sum, word_xor(q, x))
#define FINISH(sum, prepared, row, dimension) (float)ints_sum(sum)
#include "bits_rows.h"

#define JADE_KERNEL jaccard_b1
#define SLOTS 2
#define SUM overlap
#define SUM_START(row) overlap_zero()
#define SUM_ADD overlap_add
#define STEP overlap_step
#define FINISH(sum, prepared, row, dimension) jaccard_finish(ints_sum((sum).both), ints_sum((sum).either))
#include "bits_rows.h"
