/// Bytes eight at a time, for sums in lanes of 64 bits: counted bits and magnitudes of bytes. A vector of sums is two words, the first
/// half of its queries and the second. Queries are packed eight bytes after eight bytes of a panel's queries.
#pragma once

#include "groups.h"
#include "names.h"

enum { EIGHT_BYTES = 8 };

JADE_REGION_BEGIN
typedef struct {
    ints first, second;
} ints_64;

JADE_INLINE size_t eights_bytes(size_t vector_bytes) { return (vector_bytes + EIGHT_BYTES - 1) / EIGHT_BYTES * EIGHT_BYTES; }

/// What is behind a vector's last byte is 0 before `bias` is added, and so are the queries behind the last.
static inline void eights_pack(const struct jade_queries *queries, size_t vector_bytes, const size_t panel, uint8_t bias)
{
    const size_t length = eights_bytes(vector_bytes), panels = (queries->count + panel - 1) / panel;
    uint8_t *out = queries->packed;
    if (queries->count == 0) return;
    memset(out, bias, panels * panel * length);
    for (size_t query = 0; query < queries->count; query++) {
        const uint8_t *values = tile_query(queries, query);
        uint8_t *first = out + query / panel * panel * length + query % panel * EIGHT_BYTES;
        for (size_t i = 0; i < vector_bytes; i++) first[i / EIGHT_BYTES * panel * EIGHT_BYTES + i % EIGHT_BYTES] = values[i] ^ bias;
    }
}

/// `count` (1 to 8) bytes of a row, zero behind them.
JADE_INLINE uint64_t eight_at(const char *p, size_t count)
{
    uint64_t eight = 0;
    memcpy(&eight, p, count);
    return eight;
}
JADE_REGION_END
