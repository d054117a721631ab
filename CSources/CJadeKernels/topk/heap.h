/// The binary heap of a selection, largest key at the root.
#pragma once

#include "../include/jade_topk.h"

/// What a candidate's distance may be at most to have a chance: the caller's limit, or the worst kept distance once the
/// heap is full. At equal distance the ordinal decides, so the comparison is "at most".
static inline float heap_threshold(const struct jade_topk *state)
{
    if (state->count < state->capacity || state->count == 0) return state->limit;
    float worst = jade_topk_key_distance(state->keys[0]);
    return worst < state->limit ? worst : state->limit;
}

static inline void heap_sift_up(jade_topk_key *keys, size_t hole, jade_topk_key key)
{
    while (hole > 0) {
        size_t parent = (hole - 1) / 2;
        if (keys[parent] >= key) break;
        keys[hole] = keys[parent];
        hole = parent;
    }
    keys[hole] = key;
}

/// Places `key` at the root of a heap of `count` keys whose root is free.
static inline void heap_sift_down(jade_topk_key *keys, size_t count, jade_topk_key key)
{
    size_t hole = 0;
    for (size_t child = 1; child < count; child = 2 * hole + 1) {
        if (child + 1 < count && keys[child + 1] > keys[child]) child++;
        if (keys[child] <= key) break;
        keys[hole] = keys[child];
        hole = child;
    }
    keys[hole] = key;
}

/// Takes a candidate whose distance is at most `heap_threshold`, unless it loses by its ordinal.
static inline void heap_take(struct jade_topk *state, jade_topk_key key)
{
    if (state->count < state->capacity)
        heap_sift_up(state->keys, state->count++, key);
    else if (state->capacity > 0 && key < state->keys[0])
        heap_sift_down(state->keys, state->count, key);
}
