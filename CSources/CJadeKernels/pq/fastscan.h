/// The fast scan over blocks of 32 rows, out of a level's words:
///     FASTSCAN_QUERIES                queries that share the loads of codes
///     FASTSCAN_BLOCKS                 blocks that share the loads of a lone query's entries
///     block_sums                      the sums of 32 rows
///     fastscan_blocks(codes, entries, subspaces, queries, blocks, ahead, sums)
///                                     those of `blocks` consecutive blocks for every query; `ahead`: more blocks follow
///     block_at_most(sums, limit)      a bit for every row whose sum is at most `limit` (0 to 65535)
///     block_store(sums, out)          32 numbers
/// and, if FASTSCAN_HAS_KEYS, block_keys(sums, passing, first_row, out), which is made of the last otherwise.
/// A block is compared with the limits while its sums are in registers; what passes is rare and goes the slow way.
#pragma once

#include "../dispatch/prototypes.h"
#include "../shared/target.h"
#include "../topk/heap.h"
#include <string.h>

#define FASTSCAN_(shape, level) jade_fastscan_pq4_##shape##_##level
#define FASTSCAN__(shape, level) FASTSCAN_(shape, level)
#define FASTSCAN(shape) FASTSCAN__(shape, JADE_LEVEL)

JADE_REGION_BEGIN
enum { BLOCK_ROWS = JADE_PQ_BLOCK_ROWS, FASTSCAN_LARGEST = 65535, FASTSCAN_TOP = 255, FASTSCAN_CHUNK = 1 << 16 };

/// The distances between the least and the largest entry of subspaces, and what is added to all.
struct fastscan_ranges {
    float widest;
    double total, bias;
};

JADE_INLINE bool fastscan_is_finite(const float *table, size_t count)
{
    uint32_t broken = 0;
    for (size_t i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, table + i, sizeof bits);
        broken |= (bits & 0x7F800000) == 0x7F800000;
    }
    return !broken;
}

/// Halves are compared with each other, because the compiler can widen that. The least entry of every subspace is left in the
/// first bytes of the subspace's place in `entries`.
JADE_INLINE struct fastscan_ranges fastscan_measure(const float *table, size_t subspaces, uint8_t *entries)
{
    struct fastscan_ranges ranges = {0};
    for (size_t j = 0; j < subspaces; j++) {
        float low[JADE_PQ4_CENTROIDS], high[JADE_PQ4_CENTROIDS];
        memcpy(low, table + j * JADE_PQ4_CENTROIDS, sizeof low);
        memcpy(high, low, sizeof high);
        JADE_UNROLL for (size_t half = JADE_PQ4_CENTROIDS / 2; half > 0; half /= 2)
            for (size_t c = 0; c < half; c++) {
                low[c] = low[c + half] < low[c] ? low[c + half] : low[c];
                high[c] = high[c + half] > high[c] ? high[c + half] : high[c];
            }
        const float width = high[0] - low[0];
        ranges.widest = width > ranges.widest ? width : ranges.widest;
        ranges.total += (double)width;
        ranges.bias += (double)low[0];
        memcpy(entries + j * JADE_PQ4_CENTROIDS, low, sizeof *low);
    }
    return ranges;
}

/// One entry and half a unit, within a byte.
JADE_INLINE uint8_t fastscan_entry(float entry)
{
    const int32_t whole = (int32_t)(entry + 0.5f);
    return (uint8_t)(whole < FASTSCAN_TOP ? whole : FASTSCAN_TOP);
}

/// The scale keeps every entry within a byte and every sum within 16 bits, half a unit of rounding a subspace included.
void FASTSCAN(quantize)(const float *table, size_t subspaces, struct jade_pq4_table *out)
{
    uint8_t *entries = out->entries;
    const bool is_finite = fastscan_is_finite(table, subspaces * JADE_PQ4_CENTROIDS);
    struct fastscan_ranges ranges = {0};
    if (is_finite) ranges = fastscan_measure(table, subspaces, entries);
    const double by_entry = (double)ranges.widest / FASTSCAN_TOP;
    const double by_sum = ranges.total / (subspaces < FASTSCAN_LARGEST ? (double)(FASTSCAN_LARGEST - subspaces) : 1);
    const float scale = (float)((by_entry > by_sum ? by_entry : by_sum) * (1 + 0x1p-20)), factor = 1 / scale;
    // Sums beyond f32 are no distances.
    out->bias = is_finite && ranges.total < (double)__builtin_inff() ? (float)ranges.bias : __builtin_nanf("");
    // Narrower than f32 can divide: one value for all.
    const bool has_range = out->bias == out->bias && ranges.widest > 0 && factor < __builtin_inff();
    out->scale = has_range ? scale : 0;
    if (!has_range) {
        memset(entries, 0, subspaces * JADE_PQ4_CENTROIDS);
        return;
    }
    for (size_t j = 0; j < subspaces; j++, entries += JADE_PQ4_CENTROIDS, table += JADE_PQ4_CENTROIDS) {
        float low;
        uint8_t row[JADE_PQ4_CENTROIDS];
        memcpy(&low, entries, sizeof low);
        for (size_t c = 0; c < JADE_PQ4_CENTROIDS; c++) row[c] = fastscan_entry((table[c] - low) * factor);
        memcpy(entries, row, sizeof row);
    }
}

