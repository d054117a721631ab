/// The part of a selection that every vector level shares.
#pragma once

#include "../shared/target.h"
#include "heap.h"

/// Offers the candidates of a block whose bit is set in `passing`; the threshold may fall on the way, and each is
/// compared again. Returns the threshold afterwards.
static inline float take_passing(struct jade_topk *state, const float *distances, const uint32_t *ordinals,
                                 uint32_t first_ordinal, size_t start, uint64_t passing)
{
    while (passing) {
        size_t i = start + (size_t)__builtin_ctzll(passing);
        passing &= passing - 1;
        heap_take(state, jade_topk_make_key(distances[i], ordinals ? ordinals[i] : first_ordinal + (uint32_t)i));
    }
    return heap_threshold(state);
}
