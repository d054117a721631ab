/// Tiles of bits: what both have is counted, and with the bits of each that makes either distance. Queries lose the bits behind their
/// last, so those of rows meet nothing. The including file has the words of a level and says WIDE and ROWS_DEEP.
#include "eights.h"

#define TILES_KERNEL tiles_b1
#define ELEMENT uint8_t
#define PANEL (WIDE * LANES)
#define BITS_BYTES(bits) (((bits) + 7) / 8)

JADE_REGION_BEGIN
struct OWN(fact) {
    uint32_t bits;
};

/// Set bits of a vector.
static inline uint32_t bits_count(const uint8_t *values, size_t bits)
{
    uint32_t count = 0;
    size_t i = 0;
    for (; i + 64 <= bits; i += 64) count += (uint32_t)__builtin_popcountll(eight_at((const char *)values + i / 8, EIGHT_BYTES));
    if (i == bits) return count;
    const uint64_t last = eight_at((const char *)values + i / 8, BITS_BYTES(bits - i));
    return count + (uint32_t)__builtin_popcountll(last & ((UINT64_C(1) << (bits - i)) - 1));
}

static inline uint32_t *OWN(counts)(const struct jade_queries *queries)
{
    const size_t panels = (queries->count + PANEL - 1) / PANEL;
    return (uint32_t *)((char *)queries->packed + panels * eights_bytes(BITS_BYTES(queries->dimension)) * PANEL);
}

void TILES(pack)(const struct jade_queries *queries)
{
    const size_t bits = queries->dimension, bytes = BITS_BYTES(bits), padded = (queries->count + PANEL - 1) / PANEL * PANEL;
    uint32_t *counts = OWN(counts)(queries);
    eights_pack(queries, bytes, PANEL, 0);
    for (size_t query = 0; query < padded; query++) {
        counts[query] = query < queries->count ? bits_count(tile_query(queries, query), bits) : 0;
        if (bits % 8 == 0 || query >= queries->count) continue;
        uint8_t *first = (uint8_t *)queries->packed + query / PANEL * PANEL * eights_bytes(bytes) + query % PANEL * EIGHT_BYTES;
        first[(bytes - 1) / EIGHT_BYTES * PANEL * EIGHT_BYTES + (bytes - 1) % EIGHT_BYTES] &= (uint8_t)((1u << bits % 8) - 1);
    }
}

JADE_INLINE struct OWN(fact) OWN(fact_of)(const uint8_t *row, size_t dimension, const enum job job, const bool is_first)
{
    (void)job, (void)is_first;
    return (struct OWN(fact)){bits_count(row, dimension)};
}

/// The same bits as the distances of one pair have: whole numbers, rounded once, and one division.
JADE_INLINE vec OWN(distance_of)(const struct tile_work *work, ints_64 sum, struct OWN(fact) fact, size_t at, const enum job job,
                                 const bool is_first)
{
    (void)job;
    const ints both = ints_of_64(sum.first, sum.second), all = ints_add(ints_load(OWN(counts)(work->queries) + at), ints_all(fact.bits));
    const ints either = ints_sub(all, both);
    const vec differ = vec_of_i32(ints_sub(either, both));
    // Nothing by at least 1 where there is no bit.
    return is_first ? differ : vec_div(differ, vec_max(vec_of_i32(either), vec_all(1)));
}
JADE_INLINE ints bits_step(ints sum, word q, word x) { return ints_bits(sum, word_and(q, x)); }
JADE_REGION_END
#undef PANEL

#define EIGHTS_STEP bits_step
#define EIGHTS_LENGTH BITS_BYTES
#define EIGHTS_BIAS 0
#define TILES_FIRST hamming
#define TILES_SECOND jaccard
#include "eights_products.h"
