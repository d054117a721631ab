/// Queries packed in groups of four bytes: group after group of a panel's queries, so that one load serves every row and a row
/// brings four of its bytes to all lanes. A group is one component of f32, two of bf16 or four bytes.
#pragma once

#include "../shared/half.h"
#include "work.h"

enum { GROUP = 4 };
/// What kernels read of a vector at a time, at its end too; a level that takes more than a group has said so.
#ifndef STEP_BYTES
#define STEP_BYTES GROUP
#endif

JADE_REGION_BEGIN
JADE_INLINE size_t groups_bytes(size_t vector_bytes) { return (vector_bytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES; }

/// The bytes behind a vector's last are zero, and so are the queries behind the last.
static inline void groups_pack(const struct jade_queries *queries, size_t vector_bytes, const size_t panel, uint8_t bias)
{
    const size_t length = groups_bytes(vector_bytes), panels = (queries->count + panel - 1) / panel;
    uint8_t *out = queries->packed;
    if (queries->count == 0) return;
    memset(out, 0, panels * panel * length);
    for (size_t query = 0; query < queries->count; query++) {
        const uint8_t *values = tile_query(queries, query);
        uint8_t *first = out + query / panel * panel * length + query % panel * GROUP;
        for (size_t i = 0; i < vector_bytes; i++) first[i / GROUP * panel * GROUP + i % GROUP] = values[i] ^ bias;
    }
}

/// 16-bit floats packed as f32, of which one is a group.
static inline void widened_pack(const struct jade_queries *queries, const size_t panel, float (*widen)(uint16_t))
{
    const size_t dimension = queries->dimension, panels = (queries->count + panel - 1) / panel;
    float *out = queries->packed;
    if (queries->count == 0) return;
    memset(out, 0, panels * panel * dimension * sizeof *out);
    for (size_t query = 0; query < queries->count; query++) {
        const uint16_t *values = tile_query(queries, query);
        float *first = out + query / panel * panel * dimension + query % panel;
        for (size_t k = 0; k < dimension; k++) first[k * panel] = widen(values[k]);
    }
}

/// `count` (1 to GROUP) bytes of a row, zero behind them.
JADE_INLINE uint32_t group_at(const char *p, size_t count)
{
    uint32_t group = 0;
    memcpy(&group, p, count);
    return group;
}
JADE_REGION_END