JADE_INLINE size_t fastscan_block_count(const struct jade_pq4_blocks *rows) { return (rows->count + BLOCK_ROWS - 1) / BLOCK_ROWS; }

JADE_INLINE const uint8_t *fastscan_codes(const struct jade_pq4_blocks *rows, size_t block)
{
    return (const uint8_t *)rows->blocks + block * (BLOCK_ROWS / 2) * rows->subspaces;
}

/// A bit for every row that block number `block` has.
JADE_INLINE uint32_t fastscan_valid(const struct jade_pq4_blocks *rows, size_t block)
{
    const size_t left = rows->count - block * BLOCK_ROWS;
    return left >= BLOCK_ROWS ? ~UINT32_C(0) : (UINT32_C(1) << left) - 1;
}

void FASTSCAN(sums)(const uint8_t *entries, const struct jade_pq4_blocks *rows, uint16_t *out)
{
    const size_t blocks = fastscan_block_count(rows);
    for (size_t block = 0; block < blocks; block++) {
        block_sums sums;
        fastscan_blocks(fastscan_codes(rows, block), &entries, rows->subspaces, 1, 1, true, &sums);
        const size_t left = rows->count - block * BLOCK_ROWS;
        if (left >= BLOCK_ROWS) {
            block_store(sums, out + block * BLOCK_ROWS);
        } else {
            uint16_t copy[BLOCK_ROWS];
            block_store(sums, copy);
            memcpy(out + block * BLOCK_ROWS, copy, left * sizeof *copy);
        }
    }
}

#ifndef FASTSCAN_HAS_KEYS
/// Writes the keys of the rows whose bit is set, and returns how many there are.
static size_t block_keys(block_sums sums, uint32_t passing, uint32_t first_row, uint64_t *out)
{
    uint16_t stored[BLOCK_ROWS];
    block_store(sums, stored);
    size_t written = 0;
    for (; passing; passing &= passing - 1) {
        const uint32_t row = (uint32_t)__builtin_ctz(passing);
        out[written++] = (uint64_t)stored[row] << 32 | (uint32_t)(first_row + row);
    }
    return written;
}
#endif

size_t FASTSCAN(passing)(const uint8_t *entries, const struct jade_pq4_blocks *rows, uint32_t limit, uint32_t first_row,
                         uint64_t *out)
{
    const size_t blocks = fastscan_block_count(rows);
    const uint32_t most = limit < FASTSCAN_LARGEST ? limit : FASTSCAN_LARGEST;
    size_t written = 0;
    for (size_t block = 0; block < blocks;) {
        block_sums sums[FASTSCAN_BLOCKS];
        const bool many = block + FASTSCAN_BLOCKS <= blocks;
        const uint8_t *codes = fastscan_codes(rows, block);
        // What lies behind the end of a list is none of its own: it would take the place of what is needed.
        if (block + 2 * FASTSCAN_BLOCKS <= blocks) fastscan_blocks(codes, &entries, rows->subspaces, 1, FASTSCAN_BLOCKS, true, sums);
        else if (many) fastscan_blocks(codes, &entries, rows->subspaces, 1, FASTSCAN_BLOCKS, false, sums);
        else fastscan_blocks(codes, &entries, rows->subspaces, 1, 1, false, sums);
        const size_t end = block + (many ? FASTSCAN_BLOCKS : 1);
        for (size_t b = 0; block < end; b++, block++) {
            const uint32_t passing = block_at_most(sums[b], most) & fastscan_valid(rows, block);
            if (passing)
                written += block_keys(sums[b], passing, first_row + (uint32_t)(block * BLOCK_ROWS), out + written);
        }
    }
    return written;
}

/// A query under way: what a sum may be at most to have a chance, -1 if none has.
struct fastscan_query {
    const struct jade_pq4_table *table;
    struct jade_topk *state;
    int32_t limit;
};

/// The distance in double is exact before its one rounding, so all levels round alike.
JADE_INLINE float fastscan_distance(const struct jade_pq4_table *table, uint32_t sum)
{
    return (float)((double)table->bias + (double)table->scale * (double)sum);
}

/// Never less than the last sum whose distance is within the threshold; a few more do no harm, they are compared again.
JADE_INLINE int32_t fastscan_limit(const struct jade_pq4_table *table, const struct jade_topk *state)
{
    const double threshold = (double)heap_threshold(state), bias = (double)table->bias, scale = (double)table->scale;
    if (state->capacity == 0 || bias != bias) return -1;
    if (scale == 0) return bias <= threshold ? FASTSCAN_LARGEST : -1;
    const double slack = 0x1p-22 * (__builtin_fabs(bias) + __builtin_fabs(threshold - bias));
    const double sum = threshold < (double)__builtin_inff() ? (threshold - bias + slack) / scale : FASTSCAN_LARGEST;
    if (!(sum >= 0)) return -1;
    return sum < FASTSCAN_LARGEST ? (int32_t)sum : FASTSCAN_LARGEST;
}

