/// Whole searches over codes, timed, for compare.py.
#pragma once

#include "../../kernels/native/bench.h"
#include "jade_dispatch.h"

/// The k closest of several queries.
struct selections {
    struct jade_topk *states;
    jade_topk_key *keys;
    size_t k;
};

struct selections selections_make(size_t count, size_t k);
void selections_reset(struct selections *selections, size_t count);
/// Writes the ordinals, closest first, k for each query; UINT32_MAX where there are fewer.
void selections_take(struct selections *selections, size_t count, uint32_t *ordinals);
void selections_free(struct selections *selections);

/// Searches `count` queries among `rows` rows of packed 4-bit product codes; nanoseconds of processor time. Centroids as in
/// jade_pq.h; `ordinals` receives k a query.
uint64_t jb_fastscan(uint32_t level, const float *centroids, size_t subspaces, size_t sub_dimension, const void *blocks, size_t rows,
                     const float *queries, size_t count, size_t k, uint32_t *ordinals);

/// The same over rows of 8-bit product codes, `subspaces` bytes each.
uint64_t jb_lookup(uint32_t level, const float *centroids, size_t subspaces, size_t sub_dimension, const void *codes, size_t rows,
                   const float *queries, size_t count, size_t k, uint32_t *ordinals);

/// RaBitQ codes of 1, 4 or 8 bits a component around `center`, rotated by `signs` (jade_rotate.h).
struct jb_rabitq {
    uint32_t level;
    uint32_t bits;
    /// Bits of a query's component, for rows of 1 bit.
    uint32_t query_bits;
    size_t dimension;
    size_t rounds;
    const uint8_t *signs;
    const float *center;
};

size_t jb_rabitq_bytes(const struct jb_rabitq *space);
/// Encodes `rows` rows of f32; nanoseconds of processor time.
uint64_t jb_rabitq_encode(const struct jb_rabitq *space, const float *values, size_t rows, void *codes);
/// Searches `count` queries of f32 among such codes by their estimates; nanoseconds of processor time.
uint64_t jb_rabitq_search(const struct jb_rabitq *space, const void *codes, size_t rows, const float *queries, size_t count, size_t k,
                          uint32_t *ordinals);
