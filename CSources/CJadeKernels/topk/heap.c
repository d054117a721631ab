#include "heap.h"

void jade_topk_offer(struct jade_topk *state, float distance, uint32_t ordinal)
{
    // False for NaN too.
    if (distance <= heap_threshold(state)) heap_take(state, jade_topk_make_key(distance, ordinal));
}

void jade_topk_sort(struct jade_topk *state)
{
    for (size_t count = state->count; count > 1; count--) {
        jade_topk_key largest = state->keys[0];
        heap_sift_down(state->keys, count - 1, state->keys[count - 1]);
        state->keys[count - 1] = largest;
    }
}