struct fastscan_job {
    const struct jade_pq4_blocks *rows;
    const uint32_t *ordinals;
    uint32_t first_ordinal;
};

static void FASTSCAN(take)(struct fastscan_query *query, block_sums sums, uint32_t passing, const struct fastscan_job *job,
                           size_t block)
{
    uint16_t stored[BLOCK_ROWS];
    block_store(sums, stored);
    for (; passing; passing &= passing - 1) {
        const size_t place = (size_t)__builtin_ctz(passing), row = block * BLOCK_ROWS + place;
        const float distance = fastscan_distance(query->table, stored[place]);
        if (!(distance <= heap_threshold(query->state))) continue;
        const uint32_t ordinal = job->ordinals ? job->ordinals[row] : job->first_ordinal + (uint32_t)row;
        heap_take(query->state, jade_topk_make_key(distance, ordinal));
    }
    query->limit = fastscan_limit(query->table, query->state);
}

JADE_INLINE void fastscan_offer(struct fastscan_query *queries, const size_t count, const size_t blocks,
                                const block_sums *sums, const struct fastscan_job *job, size_t block)
{
    JADE_UNROLL for (size_t q = 0; q < count; q++)
        JADE_UNROLL for (size_t b = 0; b < blocks; b++) {
            if (queries[q].limit < 0) continue;
            uint32_t passing = block_at_most(sums[q * blocks + b], (uint32_t)queries[q].limit);
            if (!passing) continue;
            passing &= fastscan_valid(job->rows, block + b);
            if (passing) FASTSCAN(take)(&queries[q], sums[q * blocks + b], passing, job, block + b);
        }
}

/// Blocks `block ..< end` for `count` queries (a constant).
JADE_INLINE void fastscan_group(struct fastscan_query *queries, const size_t count, const struct fastscan_job *job, size_t block,
                                size_t end)
{
    const size_t together = count == 1 ? FASTSCAN_BLOCKS : 1;
    const uint8_t *entries[FASTSCAN_QUERIES];
    block_sums sums[FASTSCAN_QUERIES * FASTSCAN_BLOCKS];
    JADE_UNROLL for (size_t q = 0; q < count; q++) entries[q] = queries[q].table->entries;
    for (; block + together <= end; block += together) {
        fastscan_blocks(fastscan_codes(job->rows, block), entries, job->rows->subspaces, count, together, true, sums);
        fastscan_offer(queries, count, together, sums, job, block);
    }
    for (; block < end; block++) {
        fastscan_blocks(fastscan_codes(job->rows, block), entries, job->rows->subspaces, count, 1, true, sums);
        fastscan_offer(queries, count, 1, sums, job, block);
    }
}

/// All queries over blocks that stay in the cache meanwhile.
JADE_INLINE void fastscan_chunk(const struct jade_pq4_table *tables, size_t count, const struct fastscan_job *job,
                                struct jade_topk *states, size_t from, size_t to)
{
    for (size_t first = 0; first < count;) {
        struct fastscan_query queries[FASTSCAN_QUERIES];
        const size_t left = count - first;
        const size_t taken = left >= FASTSCAN_QUERIES ? FASTSCAN_QUERIES : left >= 2 && FASTSCAN_QUERIES > 2 ? 2 : 1;
        for (size_t q = 0; q < taken; q++) {
            const struct jade_pq4_table *table = tables + first + q;
            queries[q] = (struct fastscan_query){table, states + first + q, fastscan_limit(table, states + first + q)};
        }
        if (taken == FASTSCAN_QUERIES) fastscan_group(queries, FASTSCAN_QUERIES, job, from, to);
        else if (taken == 1) fastscan_group(queries, 1, job, from, to);
        else fastscan_group(queries, FASTSCAN_QUERIES < 2 ? 1 : 2, job, from, to);
        first += taken;
    }
}

void FASTSCAN(search)(const struct jade_pq4_table *tables, size_t queries, const struct jade_pq4_blocks *rows,
                      const uint32_t *ordinals, uint32_t first_ordinal, struct jade_topk *states)
{
    const struct fastscan_job job = {rows, ordinals, first_ordinal};
    const size_t blocks = fastscan_block_count(rows), bytes = BLOCK_ROWS / 2 * rows->subspaces;
    const size_t chunk = queries == 1 || bytes == 0 ? blocks : bytes < FASTSCAN_CHUNK ? FASTSCAN_CHUNK / bytes : 1;
    for (size_t from = 0; from < blocks; from += chunk)
        fastscan_chunk(tables, queries, &job, states, from, blocks - from < chunk ? blocks : from + chunk);
}
JADE_REGION_END
